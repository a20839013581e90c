//! Nodes can be drained at all.

use super::{Context, Found, Rule, budget_selector};
use crate::check::references::guarded;
use crate::manifest::{At, Pod};
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP032",
    name: "budget-blocks",
    title: "a PodDisruptionBudget lets a pod go",
    severity: Severity::Error,
    why: "A budget that no eviction fits keeps a node from being drained, and upgrades of the cluster from ending.",
    fix: "write a `minAvailable` below the number of replicas, or a `maxUnavailable` above nought; only one of the two. Percentages are rounded up",
    source: "Kubernetes, Specifying a Disruption Budget",
    good: budget_selector::RULE.good,
    broken_by: &[("replicas: 2", "replicas: 1")],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for budget in context.input.manifests.of_kind("PodDisruptionBudget") {
        let replicas: Option<i64> = guarded(&context.input.pods, budget)
            .map(|pod| replicas(context, pod))
            .sum();
        let least = budget.at("spec.minAvailable");
        let most = budget.at("spec.maxUnavailable");
        if least.exists() && most.exists() {
            let message = "`minAvailable` and `maxUnavailable` together: the API server takes one";
            found.add(budget, most, message);
        } else if most.number().or(percentage(most)) == Some(0) {
            found.add(budget, most, "no pod may ever go");
        } else if let Some(replicas) = replicas
            && let Some(number) = least
                .number()
                .or_else(|| share(percentage(least)?, replicas))
            && replicas > 0
            && number >= replicas
        {
            let message = format!("{number} of {replicas} must stay, so none may go");
            found.add(budget, least, message);
        }
    }
}

/// The most pods that the workload of `pod` has; `None` where nobody here knows.
fn replicas(context: &Context<'_>, pod: &Pod<'_>) -> Option<i64> {
    if let Some(scaler) = context.input.scalers.of_workload(pod.workload) {
        return scaler.most.number();
    }
    let written = pod.workload.at("spec.replicas");
    let is_counted = matches!(
        pod.workload.kind(),
        "Deployment" | "StatefulSet" | "ReplicaSet" | "ReplicationController" | "Rollout"
    );
    // Nothing written is one.
    let unwritten = (is_counted && !written.exists()).then_some(1);
    written.number().or(unwritten)
}

/// The number before the `%` of `at`.
fn percentage(at: At<'_>) -> Option<i64> {
    at.text()?.strip_suffix('%')?.parse().ok()
}

/// So many percent of `replicas`, rounded up as the disruption controller does.
fn share(percent: i64, replicas: i64) -> Option<i64> {
    Some(percent.checked_mul(replicas)?.checked_add(99)? / 100)
}
