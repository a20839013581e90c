//! Spans are sent in the words of the port.

use super::{Context, Found, Rule};
use crate::manifest::At;
use crate::model::HttpEndpoint;
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP086",
    name: "trace-protocol",
    title: "traces go to port 4317 as gRPC, and to 4318 as HTTP",
    severity: Severity::Warning,
    why: "A collector answers the other protocol with an error, the exporter drops the spans, and the server works as before.",
    fix: "write `OTEL_EXPORTER_OTLP_PROTOCOL: http/protobuf` for port 4318, or `grpc` for 4317",
    source: "guide, Distributed Tracing: OTLP traces to Jaeger on 4318 with http/protobuf; OpenTelemetry, OTLP exporter",
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
      - {name: a, env: [{name: OTEL_EXPORTER_OTLP_ENDPOINT, value: \"http://jaeger:4318\"}, {name: OTEL_EXPORTER_OTLP_PROTOCOL, value: http/protobuf}]}
",
    broken_by: &[
        ("value: http/protobuf", "value: grpc"),
    ],
    check,
};

/// Where spans go and in which protocol; what is about traces alone counts more.
const PAIRS: [[&str; 2]; 2] = [
    [
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
        "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL",
    ],
    ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_PROTOCOL"],
];

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for (pod, container) in context.containers() {
        let variables = container.at.get("env").items();
        let variables = variables
            .filter(|variable| variable.get("name").text().is_some_and(is_of_traces))
            .collect::<Vec<_>>();
        let first = |index: usize| {
            let names = PAIRS.iter().filter_map(move |pair| pair.get(index));
            names
                .filter_map(|name| value(&variables, name))
                .find(|at| at.exists())
        };
        let (Some(endpoint), Some(protocol)) = (first(0), first(1)) else {
            continue;
        };
        let url = endpoint
            .text()
            .and_then(|text| HttpEndpoint::parse(text).ok());
        let port = url.map(|url| url.port().number());
        let is_grpc = protocol.text() == Some("grpc");
        if port == Some(4318) && is_grpc || port == Some(4317) && !is_grpc {
            let word = protocol.text().unwrap_or_default();
            let message = format!(
                "traces go to {}, as `{word}`",
                endpoint.text().unwrap_or_default()
            );
            found.add(pod.workload, protocol, message);
        }
    }
}

fn is_of_traces(name: &str) -> bool {
    PAIRS.as_flattened().contains(&name)
}

/// The value of the first of `variables` that is called `name`.
fn value<'m>(variables: &[At<'m>], name: &str) -> Option<At<'m>> {
    let mut variables = variables.iter();
    let variable = variables.find(|variable| variable.get("name").text() == Some(name));
    variable.map(|variable| variable.get("value"))
}
