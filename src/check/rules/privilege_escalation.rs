//! Processes gain no privileges.

use super::{Context, Found, Rule};
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP012",
    name: "privilege-escalation",
    title: "containers do not allow privilege escalation",
    severity: Severity::Error,
    why: "A set-uid program in the image would make the process root again.",
    fix: "write `securityContext: {allowPrivilegeEscalation: false}` in the container",
    source: "Pod Security Standards, restricted",
    good: "\
apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  containers:
  - {name: a, securityContext: {allowPrivilegeEscalation: false}}
",
    broken_by: &[(
        "securityContext: {allowPrivilegeEscalation: false}",
        "image: a",
    )],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for (pod, container) in context.linux_containers() {
        let at = container.at.at("securityContext.allowPrivilegeEscalation");
        if at.boolean() != Some(false) {
            let message = format!("{} allows privilege escalation", container.called());
            found.add(pod.workload, at, message);
        }
    }
}
