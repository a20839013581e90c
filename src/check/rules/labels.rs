//! People and tools find what belongs together.

use super::{Context, Found, Rule};
use crate::manifest::Labels;
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP050",
    name: "labels",
    title: "servers carry the standard labels",
    severity: Severity::Error,
    why: "Monitors, policies and people select by these labels; Gatekeeper refuses an object without them.",
    fix: "write `app.kubernetes.io/name`, `instance`, `version`, `component`, `part-of` and `managed-by` on the workload and its pods",
    source: "guide, Security Requirements: standard labels `app.kubernetes.io/*`",
    good: "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: a, labels: {app.kubernetes.io/name: a, app.kubernetes.io/instance: a, app.kubernetes.io/version: 1.0.0, app.kubernetes.io/component: mcp-server, app.kubernetes.io/part-of: a, app.kubernetes.io/managed-by: a}}
spec:
  replicas: 2
  template:
    metadata: {labels: {app.kubernetes.io/name: a, app.kubernetes.io/instance: a, app.kubernetes.io/version: 1.0.0, app.kubernetes.io/component: mcp-server, app.kubernetes.io/part-of: a, app.kubernetes.io/managed-by: a}}
    spec:
      containers:
      - {name: a, ports: [{name: http, containerPort: 8080}]}
",
    broken_by: &[
        ("metadata: {labels: {app.kubernetes.io/name: a, app.kubernetes.io/instance: a, app.kubernetes.io/version: 1.0.0, app.kubernetes.io/component: mcp-server, app.kubernetes.io/part-of: a, app.kubernetes.io/managed-by: a}}", "metadata: {labels: {app.kubernetes.io/component: mcp-server}}"),
    ],
    check,
};

const KEYS: [&str; 6] = [
    "app.kubernetes.io/name",
    "app.kubernetes.io/instance",
    "app.kubernetes.io/version",
    "app.kubernetes.io/component",
    "app.kubernetes.io/part-of",
    "app.kubernetes.io/managed-by",
];

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for pod in context.input.pods.iter().filter(|pod| pod.is_server()) {
        let on_workload = pod.workload.at("metadata.labels");
        let on_pods = pod.metadata.get("labels");
        for (labels, whose) in [(on_workload, "workload lacks"), (on_pods, "pods lack")] {
            let known = Labels::of(labels);
            let missing = KEYS.iter().filter(|key| known.get(key).is_none());
            let missing: Vec<String> = missing.map(|key| format!("`{key}`")).collect();
            if !missing.is_empty() {
                let message = format!("the {whose} {}", missing.join(", "));
                found.add(pod.workload, labels, message);
            }
        }
    }
}
