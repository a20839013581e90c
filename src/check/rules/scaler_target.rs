//! Autoscalers scale something.

use super::{Context, Found, Rule};
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP078",
    name: "scaler-target",
    title: "the target of a HorizontalPodAutoscaler is here, or declared external",
    severity: Severity::Error,
    why: "An autoscaler without its target does nothing, and says so in its events only.",
    fix: "write the kind and name of the workload",
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
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: a}
spec: {scaleTargetRef: {kind: Deployment, name: a}}
",
    broken_by: &[("kind: Deployment, name: a", "kind: Deployment, name: b")],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for scaler in context.input.manifests.of_kind("HorizontalPodAutoscaler") {
        let target = scaler.at("spec.scaleTargetRef");
        let text = |key: &str| target.get(key).text().unwrap_or_default();
        let (kind, name) = (text("kind"), text("name"));
        let is_here = context
            .input
            .manifests
            .find(kind, scaler.namespace(), name)
            .is_some();
        if !is_here && !context.settings.is_external(kind, name) {
            found.add(
                scaler,
                target.get("name"),
                format!("there is no {kind} `{name}` here"),
            );
        }
    }
}
