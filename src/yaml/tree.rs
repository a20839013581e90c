//! A YAML document as a tree in which every value knows its place and its spelling.

use smol_str::SmolStr;

use crate::source::Place;

/// One value and where it stands.
#[derive(Debug, Clone)]
pub struct Node {
    /// A scalar's own text; of a mapping or list, where its first entry begins.
    pub place: Place,
    /// What stands there.
    pub value: Value,
}

/// What a node is.
#[derive(Debug, Clone)]
pub enum Value {
    /// A string, number, boolean or null; its spelling decides.
    Scalar(Scalar),
    /// A list.
    Sequence(Vec<Node>),
    /// A mapping, in the order of the text, keys unique.
    Mapping(Vec<Entry>),
}

/// One key and its value.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The key, always a scalar.
    pub key: Node,
    /// The value.
    pub value: Node,
}

/// A scalar as it was spelled.
#[derive(Debug, Clone)]
pub struct Scalar {
    /// The text after YAML's escapes.
    pub text: SmolStr,
    /// Whether its spelling leaves its type open.
    pub style: Style,
}

/// How a scalar was spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Without quotes: readers guess a type from the text.
    Plain,
    /// Quoted, a block, or tagged `!!str`: text and nothing else.
    Text,
}

impl Node {
    /// The value under `key`, when this is a mapping that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        match &self.value {
            Value::Mapping(entries) => entries
                .iter()
                .find(|entry| entry.name() == key)
                .map(|entry| &entry.value),
            Value::Scalar(_) | Value::Sequence(_) => None,
        }
    }

    /// The entries of a mapping; none of anything else.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Mapping(entries) => entries,
            Value::Scalar(_) | Value::Sequence(_) => &[],
        }
    }

    /// The text of a scalar.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(scalar) => Some(&scalar.text),
            Value::Sequence(_) | Value::Mapping(_) => None,
        }
    }

    /// The kind of value in a person's words, with its article.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match &self.value {
            Value::Scalar(scalar) => scalar.kind(),
            Value::Sequence(_) => "a list",
            Value::Mapping(_) => "a mapping",
        }
    }

    /// Says of this node and all below it that they stand at `place`.
    pub fn move_to(&mut self, place: Place) {
        self.place = place;
        match &mut self.value {
            Value::Scalar(_) => {}
            Value::Sequence(items) => items.iter_mut().for_each(|item| item.move_to(place)),
            Value::Mapping(entries) => {
                for entry in entries {
                    entry.key.move_to(place);
                    entry.value.move_to(place);
                }
            }
        }
    }

    /// Whether every reader takes this for null.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(&self.value, Value::Scalar(scalar) if scalar.is_null())
    }
}

impl Entry {
    /// The key's text.
    #[inline]
    #[must_use]
    pub fn name(&self) -> &str {
        match &self.key.value {
            Value::Scalar(scalar) => &scalar.text,
            Value::Sequence(_) | Value::Mapping(_) => "",
        }
    }
}

impl Scalar {
    /// Whether every reader takes this for null.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.style == Style::Plain && super::plain::is_null(&self.text)
    }

    fn kind(&self) -> &'static str {
        use super::Plain;
        if self.style == Style::Text {
            return "text";
        }
        match super::read_plain(&self.text) {
            Plain::Null => "nothing",
            Plain::Bool(_) => "a boolean",
            Plain::Integer | Plain::Float => "a number",
            Plain::Text | Plain::Ambiguous(_) => "text",
        }
    }
}
