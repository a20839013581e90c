//! Monitors ask a port that there is.

use super::{Context, Found, Rule};
use crate::check::references::monitored;
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP081",
    name: "monitor-port",
    title: "the ports of a ServiceMonitor are ports of its Services, by name",
    severity: Severity::Error,
    why: "prometheus-operator compares names: a number, or a name that the Service does not use, yields no target.",
    fix: "write the `name` of the Service's port",
    source: "closed references; prometheus-operator API",
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
    bad: "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: a}
spec:
  replicas: 2
  template:
    metadata: {labels: {app: a}}
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
  - {port: metrics}
",
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for monitor in context.input.manifests.of_kind("ServiceMonitor") {
        let services: Vec<_> = monitored(&context.input.services, monitor).collect();
        // That it selects none is another rule's matter.
        if services.is_empty() {
            continue;
        }
        for endpoint in monitor.at("spec.endpoints").items() {
            let at = endpoint.get("port");
            let Some(name) = at.text() else { continue };
            let mut ports = services
                .iter()
                .flat_map(|service| service.object.at("spec.ports").items());
            if !ports.any(|port| port.get("name").text() == Some(name)) {
                let message = format!("no Service of `{}` has a port `{name}`", monitor.name());
                found.add(monitor, at, message);
            }
        }
    }
}
