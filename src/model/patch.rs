//! What a person changes in an object of a server, in the words of its manifest.

use serde_json::Value as Json;

use crate::source::Place;

/// The last word on one kind of a server's objects.
#[derive(Debug, Clone)]
pub struct Patch {
    /// The kind.
    pub kind: &'static str,
    /// The namespace of the objects; `None` for any.
    pub namespace: Option<String>,
    /// Where the kind is written.
    pub place: Place,
    /// Whether it is one of the defaults, for every server that has such an object.
    pub is_for_all: bool,
    /// What is different.
    pub change: Change,
}

impl Patch {
    /// Whether it is about the object of `kind` in `namespace`.
    #[must_use]
    pub fn is_of(&self, kind: &str, namespace: &str) -> bool {
        self.kind == kind && self.namespace.as_ref().is_none_or(|own| own == namespace)
    }
}

/// A value of a patch.
#[derive(Debug, Clone)]
pub struct Change {
    /// Where it is written.
    pub place: Place,
    /// What becomes of the value of the object.
    pub to: Changed,
}

/// What becomes of a value.
#[derive(Debug, Clone)]
pub enum Changed {
    /// It is removed: `null`.
    Removed,
    /// It is this one.
    Scalar(Json),
    /// It is merged with these items, or is these items.
    List(Vec<Change>),
    /// It is merged with these fields.
    Mapping {
        /// What else is done with it.
        directive: Option<Directive>,
        /// The fields.
        fields: Vec<(String, Change)>,
    },
}

/// What `$patch` says of the mapping that it stands in; of an item of a list, of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Directive {
    /// It is removed.
    Delete,
    /// It is the rest of the patch alone.
    Replace,
}
