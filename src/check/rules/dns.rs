//! Servers can resolve names.

use super::{Context, Found, Rule, closed_port};
use crate::check::network::Purpose;
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP105",
    name: "dns-access",
    title: "servers reach the cluster's DNS over UDP and TCP",
    severity: Severity::Error,
    why: "Without DNS no name resolves. Over UDP alone, answers longer than a packet are lost, and only sometimes.",
    fix: "allow `k8s-app: kube-dns` in `kube-system` under `egress`, on port 53 of UDP and TCP",
    source: "guide, Network Policies (Optional): allow DNS resolution; RFC 7766 §5: TCP is required",
    good: server_with_policy!(
        "podSelector: {matchLabels: {app.kubernetes.io/component: mcp-server}}"
        "policyTypes: [Egress]"
        "egress:"
        "- to:"
        "  - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}"
        "    podSelector: {matchLabels: {k8s-app: kube-dns}}"
        "  ports: [{protocol: UDP, port: 53}, {protocol: TCP, port: 53}]"
    ),
    broken_by: &[(
        "  - to:
    - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}
      podSelector: {matchLabels: {k8s-app: kube-dns}}
    ports: [{protocol: UDP, port: 53}, {protocol: TCP, port: 53}]
",
        "  - to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}}]
    ports: [{protocol: UDP, port: 53}]
",
    )],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    closed_port::check(context, found, &[Purpose::Dns]);
}
