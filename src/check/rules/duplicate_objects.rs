//! An object is written once.

use super::{Context, Found, Rule};
use crate::problem::Severity;
use foldhash::{HashMap, HashMapExt};

pub const RULE: Rule = Rule {
    id: "MCP077",
    name: "duplicate-objects",
    title: "no two objects are the same one",
    severity: Severity::Error,
    why: "The API server keeps the one that is applied last, and which that is nobody sees.",
    fix: "remove one of them, or give it another name",
    source: "kustomize and Helm refuse it, `kubectl apply` does not",
    good: "\
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: b}
",
    broken_by: &[("name: b", "name: a")],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    let mut seen = HashMap::with_capacity(context.input.manifests.objects().len());
    for object in context.input.manifests.objects() {
        let at = object.at("metadata.name");
        if !at.exists() {
            // The API server makes a name of its own for each.
            continue;
        }
        let (group, kind) = (object.group(), object.kind());
        let who = (group, kind, object.namespace(), object.name());
        let first = *seen.entry(who).or_insert(at.place());
        if first != at.place() {
            let message = format!("the {kind} `{}` is written twice", object.name());
            found.add_related(object, at, message, (first, "the first one"));
        }
    }
}
