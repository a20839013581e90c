//! Two sets that would write one object.

use std::collections::{BTreeMap, HashMap};

use crate::model::Set;
use crate::problem::{Code, Problem, Problems};
use crate::resources::objects;
use crate::source::Place;

use super::registrations;

/// Refuses sets that share the id of an object, as the API server would keep the one applied last,
/// or a name in one proxy.
/// Each set comes with the place where it stands. Two sets are told once, whatever they share.
pub fn collisions<'s>(
    sets: impl Iterator<Item = (&'s Set, Place)> + Clone,
    problems: &mut Problems,
) {
    if sets.clone().nth(1).is_none() {
        return;
    }
    let mut seen = HashMap::new();
    let mut shared: BTreeMap<(usize, usize), (Place, Place, Vec<String>)> = BTreeMap::new();
    for (index, (set, place)) in sets.clone().enumerate() {
        for object in objects(set) {
            let name = format!("{} `{}`", object.kind(), object.name());
            let id = (object.namespace().to_owned(), name.clone());
            let (first, first_place) = *seen.entry(id).or_insert((index, place));
            if first != index {
                let pair = shared.entry((first, index));
                let (.., names) = pair.or_insert_with(|| (first_place, place, Vec::new()));
                names.push(name);
            }
        }
    }
    let told: Vec<_> = shared
        .values()
        .map(|(first, second, _)| (*first, *second))
        .collect();
    registrations(sets, &told, problems);
    for (first, second, names) in shared.into_values() {
        let others = match names.len() {
            0 | 1 => String::new(),
            2 => " and another object".into(),
            number => format!(" and {} other objects", number - 1),
        };
        let name = names.first().map_or("", String::as_str);
        problems.push(
            Problem::error(
                Code::NameCollision,
                second,
                format!("two sets write the {name}{others}"),
            )
            .related(first, "the first set")
            .help("give the sets different names, as what they bring to monitoring shares a namespace; and their servers different names or a `namePrefix`"),
        );
    }
}
