//! A value in an object, or the place where it is missing.

use memchr::arch::all::is_equal;

use super::GENERATED;
use crate::source::Place;
use crate::yaml::{Entry, Node, Style, Value};

/// A value, or the place of what should hold it. Rules ask for many and show few: of places it is only known
/// where to look.
#[derive(Debug, Clone, Copy)]
pub struct At<'m> {
    /// The value, be it null.
    node: Option<&'m Node>,
    holder: Holder<'m>,
}

/// What shows that something is missing in it.
#[derive(Debug, Clone, Copy)]
enum Holder<'m> {
    /// A value, by its first character.
    Node(&'m Node),
    /// The value of an entry, by its key: the value itself begins with another key, of which nothing is to be
    /// said.
    Entry(&'m Entry),
}

impl Holder<'_> {
    fn place(self) -> Place {
        match self {
            Self::Entry(entry) if entry.value.place.source != GENERATED => entry.key.place,
            Self::Entry(Entry { value: node, .. }) | Self::Node(node) => beginning(node.place),
        }
    }
}

impl<'m> At<'m> {
    /// The value `node`.
    #[must_use]
    pub fn new(node: &'m Node) -> Self {
        Self {
            node: Some(node),
            holder: Holder::Node(node),
        }
    }

    fn of(entry: &'m Entry) -> Self {
        Self {
            node: Some(&entry.value),
            holder: Holder::Entry(entry),
        }
    }

    /// Where it is, or where it is missing.
    #[must_use]
    pub fn place(self) -> Place {
        self.node
            .map_or_else(|| self.holder.place(), |node| node.place)
    }

    /// The value, when it is there.
    #[must_use]
    pub fn node(self) -> Option<&'m Node> {
        self.node.filter(|node| !node.is_null())
    }

    /// Whether it is there; null is not.
    #[must_use]
    pub fn exists(self) -> bool {
        self.node().is_some()
    }

    /// The field `key`.
    #[must_use]
    pub fn get(self, key: &str) -> Self {
        self.field(key.as_bytes())
    }

    /// The field at the end of `path`: `spec.template.spec`.
    #[must_use]
    pub fn at(self, path: &str) -> Self {
        let keys = path.as_bytes().split(|byte| *byte == b'.');
        keys.fold(self, At::field)
    }

    fn field(self, key: &[u8]) -> Self {
        let mut entries = match self.node.map(|node| &node.value) {
            Some(Value::Mapping(entries)) => entries.iter(),
            _ => [].iter(),
        };
        let named = |entry: &&Entry| is_equal(entry.name().as_bytes(), key);
        entries
            .find(named)
            .map_or(Self { node: None, ..self }, At::of)
    }

    /// The items of a list; none of anything else.
    pub fn items(self) -> impl Iterator<Item = At<'m>> + Clone {
        let items = match self.node.map(|node| &node.value) {
            Some(Value::Sequence(items)) => items.as_slice(),
            _ => &[],
        };
        items.iter().map(At::new)
    }

    /// The entries of a mapping; none of anything else.
    pub fn entries(self) -> impl Iterator<Item = (&'m str, At<'m>)> + Clone {
        let entries = self.node.map_or(&[][..], Node::entries);
        entries.iter().map(|entry| (entry.name(), At::of(entry)))
    }

    /// The text of a scalar, a number's or boolean's spelling included.
    #[must_use]
    pub fn text(self) -> Option<&'m str> {
        self.node()?.text()
    }

    /// The whole number that every reader takes it for.
    #[must_use]
    pub fn number(self) -> Option<i64> {
        match &self.node?.value {
            Value::Scalar(scalar) if scalar.style == Style::Plain => scalar.text.parse().ok(),
            _ => None,
        }
    }

    /// The boolean that every reader takes it for.
    #[must_use]
    pub fn boolean(self) -> Option<bool> {
        match &self.node?.value {
            Value::Scalar(scalar) if scalar.style == Style::Plain => match &*scalar.text {
                "true" => Some(true),
                "false" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether it is the boolean `true`.
    #[must_use]
    pub fn is_true(self) -> bool {
        self.boolean() == Some(true)
    }
}

/// The first character at `place`; all of a place that is a number.
fn beginning(place: Place) -> Place {
    if place.source == GENERATED {
        return place;
    }
    Place {
        end: place.end.min(place.start.saturating_add(1)),
        ..place
    }
}
