//! Services lead to a port that listens.

use super::{Context, Found, Rule, service_selector};
use crate::check::references::served;
use crate::manifest::Container;
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP062",
    name: "service-port",
    title: "the ports of a Service are ports of its pods",
    severity: Severity::Error,
    why: "A name that no port of the containers has leads nowhere: the Service has no endpoint. A number is called whether it is declared or not; of an MCP server it is a warning, as the VPC CNI matches a NetworkPolicy only where Service and container agree on the port.",
    fix: "write `targetPort` with the name or number of the container's port",
    source: "closed references; facts on the VPC CNI",
    good: service_selector::RULE.good,
    broken_by: &[("targetPort: http", "targetPort: web")],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for service in context.input.manifests.of_kind("Service") {
        for pod in served(&context.input.pods, service) {
            for port in service.at("spec.ports").items() {
                let target = port.get("targetPort");
                let target = if target.exists() {
                    target
                } else {
                    port.get("port")
                };
                let Some(text) = target.text() else { continue };
                let mut declared = pod.containers().flat_map(Container::ports);
                if !declared
                    .any(|(number, name)| target.number() == Some(number) || name == Some(text))
                {
                    let workload = pod.workload.name();
                    let message = format!("no container of `{workload}` declares port `{text}`");
                    if target.number().is_none() {
                        found.add(service, target, message);
                    } else if pod.is_server() {
                        found.warn(service, target, message);
                    }
                }
            }
        }
    }
}
