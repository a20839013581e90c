//! Policies are about somebody.

use super::{Context, Found, Rule};
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP100",
    name: "policy-pods",
    title: "a NetworkPolicy selects pods of its namespace",
    severity: Severity::Warning,
    why: "A policy that selects nobody protects nobody, and looks as if it did.",
    fix: "make `podSelector` equal labels of the pods' template, and `namespace` theirs",
    source: "NetworkPolicy API: podSelector selects pods of the policy's namespace",
    good: server_with_policy!(
        "podSelector: {matchLabels: {app.kubernetes.io/component: mcp-server}}"
    ),
    broken_by: &[(
        "matchLabels: {app.kubernetes.io/component: mcp-server}",
        "matchLabels: {app: mcp-server}",
    )],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    let network = context.network;
    // Policies that are checked alone may be about pods that are not here.
    if network.pods().is_empty() {
        return;
    }
    for policy in network.policies() {
        if network.about(policy).next().is_none() {
            let message = format!("`{}` selects no pod that is here", policy.object.name());
            found.add(policy.object, policy.object.at("spec.podSelector"), message);
        }
    }
}
