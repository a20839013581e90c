//! An object is written once.

use super::{Context, Found, Rule};
use crate::problem::Severity;
use std::collections::BTreeSet;

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
    bad: "\
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
",
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    let mut seen = BTreeSet::new();
    for object in context.input.manifests.objects() {
        let (group, kind) = (object.group(), object.kind());
        // What the API server completes the name of is another object each time.
        let is_named = object.at("metadata.name").exists();
        if is_named && !seen.insert((group, kind, object.namespace(), object.name())) {
            let message = format!("the {kind} `{}` is written twice", object.name());
            found.add(object, object.at("metadata.name"), message);
        }
    }
}
