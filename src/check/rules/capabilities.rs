//! Containers hold no capabilities.

use super::{Context, Found, Rule};
use crate::problem::Severity;

/// Pod Security, `restricted`, compares letter by letter: `all` is no `ALL`.
pub const RULE: Rule = Rule {
    id: "MCP011",
    name: "capabilities",
    title: "containers drop all capabilities and add none",
    severity: Severity::Error,
    why: "A process that breaks out of its code keeps what the container may do. Pod Security `restricted` refuses the pod, and reads `ALL` in capitals only.",
    fix: "write `securityContext: {capabilities: {drop: [\"ALL\"]}}` in the container",
    source: "guide, Security Requirements: drop all capabilities; Pod Security Standards, restricted",
    good: "\
apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  containers:
  - name: a
    securityContext: {capabilities: {drop: [ALL]}}
",
    broken_by: &[("drop: [ALL]", "drop: [all]")],
    check,
};

/// The one capability that `restricted` allows to be added.
const HARMLESS: &str = "NET_BIND_SERVICE";

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for (pod, container) in context.linux_containers() {
        let capabilities = container.at.at("securityContext.capabilities");
        let drop = capabilities.get("drop");
        if !drop.items().any(|dropped| dropped.text() == Some("ALL")) {
            let message = format!("{} keeps capabilities", container.called());
            found.add(pod.workload, drop, message);
        }
        for added in capabilities.get("add").items() {
            let name = added.text().unwrap_or_default();
            if name != HARMLESS {
                let message = format!("{} adds `{name}`", container.called());
                found.add(pod.workload, added, message);
            }
        }
    }
}
