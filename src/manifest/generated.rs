//! Trees of objects that mcpset made itself.
//!
//! Such an object stands in no text. Its values are numbered instead, and only when a rule points at
//! one is the number turned into a path, and the path into the place of the config that it comes
//! from: most bundles have nothing to point at.

use serde::Serialize;

use crate::source::Place;
use crate::yaml::{Node, Value, encode};

/// The source of places that are numbers.
pub const GENERATED: u32 = u32::MAX;

/// The place of the first value in the objects of number `index`: one object, or some that were made one
/// after the other.
#[must_use]
pub fn first(index: u32) -> Place {
    Place {
        source: GENERATED,
        start: index,
        end: 0,
    }
}

/// The tree of `object`, whose values are numbered from `next` on; `None` for what manifests do not hold,
/// which is no object of ours.
#[must_use]
pub fn tree(object: &impl Serialize, next: &mut Place) -> Option<Node> {
    encode(object, next)
}

/// The keys on the way from `root` to the value with this `place`; items of lists have their index.
#[must_use]
pub fn path_of(root: &Node, place: Place) -> Option<Vec<String>> {
    if root.place == place {
        return Some(Vec::new());
    }
    let within = |step: String, node: &Node| {
        let mut path = path_of(node, place)?;
        path.insert(0, step);
        Some(path)
    };
    match &root.value {
        Value::Scalar(_) => None,
        Value::Sequence(items) => items
            .iter()
            .enumerate()
            .find_map(|(index, item)| within(index.to_string(), item)),
        Value::Mapping(entries) => entries
            .iter()
            .find_map(|entry| within(entry.name().to_owned(), &entry.value)),
    }
}
