//! Drains of nodes leave one pod.

use super::{Context, Found, Rule};
use crate::check::references::guards;
use crate::manifest::Pod;
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
    bad: "\
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
",
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for pod in context.manifests.pods().filter(Pod::is_server) {
        let replicas = pod.workload.at("spec.replicas").number();
        let is_guarded = || {
            let mut budgets = context.manifests.of_kind("PodDisruptionBudget");
            budgets.any(|budget| guards(budget, &pod))
        };
        if replicas.is_some_and(|number| number > 1) && !is_guarded() {
            let at = pod.workload.at("metadata.name");
            let message = format!("no PodDisruptionBudget guards `{}`", pod.workload.name());
            found.add(pod.workload, at, message);
        }
    }
}
