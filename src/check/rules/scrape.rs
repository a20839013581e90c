//! Prometheus reaches what it scrapes.

use super::{Context, Found, Rule, closed_port};
use crate::check::network::Purpose;
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP104",
    name: "scrape-access",
    title: "Prometheus reaches the servers that a ServiceMonitor selects",
    severity: Severity::Error,
    why: "The target is down for ever, and the alert that says so is about the policy, not the server.",
    fix: "allow the namespace of Prometheus under `ingress`, on the port of the metrics",
    source: "guide, ServiceMonitor",
    good: "\
apiVersion: v1
kind: Pod
metadata: {name: a, namespace: mcp, labels: {app.kubernetes.io/component: mcp-server}}
spec: {containers: [{name: a, ports: [{name: http, containerPort: 8080}]}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: a, namespace: mcp}
spec:
  podSelector: {}
  ingress:
  - from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}}]
    ports: [{port: 8080}]
---
apiVersion: v1
kind: Service
metadata: {name: a, namespace: mcp, labels: {app: a}}
spec:
  selector: {app.kubernetes.io/component: mcp-server}
  ports: [{name: http, port: 8080}]
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: a, namespace: monitoring}
spec:
  namespaceSelector: {matchNames: [mcp]}
  selector: {matchLabels: {app: a}}
  endpoints: [{port: http}]
",
    broken_by: &[(
        "namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}",
        "podSelector: {matchLabels: {app.kubernetes.io/name: litellm-proxy}}",
    )],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    closed_port::check(context, found, &[Purpose::Scrape]);
}
