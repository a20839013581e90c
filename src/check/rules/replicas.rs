//! Servers survive the loss of a node.

use std::collections::HashSet;

use super::{Context, Found, Rule};
use crate::manifest::Object;
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP030",
    name: "replicas",
    title: "servers have two replicas or more",
    severity: Severity::Warning,
    why: "With one pod, every rollout of a node and every crash is an outage.",
    fix: "write `replicas: 2`, or say in an exception why one is enough",
    source: "guide, Standard Kubernetes Resources: Deployment with 2+ replicas for high availability",
    good: "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: a}
spec:
  replicas: 2
  template:
    metadata: {labels: {app.kubernetes.io/component: mcp-server}}
",
    bad: "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: a}
spec:
  replicas: 1
  template:
    metadata: {labels: {app.kubernetes.io/component: mcp-server}}
",
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    let scalers = context.manifests.of_kind("HorizontalPodAutoscaler");
    let scaled: HashSet<(&str, &str, &str)> = scalers.map(target).collect();
    for pod in context.pods.iter().filter(|pod| pod.is_server()) {
        let workload = pod.workload;
        let is_meant = matches!(workload.kind(), "Deployment" | "StatefulSet");
        if !is_meant || scaled.contains(&workload.id()) {
            continue;
        }
        let replicas = workload.at("spec.replicas");
        // Absent is one.
        if replicas.number().unwrap_or(1) < 2 {
            let message = format!("`{}` has one replica", workload.name());
            found.add(workload, replicas, message);
        }
    }
}

/// The id of what `scaler` scales.
fn target(scaler: &Object) -> (&str, &str, &str) {
    let target = scaler.at("spec.scaleTargetRef");
    let text = |key: &str| target.get(key).text().unwrap_or_default();
    (text("kind"), scaler.namespace(), text("name"))
}
