//! Drains of nodes leave one pod.

use std::collections::HashSet;

use super::{Context, Found, Rule};
use crate::check::references::guarded;
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP031",
    name: "disruption-budget",
    title: "servers with several replicas have a PodDisruptionBudget",
    severity: Severity::Warning,
    why: "A drain of two nodes ends all pods at once.",
    fix: "add a PodDisruptionBudget with `minAvailable: 1` that selects the pods",
    source: "guide, Standard Kubernetes Resources: PodDisruptionBudget (minAvailable: 1)",
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
      - {name: a, ports: [{name: http, containerPort: 8080}]}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: a}
spec:
  minAvailable: 1
  selector: {matchLabels: {app.kubernetes.io/component: mcp-server}}
",
    broken_by: &[(
        "\
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: a}
spec:
  minAvailable: 1
  selector: {matchLabels: {app.kubernetes.io/component: mcp-server}}
",
        "",
    )],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    let budgets = context.input.manifests.of_kind("PodDisruptionBudget");
    let guarded = budgets.flat_map(|budget| guarded(&context.input.pods, budget));
    let guarded: HashSet<_> = guarded.map(|pod| pod.workload.id()).collect();
    for pod in context.input.pods.iter().filter(|pod| pod.is_server()) {
        let replicas = match context.input.scalers.of_workload(pod.workload) {
            Some(scaler) => Some(scaler.fewest()),
            None => pod.workload.at("spec.replicas").number(),
        };
        let is_guarded = guarded.contains(&pod.workload.id());
        if replicas.is_some_and(|number| number > 1) && !is_guarded {
            let at = pod.workload.at("metadata.name");
            let message = format!("no PodDisruptionBudget guards `{}`", pod.workload.name());
            found.add(pod.workload, at, message);
        }
    }
}
