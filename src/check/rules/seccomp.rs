//! System calls are filtered.

use super::{Context, Found, Rule};
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP015",
    name: "seccomp",
    title: "containers run with a seccomp profile",
    severity: Severity::Error,
    why: "Without a profile the process may use every system call of the kernel. Pod Security `restricted` refuses the pod.",
    fix: "write `securityContext: {seccompProfile: {type: RuntimeDefault}}` in the pod",
    source: "Pod Security Standards, restricted",
    good: "\
apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  securityContext: {seccompProfile: {type: RuntimeDefault}}
  containers:
  - {name: a}
",
    broken_by: &[
        (
            "  securityContext: {seccompProfile: {type: RuntimeDefault}}
",
            "",
        ),
        ("- {name: a}", "- {name: a, image: a}"),
    ],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for (pod, container) in context.linux_containers() {
        let profile = pod.security(container, "seccompProfile").get("type");
        if !matches!(profile.text(), Some("RuntimeDefault" | "Localhost")) {
            let message = format!("{} has no seccomp profile", container.called());
            found.add(pod.workload, profile, message);
        }
    }
}
