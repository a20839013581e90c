//! What is different between two states of a cluster, as manifests describe them, and what that does to
//! the pods that run.
//!
//! Values are compared as the API server takes them, not as texts: neither the order of keys nor quotes
//! are a difference. Items of lists are told apart by what names them, as the API server does it, so that
//! one more variable is one difference. The order of a list is its own: pods restart for it, too.
//!
//! No value of a Secret gets as far as a difference: see [`hidden`].

mod align;
mod effects;
pub mod hidden;
mod immutable;
mod path;
mod reads;
mod values;

use std::collections::HashMap;

use serde_json::Value as Json;

pub use effects::{Effect, Outcome};
pub use path::{Path, Step};
pub use values::{Change, Field, fields};

pub use align::{Gap, gaps};

use crate::manifest::{Object, json};
use crate::problem::ObjectRef;

/// What is different.
#[derive(Debug)]
pub struct Difference {
    /// Objects that are not as they were: those of the new state in its order, then those that are gone.
    pub objects: Vec<Changed>,
    /// What that does, when the new state is applied.
    pub effects: Vec<Effect>,
}

/// An object that is not as it was.
#[derive(Debug)]
pub struct Changed {
    /// Which.
    pub object: ObjectRef,
    /// How.
    pub how: How,
}

/// How an object is not as it was.
#[derive(Debug)]
pub enum How {
    /// There was none of this kind and name.
    Added,
    /// There is none any more.
    Removed,
    /// It has other values.
    Changed(Vec<Field>),
}

/// An object in both states, with what is different of it.
struct Pair<'m> {
    old: &'m Object,
    new: &'m Object,
    fields: Vec<Field>,
}

/// What tells an object from all others: its group, kind, namespace and name. Its version does not.
pub type Id<'m> = (&'m str, &'m str, &'m str, &'m str);

/// What tells `object` from all others.
#[must_use]
pub fn id(object: &Object) -> Id<'_> {
    let (kind, namespace, name) = object.id();
    (object.group(), kind, namespace, name)
}

/// What is different between `old` and `new`, in neither of which an object stands twice.
#[must_use]
pub fn difference(old: &[Object], new: &[Object]) -> Difference {
    let mut before: HashMap<Id<'_>, &Object> =
        old.iter().map(|object| (id(object), object)).collect();
    let mut objects = Vec::new();
    let mut pairs = Vec::new();
    let mut kept = Vec::new();
    for object in new {
        let Some(old) = before.remove(&id(object)) else {
            objects.push(Changed {
                object: object.reference(),
                how: How::Added,
            });
            continue;
        };
        kept.push(object);
        let fields = fields(&value(old), &value(object));
        if !fields.is_empty() {
            objects.push(Changed {
                object: object.reference(),
                how: How::Changed(fields.clone()),
            });
            pairs.push(Pair {
                old,
                new: object,
                fields,
            });
        }
    }
    let gone = old.iter().filter(|object| before.contains_key(&id(object)));
    objects.extend(gone.map(|object| Changed {
        object: object.reference(),
        how: How::Removed,
    }));
    Difference {
        effects: effects::effects(&pairs, &kept),
        objects,
    }
}

/// The values of `object` that are compared, and may be shown.
fn value(object: &Object) -> Json {
    let mut value = json(object.root());
    without_nulls(&mut value);
    hidden::hide(&mut value);
    value
}

/// Takes fields without a value away, as the API server does.
fn without_nulls(value: &mut Json) {
    match value {
        Json::Object(fields) => {
            fields.retain(|_, value| !value.is_null());
            fields.values_mut().for_each(without_nulls);
        }
        Json::Array(items) => items.iter_mut().for_each(without_nulls),
        _ => {}
    }
}
