//! Servers reach only what they are meant to.

use super::{Context, Found, Rule};
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP111",
    name: "egress-isolation",
    title: "a server that has NetworkPolicies has one of its egress",
    severity: Severity::Warning,
    why: "A policy of ingress alone leaves every way out open: a server that a tool's text has talked over sends what it knows to anybody.",
    fix: "add `Egress` to `policyTypes`, and what the server needs under `egress`: DNS, the trace collector, its API",
    source: "guide, Network Policies (Optional): policyTypes Ingress and Egress",
    good: server_with_policy!(
        "podSelector: {matchLabels: {app.kubernetes.io/component: mcp-server}}"
        "policyTypes: [Ingress, Egress]"
    ),
    broken_by: &[("policyTypes: [Ingress, Egress]", "policyTypes: [Ingress]")],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    if context.network.has_others() {
        return;
    }
    let intents = context.intents.iter();
    for intent in intents.filter(|intent| intent.wants_policies) {
        let server = intent.server;
        let mut policies = context.network.policies_about(&server.endpoint).peekable();
        // Without any, another rule says so.
        if policies.peek().is_some() && policies.all(|policy| policy.egress.is_none()) {
            let name = server.pod.workload.name();
            let message =
                format!("`{name}` may call everybody: no NetworkPolicy is about its egress");
            let labels = server.pod.metadata.get("labels");
            found.add(server.pod.workload, labels, message);
        }
    }
}
