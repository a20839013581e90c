//! Servers survive the loss of a node.

use super::{Context, Found, Rule};
use crate::manifest::Pod;
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
    for pod in context.manifests.pods().filter(Pod::is_server) {
        let workload = pod.workload;
        if !matches!(workload.kind(), "Deployment" | "StatefulSet") || is_scaled(context, &pod) {
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

/// Whether a HorizontalPodAutoscaler decides how many there are.
fn is_scaled(context: &Context<'_>, pod: &Pod<'_>) -> bool {
    let mut scalers = context.manifests.of_kind("HorizontalPodAutoscaler");
    scalers.any(|scaler| {
        let target = |key: &str| scaler.at("spec.scaleTargetRef").get(key).text();
        scaler.namespace() == pod.namespace()
            && target("kind") == Some(pod.workload.kind())
            && target("name") == Some(pod.workload.name())
    })
}
