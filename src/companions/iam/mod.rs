//! The IAM roles of a set: documents, commands that make them, objects from which ACK makes them.

mod ack;
mod commands;
mod document;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::iam::Role;

pub use ack::{AckObject, objects};
pub use commands::commands;
pub use document::{Document, permissions, trust};

/// Characters of a role's trust policy at most, without whitespace (IAM quotas, default).
pub const TRUST_LIMIT: usize = 2048;
/// Characters of a managed policy at most, without whitespace (IAM quotas).
pub const MANAGED_LIMIT: usize = 6144;
/// Characters of a role's inline policies together at most, without whitespace (IAM quotas).
pub const INLINE_LIMIT: usize = 10_240;

/// `document` on one line.
fn compact(document: &Document) -> String {
    // Maps of a Document have text for keys, and nothing else of it can fail.
    serde_json::to_string(document).unwrap_or_default()
}

/// The characters of `document` that count towards AWS's limits.
#[must_use]
pub fn size(document: &Document) -> usize {
    let is_counted = |c: &char| !c.is_whitespace();
    compact(document).chars().filter(is_counted).count()
}

/// What `document` makes of each of `roles` that it makes something of, for people to read: the
/// document itself for a set of one role, or all by their role's name.
#[must_use]
pub fn pretty(roles: &[Role<'_>], document: impl Fn(&Role<'_>) -> Option<Document>) -> String {
    if let [role] = roles {
        return document(role).map_or_else(String::new, |only| text(&only));
    }
    let by_name = roles
        .iter()
        .filter_map(|role| Some((&role.name, document(role)?)));
    text(&by_name.collect::<BTreeMap<_, _>>())
}

fn text(value: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}
