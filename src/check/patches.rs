//! Patches that do not apply to any object, or change nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::validation::{self, Said, Step, said, violations};
use crate::model::{Patch, Server, Set};
use crate::problem::{Code, Problem, Problems};
use crate::resources::{Object, apply, owned};
use crate::source::Place;
use crate::yaml::Encoded;

/// What is known of one server's patches.
#[derive(Default)]
struct Known {
    /// The kinds of its objects.
    kinds: BTreeSet<&'static str>,
    /// By the position of a patch: whether it changed something, or was told not to apply.
    met: BTreeMap<usize, bool>,
}

/// Refuses patches that do not apply to the objects of `set`, or change nothing of them.
pub fn patches(set: &Set, problems: &mut Problems) {
    if set.servers.iter().all(|server| server.patches.is_empty()) {
        return;
    }
    let mut known: BTreeMap<&str, Known> = BTreeMap::new();
    for (server, object) in owned(set) {
        if let Some(server) = server.filter(|server| !server.patches.is_empty()) {
            let known = known.entry(&server.name).or_default();
            known.kinds.insert(object.kind());
            try_all(server, object, known, problems);
        }
    }
    // One for all servers need not be about each.
    let mut for_all: BTreeMap<Place, (bool, Problem)> = BTreeMap::new();
    for server in &set.servers {
        let Some(known) = known.get(server.name.as_str()) else {
            continue;
        };
        for (position, patch) in server.patches.iter().enumerate() {
            let problem = match known.met.get(&position) {
                None => of_nothing(server, patch, &known.kinds),
                Some(false) => changes_nothing(patch),
                Some(true) => {
                    if patch.is_for_all {
                        for_all.insert(patch.place, (true, changes_nothing(patch)));
                    }
                    continue;
                }
            };
            if patch.is_for_all {
                for_all.entry(patch.place).or_insert((false, problem));
            } else {
                problems.push(problem);
            }
        }
    }
    for (_, (is_met, problem)) in for_all {
        if !is_met {
            problems.push(problem);
        }
    }
}

fn try_all(server: &Server, mut object: Object, known: &mut Known, problems: &mut Problems) {
    let (mut applied, mut is_whole) = (Vec::new(), true);
    for (position, patch) in server.patches.iter().enumerate() {
        if !patch.is_of(object.kind(), object.namespace()) {
            continue;
        }
        let met = known.met.entry(position).or_default();
        match apply(&object, patch) {
            Ok(new) => {
                let text = |object: &Object| serde_json::to_value(Encoded::of(object)).ok();
                *met |= text(&new) != text(&object);
                object = new;
                applied.push(patch);
            }
            Err(problem) => {
                *met = true;
                problems.push(*problem);
                is_whole = false;
            }
        }
    }
    if is_whole && !applied.is_empty() {
        validate(&object, &applied, problems);
    }
}

/// Refuses what the API server has against `object`, where the last of `patches` says it.
fn validate(object: &Object, patches: &[&Patch], problems: &mut Problems) {
    let Ok(object_text) = serde_json::to_value(Encoded::of(object)) else {
        return;
    };
    for violation in violations(object.kind(), &object_text) {
        let said_at = |steps: &Vec<Step>| {
            let said = patches.iter().map(|patch| said(patch, &object_text, steps));
            said.max_by_key(Said::rank)
        };
        let ways = [Some(&violation.path), violation.beside.as_ref()];
        let said = ways
            .into_iter()
            .flatten()
            .rev()
            .filter_map(|steps| Some((steps, said_at(steps)?)));
        let Some((steps, said)) = said.max_by_key(|(_, said)| said.rank()) else {
            return;
        };
        let path = validation::Path(steps);
        let message = format!("an API server refuses `{path}`: {}", violation.why.problem);
        problems
            .push(Problem::error(Code::InvalidValue, said.place, message).help(violation.why.help));
    }
}

fn of_nothing(server: &Server, patch: &Patch, kinds: &BTreeSet<&'static str>) -> Problem {
    let kind = patch.kind;
    let name = &server.name;
    if let Some(namespace) = patch.namespace.as_ref().filter(|_| kinds.contains(kind)) {
        let own = server.api.iter().flat_map(|access| access.inside.keys());
        let own: Vec<String> = own.map(|namespace| format!("`{namespace}`")).collect();
        return Problem::error(
            Code::InvalidValue,
            patch.place,
            format!("the server `{name}` has no {kind} in `{namespace}`"),
        )
        .help(format!("name one of {}, or none for all", own.join(", ")));
    }
    let kinds: Vec<&str> = kinds.iter().copied().collect();
    Problem::error(
        Code::InvalidValue,
        patch.place,
        format!("the server `{name}` has no {kind} to be patched"),
    )
    .help(format!("it has these: {}", kinds.join(", ")))
}

fn changes_nothing(patch: &Patch) -> Problem {
    Problem::error(
        Code::InvalidValue,
        patch.place,
        format!(
            "this patch changes nothing: the {} is so already",
            patch.kind
        ),
    )
    .help("remove the patch, or write what is different")
}
