//! Monitors ask a port that there is.

use super::{Context, Found, Rule, monitor_selector};
use crate::check::references::{monitored, pod_monitored};
use crate::manifest::Container;
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP081",
    name: "monitor-port",
    title: "the ports of a monitor are ports of its Services or pods, by name",
    severity: Severity::Error,
    why: "prometheus-operator compares names: a number, or a name that the Service does not use, yields no target.",
    fix: "write the `name` of the port of the Service, or for a PodMonitor of the container",
    source: "closed references; prometheus-operator API",
    good: monitor_selector::RULE.good,
    broken_by: &[("port: http", "port: metrics")],
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
    for monitor in context.input.manifests.of_kind("PodMonitor") {
        let pods: Vec<_> = pod_monitored(&context.input.pods, monitor).collect();
        let ports = pods.iter().flat_map(|pod| pod.containers());
        let ports = ports.flat_map(Container::ports);
        for endpoint in monitor.at("spec.podMetricsEndpoints").items() {
            let at = endpoint.get("port");
            let mut ports = ports.clone();
            if let Some(name) = at.text().filter(|_| !pods.is_empty())
                && !ports.any(|(_, known)| known == Some(name))
            {
                let message = format!("no pod of `{}` has a port `{name}`", monitor.name());
                found.add(monitor, at, message);
            }
        }
    }
}
