//! Servers survive the loss of a node.

use super::{Context, Found, Rule};
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP030",
    name: "replicas",
    title: "servers have two replicas or more",
    severity: Severity::Warning,
    why: "With one pod, every rollout of a node and every crash is an outage. A server that a set puts behind a bridge has one, as its sessions are processes of it; of those the checklist tells.",
    fix: "write `replicas: 2`, or `minReplicas: 2` where it is scaled, or say in an exception why one is enough",
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
    broken_by: &[("replicas: 2", "replicas: 1")],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for pod in context.input.pods.iter().filter(|pod| pod.is_server()) {
        let workload = pod.workload;
        if !matches!(workload.kind(), "Deployment" | "StatefulSet")
            || context.settings.is_single(workload)
        {
            continue;
        }
        let name = workload.name();
        let replicas = workload.at("spec.replicas");
        match context.input.scalers.of_workload(workload) {
            Some(scaler) if scaler.fewest() < 2 => {
                let message = format!(
                    "`{}` leaves one pod of `{name}`, or none",
                    scaler.object.name()
                );
                found.add(scaler.object, scaler.least, message);
            }
            // Absent is one; what is no number is another rule's matter.
            None if replicas.number().unwrap_or(1) < 2
                && replicas.exists() == replicas.number().is_some() =>
            {
                let number = replicas.number().unwrap_or(1);
                let few = if number < 1 { "no" } else { "one" };
                found.add(workload, replicas, format!("`{name}` has {few} replica"));
            }
            _ => {}
        }
    }
}
