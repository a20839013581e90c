//! Processes are not root.

use super::{Context, Found, Rule};
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP010",
    name: "non-root",
    title: "containers run as a user that is not root",
    severity: Severity::Error,
    why: "Root in a container is root on the node for whoever breaks out. `runAsNonRoot: true` alone keeps Pod Security `restricted`, and is a warning: the user is the image's then, which the guide wants to be 1000, and an image whose user is a name the kubelet refuses to start.",
    fix: "write `securityContext: {runAsNonRoot: true, runAsUser: 1000}` in the pod",
    source: "guide, Security Requirements: run as UID 1000; Pod Security Standards, restricted",
    good: "\
apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  securityContext: {runAsNonRoot: true, runAsUser: 1000}
  containers:
  - {name: a}
",
    broken_by: &[(
        "- {name: a}",
        "- {name: a, securityContext: {runAsUser: 0}}",
    )],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for (pod, container) in context.containers() {
        let name = container.called();
        let must_not = pod.security(container, "runAsNonRoot");
        let user = pod.security(container, "runAsUser");
        if !must_not.is_true() {
            let message = format!("{name} may run as root");
            found.add(pod.workload, must_not, message);
        } else if user.number() == Some(0) {
            found.add(pod.workload, user, format!("{name} runs as root"));
        } else if user.number().is_none() && !pod.is_windows() {
            let message = format!("{name} leaves its user to the image");
            found.warn(pod.workload, user, message);
        }
    }
}
