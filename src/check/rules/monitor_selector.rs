//! Monitors watch somebody.

use super::{Context, Found, Rule};
use crate::check::elsewhere::is_astray;
use crate::check::references::{looked_at, monitored};
use crate::manifest::Labels;
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP080",
    name: "monitor-selector",
    title: "a ServiceMonitor selects Services",
    severity: Severity::Error,
    why: "Nothing is scraped, and no alert says so: there is no series to alert on.",
    fix: "write labels that the Service itself carries, and its namespace; where the Service is elsewhere, `--external ServiceMonitor/NAME`",
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
    broken_by: &[("matchLabels: {app: a}", "matchLabels: {app: b}")],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for monitor in context.input.manifests.of_kind("ServiceMonitor") {
        let services = &context.input.services;
        let namespaces: Vec<&str> = looked_at(monitor).into_iter().collect();
        let wanted = Labels::of(monitor.at("spec.selector.matchLabels"));
        if monitored(services, monitor).next().is_none()
            && is_astray(context, monitor, &namespaces, &wanted, services)
        {
            let message = format!("the ServiceMonitor `{}` selects no Service", monitor.name());
            found.add(monitor, monitor.at("spec.selector"), message);
        }
    }
}
