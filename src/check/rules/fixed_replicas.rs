//! One party decides how many pods there are.

use super::{Context, Found, Rule};
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP034",
    name: "fixed-replicas",
    title: "a workload that is scaled has no `replicas`",
    severity: Severity::Warning,
    why: "Every apply sets the number of pods back to what is written, and the autoscaler begins again, under load.",
    fix: "leave `spec.replicas` out: the autoscaler decides",
    source: "Kubernetes, Migrating Deployments and StatefulSets to horizontal autoscaling",
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
    broken_by: &[(
        "\
kind: Deployment
metadata: {name: a}
spec:
",
        "\
kind: Deployment
metadata: {name: a}
spec:
  replicas: 2
",
    )],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for pod in &context.input.pods {
        let at = pod.workload.at("spec.replicas");
        if !at.exists() {
            continue;
        }
        if let Some(scaler) = context.input.scalers.of_workload(pod.workload) {
            let (name, scaler) = (pod.workload.name(), scaler.object);
            let message = format!("`{}` scales `{name}` as well", scaler.name());
            found.add(pod.workload, at, message);
        }
    }
}
