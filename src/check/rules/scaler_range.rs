//! An autoscaler has room.

use super::{Context, Found, Rule};
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP035",
    name: "scaler-range",
    title: "an autoscaler leaves no more pods than it makes",
    severity: Severity::Error,
    why: "The API server refuses a HorizontalPodAutoscaler whose `minReplicas` is above its `maxReplicas`.",
    fix: "write a `maxReplicas` of `minReplicas` or more",
    source: "Kubernetes, autoscaling/v2; validation of the API server",
    good: "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: a}
spec:
  template:
    metadata: {labels: {app: a}}
    spec:
      containers:
      - {name: a}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: a}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: a}
  minReplicas: 2
  maxReplicas: 5
",
    broken_by: &[("maxReplicas: 5", "maxReplicas: 1")],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for scaler in context.input.scalers.iter() {
        let least = scaler.fewest();
        if let Some(most) = scaler.most.number().filter(|most| *most < least) {
            let message = format!("it leaves {least} pods or more, and makes {most} at most");
            found.add(scaler.object, scaler.most, message);
        }
    }
}
