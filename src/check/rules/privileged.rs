//! Containers are not privileged.

use super::{Context, Found, Rule};
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP013",
    name: "privileged",
    title: "containers are not privileged",
    severity: Severity::Error,
    why: "A privileged container has every device of the node, and so the node.",
    fix: "remove `privileged: true`",
    source: "Pod Security Standards, baseline",
    good: "\
apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  containers:
  - {name: a, image: a}
",
    broken_by: &[("image: a", "securityContext: {privileged: true}")],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for (pod, container) in context.containers() {
        let at = container.at.at("securityContext.privileged");
        if at.is_true() {
            let message = format!("{} is privileged", container.called());
            found.add(pod.workload, at, message);
        }
    }
}
