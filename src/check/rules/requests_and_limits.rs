//! Pods say what they need and take no more.

use super::{Context, Found, Rule};
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP020",
    name: "requests-and-limits",
    title: "containers request and limit CPU and memory",
    severity: Severity::Error,
    why: "Without requests a node is filled until it fails; without limits one server takes what the others need.",
    fix: "write `resources: {requests: {cpu: 100m, memory: 256Mi}, limits: {cpu: 500m, memory: 256Mi}}`",
    source: "guide, Security Requirements: resource limits",
    good: "\
apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  containers:
  - {name: a, resources: {requests: {cpu: 100m, memory: 1Gi}, limits: {cpu: 1, memory: 1Gi}}}
",
    bad: "\
apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  containers:
  - {name: a, resources: {requests: {cpu: 100m, memory: 1Gi}, limits: {cpu: 1}}}
",
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for (pod, container) in context.containers() {
        let resources = container.at.get("resources");
        for (list, what) in [("requests", "request"), ("limits", "limit")] {
            for resource in ["cpu", "memory"] {
                let at = resources.get(list).get(resource);
                if !at.exists() {
                    let name = container.called();
                    let message = format!("{name} has no {what} of {resource}");
                    found.add(pod.workload, at, message);
                }
            }
        }
    }
}
