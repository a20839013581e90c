//! Nodes can be drained at all.

use super::{Context, Found, Rule};
use crate::check::references::guarded;
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP032",
    name: "budget-blocks",
    title: "a PodDisruptionBudget lets a pod go",
    severity: Severity::Error,
    why: "A budget that no eviction fits keeps a node from being drained, and upgrades of the cluster from ending.",
    fix: "write a `minAvailable` below the number of replicas",
    source: "Kubernetes, Specifying a Disruption Budget",
    good: "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: a}
spec:
  replicas: 2
  template:
    metadata: {labels: {app: a}}
    spec:
      containers:
      - {name: a, ports: [{name: http, containerPort: 8080}]}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: a}
spec:
  minAvailable: 1
  selector: {matchLabels: {app: a}}
",
    bad: "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: a}
spec:
  replicas: 1
  template:
    metadata: {labels: {app: a}}
    spec:
      containers:
      - {name: a, ports: [{name: http, containerPort: 8080}]}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: a}
spec:
  minAvailable: 1
  selector: {matchLabels: {app: a}}
",
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for budget in context.input.manifests.of_kind("PodDisruptionBudget") {
        let replicas: Option<i64> = guarded(&context.input.pods, budget)
            .map(
                |pod| match context.input.scalers.of_workload(pod.workload) {
                    Some(scaler) => scaler.most.number(),
                    None => pod.workload.at("spec.replicas").number(),
                },
            )
            .sum();
        let least = budget.at("spec.minAvailable");
        let most = budget.at("spec.maxUnavailable");
        if most.number() == Some(0) {
            found.add(budget, most, "no pod may ever go");
        } else if let (Some(replicas), Some(number)) = (replicas, least.number())
            && replicas > 0
            && number >= replicas
        {
            let message = format!("{number} of {replicas} must stay, so none may go");
            found.add(budget, least, message);
        }
    }
}
