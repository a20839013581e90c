//! Credentials are not written down.

use std::collections::BTreeSet;

use super::{Context, Found, Rule};
use crate::check::references::{SECRETS, references};
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP065",
    name: "written-secret",
    title: "Secrets of servers come from a store",
    severity: Severity::Warning,
    why: "What a manifest says of a Secret is in Git, in every review and every backup; base64 hides nothing.",
    fix: "put the value into AWS Secrets Manager, and an ExternalSecret of the same name here",
    source: "guide, Authentication & Authorization: API tokens in AWS Secrets Manager, synced by External Secrets Operator",
    good: "\
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: s}
spec: {data: [{secretKey: token, remoteRef: {key: mcp/github/token}}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: a}
spec:
  replicas: 2
  template:
    metadata: {labels: {app.kubernetes.io/component: mcp-server}}
    spec:
      containers:
      - {name: a, env: [{name: TOKEN, valueFrom: {secretKeyRef: {name: s, key: token}}}]}
",
    broken_by: &[
        (
            "\
apiVersion: external-secrets.io/v1
kind: ExternalSecret
",
            "\
apiVersion: v1
kind: Secret
",
        ),
        (
            "spec: {data: [{secretKey: token, remoteRef: {key: mcp/github/token}}]}",
            "stringData: {token: hunter2}",
        ),
    ],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    let used = references(&context.input.pods, &SECRETS);
    let used = used.filter(|(pod, _)| pod.is_server());
    let used: BTreeSet<_> = used
        .map(|(pod, reference)| (pod.namespace(), reference.name))
        .collect();
    for (namespace, name) in used {
        let Some(secret) = context.input.manifests.find("Secret", namespace, name) else {
            continue;
        };
        for field in ["data", "stringData"] {
            // A controller may fill one that is empty.
            let values = secret.at(field).entries();
            let mut values =
                values.filter(|(_, at)| at.text().is_some_and(|text| !text.is_empty()));
            if let Some((key, at)) = values.next() {
                let message = format!("the value of `{key}` is written in the Secret `{name}`");
                found.add(secret, at, message);
            }
        }
    }
}
