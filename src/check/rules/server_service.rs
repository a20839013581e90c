//! Servers have an address.

use std::collections::HashSet;

use super::{Context, Found, Rule};
use crate::check::references::served;
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP063",
    name: "server-service",
    title: "every server is behind a Service",
    severity: Severity::Warning,
    why: "LiteLLM calls a server by the name of its Service; without one the address changes with every pod.",
    fix: "add a Service of type ClusterIP whose `selector` has labels of the pods",
    source: "guide, Standard Kubernetes Resources: Service, ClusterIP type for internal access",
    good: "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: a}
spec:
  replicas: 2
  template:
    metadata: {labels: {app.kubernetes.io/component: mcp-server}}
    spec:
      containers:
      - {name: a, ports: [{name: http, containerPort: 8080}]}
---
apiVersion: v1
kind: Service
metadata: {name: a}
spec:
  selector: {app.kubernetes.io/component: mcp-server}
  ports:
  - {name: http, port: 8080, targetPort: http}
",
    broken_by: &[(
        "\
---
apiVersion: v1
kind: Service
metadata: {name: a}
spec:
  selector: {app.kubernetes.io/component: mcp-server}
  ports:
  - {name: http, port: 8080, targetPort: http}
",
        "",
    )],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    let pods = &context.input.pods;
    let services = context.input.services.iter();
    let behind = services.flat_map(|service| served(pods, service.object));
    let behind: HashSet<_> = behind.map(|pod| pod.workload.id()).collect();
    for pod in pods.iter().filter(|pod| pod.is_server()) {
        if !pod.is_job() && !behind.contains(&pod.workload.id()) {
            let at = pod.workload.at("metadata.name");
            let message = format!("no Service leads to `{}`", pod.workload.name());
            found.add(pod.workload, at, message);
        }
    }
}
