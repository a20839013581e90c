//! Memory is counted in bytes.

use super::{Context, Found, Rule};
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP021",
    name: "memory-in-milli",
    title: "memory has no unit `m`",
    severity: Severity::Error,
    why: "`m` is a thousandth: `512m` is half a byte, the API server takes it, and the container never starts.",
    fix: "write `512Mi`",
    source: "Kubernetes, resource units; accepted by the API server",
    good: "\
apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  containers:
  - {name: a, resources: {limits: {memory: 512Mi}}}
",
    broken_by: &[("memory: 512Mi", "memory: 512m")],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for (pod, container) in context.containers() {
        for list in ["requests", "limits"] {
            for resource in ["memory", "ephemeral-storage"] {
                let at = container.at.get("resources").get(list).get(resource);
                if let Some(text) = at.text().filter(|text| text.ends_with('m')) {
                    let message = format!("`{text}` of {resource} is less than a byte, or a few");
                    found.add(pod.workload, at, message);
                }
            }
        }
    }
}
