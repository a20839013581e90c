//! Reading a mapping of which more is in the source than is known here.
//!
//! Every key that is asked for counts as understood. What was never asked for when all is read is
//! lost, and named: so nothing of a source disappears in silence, and no second list of its fields has
//! to be kept.

use std::collections::BTreeSet;

use crate::source::Place;
use crate::yaml::{Entry, Node, Plain, Scalar, Style, Value, read_plain};

/// A mapping that is being read.
#[derive(Debug)]
pub struct Fields<'n> {
    entries: &'n [Entry],
    path: String,
    /// Where it stands.
    pub place: Place,
    known: BTreeSet<&'n str>,
    lost: Vec<String>,
}

impl<'n> Fields<'n> {
    /// The mapping `node`, or an empty one; `path` is what its fields are called by.
    #[must_use]
    pub fn new(node: &'n Node, path: &str) -> Self {
        Self {
            entries: node.entries(),
            path: path.to_owned(),
            place: node.place,
            known: BTreeSet::new(),
            lost: Vec::new(),
        }
    }

    /// The entry `key`, also where it is spelled `with_underscores`, if it has a value.
    fn find(&self, key: &str) -> Option<&'n Entry> {
        let by = |name: &str| self.entries.iter().find(|entry| entry.name() == name);
        let entry = by(key).or_else(|| by(&snake(key)))?;
        Some(entry)
    }

    /// The value of `key`, if it is one that `is` takes.
    fn take(&mut self, key: &str, is: impl FnOnce(&Value) -> bool) -> Option<&'n Node> {
        let entry = self.find(key)?;
        let is_null = entry.value.is_null();
        if !is_null && !is(&entry.value.value) {
            return None;
        }
        self.known.insert(entry.name());
        (!is_null).then_some(&entry.value)
    }

    /// The value of `key`, whatever it is.
    pub fn node(&mut self, key: &str) -> Option<&'n Node> {
        self.take(key, |_| true)
    }

    /// The text, number or boolean of `key`, as it is spelled.
    pub fn text(&mut self, key: &str) -> Option<&'n str> {
        self.take(key, |value| matches!(value, Value::Scalar(_)))?
            .text()
    }

    /// The whole number of `key`, also where it is quoted.
    pub fn number(&mut self, key: &str) -> Option<i64> {
        self.take(key, |value| match value {
            Value::Scalar(scalar) => scalar.text.parse::<i64>().is_ok(),
            _ => false,
        })?
        .text()?
        .parse()
        .ok()
    }

    /// Whether `key` is `true`.
    pub fn flag(&mut self, key: &str) -> Option<bool> {
        let node = self.take(key, |value| boolean(value).is_some())?;
        boolean(&node.value)
    }

    /// The mapping of `key`; give it back to [`Fields::absorb`].
    pub fn map(&mut self, key: &str) -> Option<Self> {
        let node = self.take(key, |value| matches!(value, Value::Mapping(_)))?;
        Some(Self::new(node, &self.inside(key)))
    }

    /// The items of the list `key`.
    pub fn items(&mut self, key: &str) -> &'n [Node] {
        match self.take(key, |value| matches!(value, Value::Sequence(_))) {
            Some(Node {
                value: Value::Sequence(items),
                ..
            }) => items,
            _ => &[],
        }
    }

    /// The texts of the list `key`; its other items are lost.
    pub fn texts(&mut self, key: &str) -> Vec<&'n Node> {
        let (texts, others): (Vec<_>, Vec<_>) = self
            .items(key)
            .iter()
            .partition(|item| matches!(item.value, Value::Scalar(_)));
        if !others.is_empty() {
            self.lost.push(self.inside(key));
        }
        texts
    }

    /// The entries of the mapping `key`.
    pub fn entries(&mut self, key: &str) -> &'n [Entry] {
        match self.take(key, |value| matches!(value, Value::Mapping(_))) {
            Some(Node {
                value: Value::Mapping(entries),
                ..
            }) => entries,
            _ => &[],
        }
    }

    /// Takes `keys` for understood: they mean nothing here, or what mcpset does anyway.
    pub fn skip(&mut self, keys: &[&str]) {
        for key in keys {
            self.take(key, |_| true);
        }
    }

    /// Takes over what of `child` was lost.
    pub fn absorb(&mut self, child: Self) {
        self.lost.extend(child.close());
    }

    /// The names of what was not understood, in the order of the source.
    #[must_use]
    pub fn close(self) -> Vec<String> {
        let unknown = self.entries.iter().filter(|entry| {
            !entry.value.is_null() && !is_empty(&entry.value) && !self.known.contains(entry.name())
        });
        let mut lost: Vec<String> = unknown.map(|entry| self.inside(entry.name())).collect();
        lost.extend(self.lost.iter().cloned());
        lost
    }

    /// What the field `key` is called.
    fn inside(&self, key: &str) -> String {
        if self.path.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.path)
        }
    }
}

fn boolean(value: &Value) -> Option<bool> {
    match value {
        Value::Scalar(Scalar {
            text,
            style: Style::Plain,
        }) => match read_plain(text) {
            Plain::Bool(value) => Some(value),
            _ => None,
        },
        _ => None,
    }
}

/// Whether `node` holds nothing that could be lost.
fn is_empty(node: &Node) -> bool {
    match &node.value {
        Value::Scalar(scalar) => scalar.text.is_empty(),
        Value::Sequence(items) => items.is_empty(),
        Value::Mapping(entries) => entries.is_empty(),
    }
}

/// `registryType` as the registry's first schemas spelled it: `registry_type`.
fn snake(key: &str) -> String {
    let mut name = String::with_capacity(key.len() + 4);
    for character in key.chars() {
        if character.is_ascii_uppercase() {
            name.push('_');
        }
        name.push(character.to_ascii_lowercase());
    }
    name
}
