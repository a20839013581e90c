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
    broken_by: &[("cpu: 1, memory: 1Gi", "cpu: 1")],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for (pod, container) in context.containers() {
        let resources = container.at.get("resources");
        let missing = ["requests", "limits"].map(|list| {
            let list = resources.get(list);
            let names = ["cpu", "memory"].into_iter();
            let names = names.filter(move |name| !list.get(name).exists());
            (list, names.collect::<Vec<&str>>().join(", "))
        });
        let [(requests, no_requests), (limits, no_limits)] = missing;
        let (at, what) = match (no_requests.as_str(), no_limits.as_str()) {
            ("", "") => continue,
            ("", some) => (limits, format!("no limits of {some}")),
            (some, "") => (requests, format!("no requests of {some}")),
            (some, others) => (
                requests,
                format!("no requests of {some} and no limits of {others}"),
            ),
        };
        found.add(
            pod.workload,
            at,
            format!("{} has {what}", container.called()),
        );
    }
}
