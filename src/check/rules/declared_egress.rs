//! Servers reach what they work with.

use super::{Context, Found, Rule, closed_port};
use crate::check::network::Purpose;
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP106",
    name: "declared-egress",
    title: "servers reach their trace collector, and the egress that they declare",
    severity: Severity::Error,
    why: "Spans vanish without an error, and calls of the API behind the server end in a timeout.",
    fix: "allow it under `egress`; a namespace is found by `kubernetes.io/metadata.name`, which the API server sets",
    source: "guide, Network Policies (Optional): allow to external APIs, allow to Jaeger for tracing",
    good: "\
apiVersion: v1
kind: Pod
metadata: {name: a, namespace: mcp, labels: {app.kubernetes.io/component: mcp-server}}
spec:
  containers:
  - name: a
    env:
    - name: OTEL_EXPORTER_OTLP_ENDPOINT
      value: http://jaeger.monitoring.svc.cluster.local:4318
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: a, namespace: mcp}
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress:
  - to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}}]
    ports: [{port: 4318}]
",
    broken_by: &[(
        "matchLabels: {kubernetes.io/metadata.name: monitoring}",
        "matchLabels: {app.kubernetes.io/name: monitoring}",
    )],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    closed_port::check(context, found, &[Purpose::Trace, Purpose::Egress]);
}
