//! Workloads know their own pods.

use super::{Context, Found, Rule};
use crate::manifest::selects;
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP051",
    name: "workload-selector",
    title: "a workload selects the pods of its own template",
    severity: Severity::Error,
    why: "The API server refuses a workload whose `selector` does not select the labels of its `template`; and what is applied once keeps its selector for ever.",
    fix: "write the labels of `spec.selector.matchLabels` into `spec.template.metadata.labels` as well",
    source: "Kubernetes, Deployments: Selector; validation of the API server (apps/v1)",
    good: "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: a}
spec:
  selector: {matchLabels: {app: a}}
  template:
    metadata: {labels: {app: a, tier: web}}
    spec:
      containers:
      - {name: a}
",
    broken_by: &[("app: a, tier: web", "app: b")],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for pod in &context.input.pods {
        let workload = pod.workload;
        let selector = workload.at("spec.selector");
        if workload.group() == "apps" && selector.exists() && !selects(selector, &pod.labels) {
            let message = format!(
                "the {} `{}` does not select the pods of its own template",
                workload.kind(),
                workload.name()
            );
            found.add(workload, selector, message);
        }
    }
}
