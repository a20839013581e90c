//! Monitors watch somebody.

use super::{Context, Found, Rule};
use crate::check::references::monitored;
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP080",
    name: "monitor-selector",
    title: "a ServiceMonitor selects Services",
    severity: Severity::Error,
    why: "Nothing is scraped, and no alert says so: there is no series to alert on.",
    fix: "write labels that the Service itself carries, and its namespace",
    source: "closed references",
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
  selector: {matchLabels: {app: b}}
  endpoints:
  - {port: http}
",
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for monitor in context.input.manifests.of_kind("ServiceMonitor") {
        if monitored(&context.input.services, monitor).next().is_none() {
            let message = format!("the ServiceMonitor `{}` selects no Service", monitor.name());
            found.add(monitor, monitor.at("spec.selector"), message);
        }
    }
}
