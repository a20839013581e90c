//! Calls can be followed.

use super::{Context, Found, Rule};
use crate::check::conventions::TELEMETRY;
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP083",
    name: "tracing",
    title: "servers know where traces go",
    severity: Severity::Note,
    why: "A slow call cannot be followed to what made it slow.",
    fix: "set `OTEL_EXPORTER_OTLP_ENDPOINT`",
    source: "guide, Observability Integration: send OTLP traces to Jaeger",
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
      - {name: a, env: [{name: OTEL_EXPORTER_OTLP_ENDPOINT, value: \"http://jaeger:4318\"}]}
",
    broken_by: &[(
        "name: a, env: [{name: OTEL_EXPORTER_OTLP_ENDPOINT, value: \"http://jaeger:4318\"}]",
        "name: a",
    )],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for pod in context.input.pods.iter().filter(|pod| pod.is_server()) {
        let mut variables = pod
            .containers()
            .flat_map(|container| container.at.get("env").items());
        if !variables.any(|variable| variable.get("name").text() == Some(TELEMETRY)) {
            let message = format!("`{}` sends no traces", pod.workload.name());
            found.add(pod.workload, pod.workload.at("metadata.name"), message);
        }
    }
}
