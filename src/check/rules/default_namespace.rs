//! Servers have a namespace of their own.

use super::{Context, Found, Rule};
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP110",
    name: "default-namespace",
    title: "nothing is put into the namespace `default`",
    severity: Severity::Warning,
    why: "Whoever forgets a namespace lands there, and policies and quotas of a team do not hold for it.",
    fix: "write the team's namespace",
    source: "CIS Kubernetes Benchmark 5.7.4",
    good: "\
apiVersion: v1
kind: ConfigMap
metadata: {name: a, namespace: litellm}
",
    broken_by: &[("namespace: litellm", "namespace: default")],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for object in context.input.manifests.objects() {
        if object.namespace() == "default" {
            let at = object.at("metadata.namespace");
            found.add(object, at, format!("the {} is in `default`", object.kind()));
        }
    }
}
