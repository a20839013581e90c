//! What is different, for programs.

use serde::Serialize;
use serde_json::Value as Json;

use crate::diff::hidden::{is_hidden, shown};
use crate::diff::{Change, Difference, Effect, Field, How, Outcome};
use crate::json::pretty;
use crate::report::json::Object;

/// The form of the report; it grows when a field changes its meaning.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Report<'r> {
    version: u32,
    summary: Summary,
    objects: Vec<Changed<'r>>,
    effects: Vec<Happens<'r>>,
}

#[derive(Serialize, Default)]
struct Summary {
    added: usize,
    removed: usize,
    changed: usize,
    recreate: usize,
    restart: usize,
    stale: usize,
}

#[derive(Serialize)]
struct Changed<'r> {
    change: &'static str,
    #[serde(flatten)]
    object: Object<'r>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fields: Vec<Value>,
}

/// `old` and `new` are absent where there is no such value; of a list in another order they are the names
/// of its items.
#[derive(Serialize)]
struct Value {
    path: String,
    change: &'static str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    hidden: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    old: Option<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    new: Option<Json>,
}

#[derive(Serialize)]
struct Happens<'r> {
    effect: &'static str,
    #[serde(flatten)]
    object: Object<'r>,
    reason: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    command: Option<&'r str>,
}

/// `difference` as one JSON object.
#[must_use]
pub fn render(difference: &Difference) -> String {
    let mut summary = Summary::default();
    for changed in &difference.objects {
        *match changed.how {
            How::Added => &mut summary.added,
            How::Removed => &mut summary.removed,
            How::Changed(_) => &mut summary.changed,
        } += 1;
    }
    for effect in &difference.effects {
        *match effect.outcome {
            Outcome::Recreate => &mut summary.recreate,
            Outcome::Restart => &mut summary.restart,
            Outcome::Stale => &mut summary.stale,
        } += 1;
    }
    let objects = difference.objects.iter().map(|changed| {
        let (change, fields) = match &changed.how {
            How::Added => ("added", Vec::new()),
            How::Removed => ("removed", Vec::new()),
            How::Changed(fields) => ("changed", fields.iter().map(value).collect()),
        };
        Changed {
            change,
            object: Object::from(&changed.object),
            fields,
        }
    });
    pretty(&Report {
        version: VERSION,
        summary,
        objects: objects.collect(),
        effects: difference.effects.iter().map(happens).collect(),
    })
}

fn value(field: &Field) -> Value {
    let names = |names: &[String]| names.iter().map(String::as_str).map(Json::from).collect();
    let (change, old, new): (_, Option<Json>, Option<Json>) = match &field.change {
        Change::Added(new) => ("added", None, Some(new.clone())),
        Change::Removed(old) => ("removed", Some(old.clone()), None),
        Change::Changed { old, new } => ("changed", Some(old.clone()), Some(new.clone())),
        Change::Reordered { old, new } => ("reordered", Some(names(old)), Some(names(new))),
    };
    Value {
        path: field.path.to_string(),
        change,
        hidden: old.iter().chain(&new).any(is_hidden),
        old: old.as_ref().map(shown),
        new: new.as_ref().map(shown),
    }
}

fn happens(effect: &Effect) -> Happens<'_> {
    Happens {
        effect: effect.outcome.as_str(),
        object: Object::from(&effect.object),
        reason: &effect.reason,
        command: effect.command.as_deref(),
    }
}
