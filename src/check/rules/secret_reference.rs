//! Secrets are there.

use super::{Context, Found, Rule};
use crate::check::references::{SECRETS, references};
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP073",
    name: "secret-reference",
    title: "Secrets and their keys are made by something here, or declared external",
    severity: Severity::Error,
    why: "A pod that refers to a Secret or key that nobody makes waits in `CreateContainerConfigError` for ever.",
    fix: "add the key to the ExternalSecret or Secret, or declare the Secret with `--external Secret/NAME`",
    source: "closed references",
    good: "\
apiVersion: v1
kind: Secret
metadata: {name: s}
stringData: {token: x}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: a}
spec:
  replicas: 2
  template:
    metadata: {labels: {app: a}}
    spec:
      containers:
      - {name: a, env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: token}}}]}
",
    broken_by: &[("key: token", "key: tokens")],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    let secrets = &context.input.secrets;
    for (pod, reference) in references(&context.input.pods, &SECRETS) {
        if context.settings.is_external("Secret", reference.name) {
            continue;
        }
        match secrets.keys(pod.namespace(), reference.name) {
            None => {
                let message = format!("nothing here makes the Secret `{}`", reference.name);
                found.add(pod.workload, reference.name_at, message);
            }
            Some(keys) => {
                if let Some(key) = reference.key.filter(|key| !keys.has(key)) {
                    let message = format!("the Secret `{}` has no key `{key}`", reference.name);
                    found.add(pod.workload, reference.key_at, message);
                }
            }
        }
    }
}
