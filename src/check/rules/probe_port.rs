//! Probes ask where somebody listens.

use super::{Context, Found, Rule};
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP041",
    name: "probe-port",
    title: "probes ask a port that the container has",
    severity: Severity::Error,
    why: "A name that no port of the container has leads nowhere: the probe fails for ever, and the pod never gets ready or is restarted again and again. A number is asked whether it is declared or not; of an MCP server it is a warning, as what selects ports by their names, such as a Service, does not find an undeclared one.",
    fix: "name the port that the container declares, such as `port: http`",
    source: "Kubernetes, Configure Probes; not checked by the API server",
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
      - {name: a, ports: [{name: http, containerPort: 8080}], livenessProbe: {httpGet: {port: http}}}
",
    broken_by: &[
        ("port: http", "port: web"),
    ],
    check,
};

const PROBES: [&str; 3] = ["livenessProbe", "readinessProbe", "startupProbe"];

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for (pod, container) in context.containers() {
        for probe in PROBES {
            for way in ["httpGet", "tcpSocket", "grpc"] {
                let at = container.at.get(probe).get(way).get("port");
                let Some(text) = at.text() else { continue };
                let mut ports = container.ports();
                let is_declared =
                    ports.any(|(number, name)| at.number() == Some(number) || name == Some(text));
                if is_declared {
                    continue;
                }
                let message = format!("{} declares no port `{text}`", container.called());
                if at.number().is_none() {
                    found.add(pod.workload, at, message);
                } else if pod.is_server() {
                    found.warn(pod.workload, at, message);
                }
            }
        }
    }
}
