//! Kubernetes knows who is well.

use super::{Context, Found, Rule};
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP040",
    name: "probes",
    title: "servers have liveness and readiness probes",
    severity: Severity::Error,
    why: "Without a readiness probe calls reach a pod that is still starting; without a liveness probe one that hangs stays.",
    fix: "write `livenessProbe` and `readinessProbe`, with `tcpSocket` where the server declares no path",
    source: "guide, Observability Integration: liveness GET /health, readiness GET /ready",
    good: "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: a}
spec:
  replicas: 2
  template:
    metadata: {labels: {app.kubernetes.io/component: mcp-server}}
    spec:
      containers:
      - {name: a, livenessProbe: {tcpSocket: {port: 1}}, readinessProbe: {tcpSocket: {port: 1}}}
",
    broken_by: &[(
        "livenessProbe: {tcpSocket: {port: 1}}, readinessProbe: {tcpSocket: {port: 1}}",
        "livenessProbe: {tcpSocket: {port: 1}}",
    )],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for (pod, container) in context.containers() {
        if container.is_init || !pod.is_server() {
            continue;
        }
        for probe in ["livenessProbe", "readinessProbe"] {
            let at = container.at.get(probe);
            if !at.exists() {
                let message = format!("{} has no `{probe}`", container.called());
                found.add(pod.workload, at, message);
            }
        }
    }
}
