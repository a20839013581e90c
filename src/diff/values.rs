//! Which values of an object are not as they were.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::align::gaps;
use super::path::{Path, Step, id};

/// A value that is not as it was.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Where.
    pub path: Path,
    /// How.
    pub change: Change,
}

/// How a value is not as it was.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// There was none.
    Added(Json),
    /// There is none any more.
    Removed(Json),
    /// It is another one.
    Changed {
        /// The old one.
        old: Json,
        /// The new one.
        new: Json,
    },
    /// Items of a list that it has as before stand in another order.
    Reordered {
        /// Their names in the old order.
        old: Vec<String>,
        /// Their names in the new order.
        new: Vec<String>,
    },
}

/// What tells the items of a list apart, by the list's name; the first that does, counts. Names come
/// first, as people know a port by its name, though it is the number that the API server goes by.
/// Source: `patchMergeKey` and `listMapKey` in k8s.io/api v0.36.3; definitions of external-secrets.
const KEYS: [(&str, &[&[&str]]); 8] = [
    ("data", &[&["secretKey"]]),
    ("hostAliases", &[&["ip"]]),
    ("ownerReferences", &[&["uid"]]),
    (
        "ports",
        &[
            &["name"],
            &["containerPort"],
            &["containerPort", "protocol"],
            &["port", "protocol"],
        ],
    ),
    ("topologySpreadConstraints", &[&["topologyKey"]]),
    ("volumeDevices", &[&["devicePath"]]),
    ("volumeMounts", &[&["mountPath"]]),
    ("rules", &[&["alert"], &["record"]]),
];
/// What tells the items of all other lists apart.
const NAME: &[&[&str]] = &[&["name"]];

/// What is different between `old` and `new`.
#[must_use]
pub fn fields(old: &Json, new: &Json) -> Vec<Field> {
    let mut found = Vec::new();
    compare(&Path::default(), old, new, &mut found);
    found
}

fn compare(path: &Path, old: &Json, new: &Json, found: &mut Vec<Field>) {
    match (old, new) {
        _ if old == new => {}
        (Json::Object(before), Json::Object(after)) => {
            let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
            for name in names {
                let path = path.then(Step::Field(name.clone()));
                one(path, before.get(name), after.get(name), found);
            }
        }
        (Json::Array(before), Json::Array(after)) => match keys(path, before, after) {
            Some(keys) => named(path, keys, before, after, found),
            None => unnamed(path, before, after, found),
        },
        _ => found.push(Field {
            path: path.clone(),
            change: Change::Changed {
                old: old.clone(),
                new: new.clone(),
            },
        }),
    }
}

/// Compares a value that may be in one state alone.
fn one(path: Path, old: Option<&Json>, new: Option<&Json>, found: &mut Vec<Field>) {
    let change = match (old, new) {
        (Some(old), Some(new)) => return compare(&path, old, new, found),
        (None, Some(new)) => Change::Added(new.clone()),
        (Some(old), None) => Change::Removed(old.clone()),
        (None, None) => return,
    };
    found.push(Field { path, change });
}

/// What tells the items of both lists at `path` apart, if anything does.
fn keys(path: &Path, old: &[Json], new: &[Json]) -> Option<&'static [&'static str]> {
    let name = match path.0.last() {
        Some(Step::Field(name)) => name.as_str(),
        _ => "",
    };
    let known = KEYS.iter().find(|(list, _)| *list == name);
    let candidates = known.map_or(NAME, |(_, candidates)| candidates);
    let tells = |items: &[Json], keys: &[&str]| {
        let ids: Option<BTreeSet<String>> = items.iter().map(|item| id(item, keys)).collect();
        ids.is_some_and(|ids| ids.len() == items.len())
    };
    let mut candidates = candidates.iter().copied();
    candidates.find(|keys| tells(old, keys) && tells(new, keys))
}

fn named(
    path: &Path,
    keys: &'static [&'static str],
    old: &[Json],
    new: &[Json],
    found: &mut Vec<Field>,
) {
    let (before, after) = (by_id(old, keys), by_id(new, keys));
    let gone = old.iter().filter_map(|item| id(item, keys));
    let gone = gone.filter(|id| !after.contains_key(id));
    for id in new.iter().filter_map(|item| id(item, keys)).chain(gone) {
        let (old, new) = (before.get(&id).copied(), after.get(&id).copied());
        one(path.then(Step::Item { keys, id }), old, new, found);
    }
    let kept = |items: &[Json], others: &BTreeMap<String, &Json>| -> Vec<String> {
        let ids = items.iter().filter_map(|item| id(item, keys));
        ids.filter(|id| others.contains_key(id)).collect()
    };
    let (old, new) = (kept(old, &after), kept(new, &before));
    if old != new {
        found.push(Field {
            path: path.clone(),
            change: Change::Reordered { old, new },
        });
    }
}

fn by_id<'j>(items: &'j [Json], keys: &[&str]) -> BTreeMap<String, &'j Json> {
    let items = items.iter();
    items
        .filter_map(|item| Some((id(item, keys)?, item)))
        .collect()
}

fn unnamed(path: &Path, old: &[Json], new: &[Json], found: &mut Vec<Field>) {
    for gap in gaps(old, new) {
        let (mut before, mut after) = (gap.old, gap.new);
        loop {
            let (i, j) = (before.next(), after.next());
            let (left, right) = (i.and_then(|i| old.get(i)), j.and_then(|j| new.get(j)));
            let step = |old, new| path.then(Step::Index { old, new });
            match (left, right) {
                (None, None) => break,
                (Some(left), Some(right)) if !is_same_thing(left, right) => {
                    one(step(i, None), Some(left), None, found);
                    one(step(None, j), None, Some(right), found);
                }
                _ => one(step(i, j), left, right, found),
            }
        }
    }
}

/// Whether two items of lists without names are better compared than exchanged.
fn is_same_thing(old: &Json, new: &Json) -> bool {
    match (old, new) {
        (Json::Object(old), Json::Object(new)) => {
            old.iter().any(|(name, value)| new.get(name) == Some(value))
        }
        _ => true,
    }
}
