//! Programs cannot be changed while they run.

use super::{Context, Found, Rule};
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP014",
    name: "read-only-root",
    title: "the root filesystem is read-only",
    severity: Severity::Warning,
    why: "Whoever gets into the process can otherwise leave programs behind, and a full disk of the node ends other pods.",
    fix: "write `securityContext: {readOnlyRootFilesystem: true}` in the container, and mount an emptyDir with a size limit where it writes",
    source: "guide, Security Requirements: read-only root filesystem, where possible",
    good: "\
apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  containers:
  - {name: a, securityContext: {readOnlyRootFilesystem: true}}
",
    broken_by: &[(
        "securityContext: {readOnlyRootFilesystem: true}",
        "image: a",
    )],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for (pod, container) in context.linux_containers() {
        let at = container.at.at("securityContext.readOnlyRootFilesystem");
        if at.boolean() != Some(true) {
            let message = format!("{} can write to its root filesystem", container.called());
            found.add(pod.workload, at, message);
        }
    }
}
