//! Probes are as the API server takes them.

use super::{Context, Found, Rule};
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP043",
    name: "probe-threshold",
    title: "liveness and startup probes succeed once",
    severity: Severity::Error,
    why: "The API server refuses a `successThreshold` other than 1 of these.",
    fix: "leave `successThreshold` out",
    source: "Kubernetes, Configure Liveness, Readiness and Startup Probes; validation of the API server",
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
      - {name: a, livenessProbe: {successThreshold: 1, tcpSocket: {port: 1}}}
",
    broken_by: &[("successThreshold: 1", "successThreshold: 2")],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for (pod, container) in context.containers() {
        for probe in ["livenessProbe", "startupProbe"] {
            let at = container.at.get(probe).get("successThreshold");
            if let Some(number) = at.number().filter(|number| *number != 1) {
                let message = format!(
                    "the `{probe}` of `{}` has to succeed {number} times",
                    container.name()
                );
                found.add(pod.workload, at, message);
            }
        }
    }
}
