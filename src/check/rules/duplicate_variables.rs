//! A variable has one value.

use super::{Context, Found, Rule};
use crate::problem::Severity;
use std::collections::BTreeSet;

pub const RULE: Rule = Rule {
    id: "MCP070",
    name: "duplicate-variables",
    title: "a container sets each variable once",
    severity: Severity::Error,
    why: "The last one wins without a word, and a strategic merge keeps either.",
    fix: "remove all but one",
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
      - {name: a, env: [{name: A, value: \"1\"}]}
",
    broken_by: &[(
        "env: [{name: A, value: \"1\"}]",
        "env: [{name: A, value: \"1\"}, {name: A, value: \"2\"}]",
    )],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for (pod, container) in context.containers() {
        let mut seen = BTreeSet::new();
        for variable in container.at.get("env").items() {
            let at = variable.get("name");
            if let Some(name) = at.text().filter(|name| !seen.insert(*name)) {
                let message = format!("{} sets `{name}` twice", container.called());
                found.add(pod.workload, at, message);
            }
        }
    }
}
