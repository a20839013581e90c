//! Pods keep to themselves.

use super::{Context, Found, Rule};
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP016",
    name: "host-access",
    title: "pods use nothing of their node",
    severity: Severity::Error,
    why: "A namespace, port or folder of the node is a way to other pods and to the node itself, and a NetworkPolicy does not hold for a pod on the host network.",
    fix: "remove `hostNetwork`, `hostPID`, `hostIPC`, `hostPort` and `hostPath`",
    source: "Pod Security Standards, baseline",
    good: "\
apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  containers:
  - {name: a, ports: [{containerPort: 8080}]}
",
    broken_by: &[
        (
            "\
spec:
",
            "\
spec:
  hostNetwork: true
",
        ),
        (
            "  - {name: a, ports: [{containerPort: 8080}]}
",
            "  - {name: a, ports: [{containerPort: 8080, hostPort: 80}]}
  volumes: [{name: all, hostPath: {path: /}}]
",
        ),
    ],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for pod in &context.input.pods {
        for field in ["hostNetwork", "hostPID", "hostIPC"] {
            let at = pod.spec.get(field);
            if at.is_true() {
                found.add(pod.workload, at, format!("the pod has `{field}`"));
            }
        }
        for volume in pod.spec.get("volumes").items() {
            let path = volume.at("hostPath.path");
            if path.exists() {
                found.add(pod.workload, path, "the pod mounts a folder of its node");
            }
        }
    }
    for (pod, container) in context.containers() {
        for port in container.at.get("ports").items() {
            let at = port.get("hostPort");
            if at.number().is_some_and(|number| number != 0) {
                let message = format!("{} takes a port of its node", container.called());
                found.add(pod.workload, at, message);
            }
        }
    }
}
