//! Servers are measured.

use std::collections::HashSet;

use super::{Context, Found, Rule};
use crate::check::references::{monitored, pod_monitored, served};
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP082",
    name: "metrics",
    title: "a ServiceMonitor or PodMonitor reads every server",
    severity: Severity::Note,
    why: "Nobody sees that calls fail, or how long they take.",
    fix: "let the server serve metrics, and add a ServiceMonitor",
    source: "guide, Observability Integration: expose `/metrics`; ServiceMonitor for Prometheus",
    good: "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: a}
spec:
  replicas: 2
  template:
    metadata: {labels: {app: a, app.kubernetes.io/component: mcp-server}}
    spec:
      containers:
      - {name: a, ports: [{name: http, containerPort: 8080}]}
---
apiVersion: v1
kind: Service
metadata: {name: a, labels: {app: a}}
spec:
  selector: {app: a}
  ports:
  - {name: http, port: 8080}
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: a}
spec:
  selector: {matchLabels: {app: a}}
  endpoints:
  - {port: http}
",
    broken_by: &[(
        "\
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: a}
spec:
  selector: {matchLabels: {app: a}}
  endpoints:
  - {port: http}
",
        "",
    )],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    let (manifests, pods) = (context.input.manifests, &context.input.pods);
    let by_service = manifests
        .of_kind("ServiceMonitor")
        .flat_map(|monitor| monitored(&context.input.services, monitor))
        .flat_map(|service| served(pods, service.object));
    let by_pod = manifests
        .of_kind("PodMonitor")
        .flat_map(|monitor| pod_monitored(pods, monitor));
    let read = by_service.chain(by_pod);
    let read: HashSet<_> = read.map(|pod| pod.workload.id()).collect();
    for pod in pods.iter().filter(|pod| pod.is_server()) {
        if !read.contains(&pod.workload.id()) {
            let message = format!("nothing reads metrics of `{}`", pod.workload.name());
            found.add(pod.workload, pod.workload.at("metadata.name"), message);
        }
    }
}
