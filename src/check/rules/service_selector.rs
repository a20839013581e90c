//! Services lead to pods.

use super::{Context, Found, Rule};
use crate::check::elsewhere::is_astray;
use crate::check::references::served;
use crate::manifest::Labels;
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP061",
    name: "service-selector",
    title: "a Service selects pods",
    severity: Severity::Error,
    why: "A Service that selects nobody answers every call with a time-out.",
    fix: "write labels that the pods carry, in the same namespace; where the pods are elsewhere, `--external Service/NAME`",
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
apiVersion: v1
kind: Service
metadata: {name: a}
spec:
  selector: {app: a}
  ports:
  - {name: http, port: 8080, targetPort: http}
",
    broken_by: &[("selector: {app: a}", "selector: {app: b}")],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for service in context.input.manifests.of_kind("Service") {
        let at = service.at("spec.selector");
        let pods = &context.input.pods;
        let wanted = Labels::of(at);
        if !wanted.is_empty()
            && served(pods, service).next().is_none()
            && is_astray(context, service, &[service.namespace()], &wanted, pods)
        {
            let message = format!("the Service `{}` selects no pod", service.name());
            found.add(service, at, message);
        }
    }
}
