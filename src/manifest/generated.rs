//! Trees of objects that mcpset made itself.
//!
//! Such an object stands in no text. Its values are numbered instead, and only when a rule points at
//! one is the number turned into a path, and the path into the place of the config that it comes
//! from: most bundles have nothing to point at.

use serde::Serialize;
use serde_json::Value as Json;

use crate::source::Place;
use crate::yaml::{Entry, Node, Scalar, Style, Value};

/// The source of places that are numbers.
pub const GENERATED: u32 = u32::MAX;

/// The tree of `object`, the `index`th that was made.
#[must_use]
pub fn tree(object: &impl Serialize, index: u32) -> Node {
    // Maps of our objects have text for keys, and nothing else of them can fail.
    let value = serde_json::to_value(object).unwrap_or_default();
    Numbering { index, number: 0 }.node(value)
}

struct Numbering {
    index: u32,
    number: u32,
}

impl Numbering {
    fn node(&mut self, value: Json) -> Node {
        let place = Place {
            source: GENERATED,
            start: self.index,
            end: self.number,
        };
        self.number += 1;
        let plain = |text: String| {
            Value::Scalar(Scalar {
                text,
                style: Style::Plain,
            })
        };
        let value = match value {
            Json::Null => plain("null".into()),
            Json::Bool(value) => plain(value.to_string()),
            Json::Number(value) => plain(value.to_string()),
            Json::String(text) => Value::Scalar(Scalar {
                text,
                style: Style::Text,
            }),
            Json::Array(items) => {
                Value::Sequence(items.into_iter().map(|item| self.node(item)).collect())
            }
            Json::Object(entries) => {
                let entries = entries.into_iter().map(|(key, value)| Entry {
                    key: Node {
                        place,
                        value: Value::Scalar(Scalar {
                            text: key,
                            style: Style::Text,
                        }),
                    },
                    value: self.node(value),
                });
                Value::Mapping(entries.collect())
            }
        };
        Node { place, value }
    }
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
