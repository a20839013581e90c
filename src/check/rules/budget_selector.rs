//! Budgets guard somebody.

use super::{Context, Found, Rule};
use crate::check::elsewhere::is_astray;
use crate::check::references::guarded;
use crate::manifest::Labels;
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP079",
    name: "budget-selector",
    title: "a PodDisruptionBudget selects pods",
    severity: Severity::Error,
    why: "A budget that selects nobody guards nobody.",
    fix: "write labels that the pods carry, in the same namespace; where the pods are elsewhere, `--external PodDisruptionBudget/NAME`",
    source: "closed references",
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
    broken_by: &[("matchLabels: {app: a}", "matchLabels: {app: b}")],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for budget in context.input.manifests.of_kind("PodDisruptionBudget") {
        let at = budget.at("spec.selector");
        let pods = &context.input.pods;
        let wanted = Labels::of(at.get("matchLabels"));
        if guarded(pods, budget).next().is_none()
            && is_astray(context, budget, &[budget.namespace()], &wanted, pods)
        {
            let message = format!("the PodDisruptionBudget `{}` selects no pod", budget.name());
            found.add(budget, at, message);
        }
    }
}
