//! Keys of AWS expire.

use super::{Context, Found, Rule};
use crate::manifest::Container;
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP066",
    name: "static-aws-credentials",
    title: "servers have no static credentials of AWS",
    severity: Severity::Warning,
    why: "An access key lives until somebody revokes it, in the Secret and in every copy. A role gives credentials that expire within hours.",
    fix: "annotate the ServiceAccount with a role (IRSA), or use EKS Pod Identity",
    source: "guide, Authentication & Authorization: AWS service access by IRSA, no static credentials",
    good: "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: a}
spec:
  replicas: 2
  template:
    metadata: {labels: {app.kubernetes.io/component: mcp-server}}
    spec:
      containers:
      - {name: a, env: [{name: AWS_REGION, value: us-east-1}]}
",
    broken_by: &[(
        "name: AWS_REGION, value: us-east-1",
        "name: AWS_SECRET_ACCESS_KEY, valueFrom: {secretKeyRef: {name: s, key: key}}",
    )],
    check,
};

/// What the SDKs of AWS read a static key from. The id is no secret, and comes with it.
const KEY: &str = "AWS_SECRET_ACCESS_KEY";
/// What only those set who call something else that speaks AWS' protocols.
const OTHER: [&str; 2] = ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"];

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for (pod, container) in context.containers() {
        if !pod.is_server() || OTHER.iter().any(|name| sets(container, name)) {
            continue;
        }
        for variable in container.at.get("env").items() {
            let at = variable.get("name");
            if at.text() == Some(KEY) {
                let message = format!("{} has a static key", container.called());
                found.add(pod.workload, at, message);
            }
        }
    }
}

fn sets(container: Container<'_>, name: &str) -> bool {
    let mut variables = container.at.get("env").items();
    variables.any(|variable| variable.get("name").text() == Some(name))
}
