//! A port has one meaning.

use super::{Context, Found, Rule};
use crate::problem::Severity;
use std::collections::BTreeSet;

pub const RULE: Rule = Rule {
    id: "MCP071",
    name: "duplicate-ports",
    title: "a pod declares each port once",
    severity: Severity::Error,
    why: "Two containers of a pod share its address: the second one cannot listen. Of two names the first is found.",
    fix: "give each port a number and a name of its own",
    source: "not checked by the API server",
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
",
    broken_by: &[(
        "ports: [{name: http, containerPort: 8080}]",
        "ports: [{name: http, containerPort: 8080}, {name: metrics, containerPort: 8080}]",
    )],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for pod in &context.input.pods {
        let mut seen = BTreeSet::new();
        let containers = pod.containers().filter(|container| !container.is_init);
        for port in containers.flat_map(|container| container.at.get("ports").items()) {
            let protocol = port.get("protocol").text().unwrap_or("TCP");
            let number = port.get("containerPort");
            let Some(text) = number.text() else { continue };
            if !seen.insert((protocol, text)) {
                let message = format!("the pod declares {protocol} port {text} twice");
                found.add(pod.workload, number, message);
            }
        }
    }
}
