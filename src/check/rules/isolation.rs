//! Servers have policies.

use super::{Context, Found, Rule};
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP102",
    name: "isolation",
    title: "every server is selected by a NetworkPolicy",
    severity: Severity::Error,
    why: "Without one, every pod of the cluster can call its tools with its credentials, and it can reach everything.",
    fix: "add a NetworkPolicy whose `podSelector` selects it, with ingress and egress",
    source: "guide, Network Policies (Optional): allow from LiteLLM proxy; that it is no option here is the design of mcpset, as without one anybody can call",
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
    if context.network.has_others() {
        return;
    }
    for intent in context
        .intents
        .iter()
        .filter(|intent| intent.wants_policies)
    {
        let server = intent.server;
        if context
            .network
            .policies_about(&server.endpoint)
            .next()
            .is_none()
        {
            let name = server.pod.workload.name();
            let message = format!("`{name}` is open to everybody: no NetworkPolicy selects it");
            found.add(
                server.pod.workload,
                server.pod.metadata.get("labels"),
                message,
            );
        }
    }
}
