//! LiteLLM reaches the servers.

use super::{Context, Found, Rule, closed_port};
use crate::check::network::Purpose;
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP103",
    name: "proxy-access",
    title: "LiteLLM's proxy reaches every server",
    severity: Severity::Error,
    why: "The server runs and is healthy, and every call of a tool ends in a timeout.",
    fix: "allow the proxy's pods under `ingress`, by namespace and labels, on the server's port",
    source: "guide, Network Policies (Optional): allow from LiteLLM proxy",
    good: server_with_policy!(
        "podSelector: {matchLabels: {app.kubernetes.io/component: mcp-server}}"
        "ingress:"
        "- from: [{podSelector: {matchLabels: {app.kubernetes.io/name: litellm-proxy}}}]"
        "  ports: [{port: http}]"
    ),
    broken_by: &[("port: http", "port: 80")],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    closed_port::check(context, found, &[Purpose::Call]);
}
