//! Identities exist.

use super::{Context, Found, Rule};
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP076",
    name: "service-account",
    title: "the ServiceAccount of a pod is made by something here, or declared external",
    severity: Severity::Error,
    why: "No pod of the workload is created, and only the events of its ReplicaSet say why.",
    fix: "add the ServiceAccount, or declare it with `--external ServiceAccount/NAME`",
    source: "closed references",
    good: "\
apiVersion: v1
kind: ServiceAccount
metadata: {name: s}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: a}
spec:
  replicas: 2
  template:
    metadata: {labels: {app: a}}
    spec:
      serviceAccountName: s
      containers:
      - {name: a, ports: [{name: http, containerPort: 8080}]}
",
    broken_by: &[(
        "\
apiVersion: v1
kind: ServiceAccount
metadata: {name: s}
---
",
        "",
    )],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for pod in &context.input.pods {
        let at = pod.spec.get("serviceAccountName");
        let Some(name) = at.text().filter(|name| *name != "default") else {
            continue;
        };
        let is_here = context
            .input
            .manifests
            .find("ServiceAccount", pod.namespace(), name)
            .is_some();
        if !is_here && !context.settings.is_external("ServiceAccount", name) {
            let message = format!("nothing here makes the ServiceAccount `{name}`");
            found.add(pod.workload, at, message);
        }
    }
}
