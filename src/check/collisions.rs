//! Two sets that would write one object.

use std::collections::HashMap;

use crate::model::Set;
use crate::problem::{Code, Problem, Problems};
use crate::resources::objects;
use crate::source::Place;

/// Refuses sets that share the id of an object: the API server would keep the one applied last.
/// Each set comes with the place where it stands.
pub fn collisions<'s>(
    sets: impl Iterator<Item = (&'s Set, Place)> + Clone,
    problems: &mut Problems,
) {
    if sets.clone().nth(1).is_none() {
        return;
    }
    let mut seen = HashMap::new();
    for (index, (set, place)) in sets.enumerate() {
        for object in objects(set) {
            let id = (
                object.kind(),
                object.namespace().to_owned(),
                object.name().to_owned(),
            );
            let Some((first, first_place)) = seen.insert(id.clone(), (index, place)) else {
                continue;
            };
            if first == index {
                continue;
            }
            let (kind, _, name) = id;
            problems.push(
                Problem::error(
                    Code::NameCollision,
                    place,
                    format!("two sets write the {kind} `{name}`"),
                )
                .related(first_place, "the first set")
                .help("give the sets different names, and their servers different names or a `namePrefix`"),
            );
        }
    }
}
