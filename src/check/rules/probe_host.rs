//! Probes ask the pod.

use super::{Context, Found, Rule};
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP042",
    name: "probe-host",
    title: "probes and hooks name no host",
    severity: Severity::Error,
    why: "The kubelet would ask that host instead of the pod, from the node: a way around network policies, and no word about the pod.",
    fix: "remove `host`; a `Host` header belongs under `httpHeaders`",
    source: "Pod Security Standards, baseline (host probes and lifecycle hooks)",
    good: "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: a}
spec:
  replicas: 2
  template:
    metadata: {labels: {app: a}}
    spec:
      containers:
      - {name: a, livenessProbe: {httpGet: {port: 1}}}
",
    broken_by: &[("port: 1", "port: 1, host: 169.254.169.254")],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for (pod, container) in context.containers() {
        let probes = ["livenessProbe", "readinessProbe", "startupProbe"];
        let probes = probes.map(|probe| container.at.get(probe));
        let hooks = ["postStart", "preStop"];
        let hooks = hooks.map(|hook| container.at.get("lifecycle").get(hook));
        for asked in probes.into_iter().chain(hooks) {
            for way in ["httpGet", "tcpSocket"] {
                let at = asked.get(way).get("host");
                if let Some(host) = at.text() {
                    found.add(
                        pod.workload,
                        at,
                        format!("`{host}` is asked instead of the pod"),
                    );
                }
            }
        }
    }
}
