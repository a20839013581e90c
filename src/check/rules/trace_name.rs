//! Traces say whose they are.

use super::{Context, Found, Rule};
use crate::manifest::At;
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP088",
    name: "trace-name",
    title: "servers that send traces name themselves",
    severity: Severity::Note,
    why: "Without a name all of them are `unknown_service` in Jaeger.",
    fix: "set `OTEL_SERVICE_NAME` to the name of the workload",
    source: "guide, Distributed Tracing: OTEL_SERVICE_NAME",
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
      - {name: a, env: [{name: OTEL_EXPORTER_OTLP_ENDPOINT, value: \"http://jaeger:4318\"}, {name: OTEL_SERVICE_NAME, value: mcp-github}]}
",
    broken_by: &[
        ("env: [{name: OTEL_EXPORTER_OTLP_ENDPOINT, value: \"http://jaeger:4318\"}, {name: OTEL_SERVICE_NAME, value: mcp-github}]", "env: [{name: OTEL_EXPORTER_OTLP_ENDPOINT, value: \"http://jaeger:4318\"}]"),
    ],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for (pod, container) in context.containers() {
        // What `envFrom` brings may be the name.
        if !pod.is_server() || container.at.get("envFrom").exists() {
            continue;
        }
        let variables = container.at.get("env").items();
        let named = |name: &str| {
            let mut variables = variables.clone();
            variables.find(|variable| variable.get("name").text() == Some(name))
        };
        let attributes = named("OTEL_RESOURCE_ATTRIBUTES").map(|at| at.get("value"));
        let attributes = attributes.and_then(At::text).unwrap_or_default();
        let has_name = named("OTEL_SERVICE_NAME").is_some() || attributes.contains("service.name=");
        let endpoint = named("OTEL_EXPORTER_OTLP_ENDPOINT");
        if let Some(endpoint) = endpoint.filter(|_| !has_name) {
            let message = format!("the traces of `{}` have no name", container.name());
            found.add(pod.workload, endpoint, message);
        }
    }
}
