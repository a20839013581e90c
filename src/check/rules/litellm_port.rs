//! LiteLLM calls ports that are open.

use super::{Context, Found, Rule, litellm_service};
use crate::manifest::Object;
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP092",
    name: "litellm-port",
    title: "the URL of a server has a port of its Service",
    severity: Severity::Error,
    why: "A Service forwards its own ports and no others; a URL without a port means 80, or 443 with https.",
    fix: "write a port of the Service into the URL",
    source: "guide, Connecting LiteLLM to MCP Servers; closed references",
    good: litellm_service::RULE.good,
    broken_by: &[(
        "http://mcp-github.litellm.svc.cluster.local:8080/mcp",
        "http://mcp-github.litellm.svc.cluster.local/mcp",
    )],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for upstream in context.upstreams {
        let (namespace, name) = &upstream.service;
        let service = context.input.manifests.find("Service", namespace, name);
        let port = upstream.url.port().number();
        if let Some(service) = service.filter(|service| !forwards(service, port)) {
            let server = &upstream.name;
            let message = format!(
                "`{server}` leads to port {port}, which the Service `{}` has not",
                service.name()
            );
            found.add_at(upstream.object, upstream.spot, message);
        }
    }
}

/// Whether `service` has the port, or takes any: one without an address of its own leads to the
/// pods themselves, or elsewhere.
fn forwards(service: &Object, port: u16) -> bool {
    let is_direct = service.at("spec.clusterIP").text() == Some("None")
        || service.at("spec.type").text() == Some("ExternalName");
    let mut ports = service.at("spec.ports").items();
    is_direct || ports.any(|at| at.get("port").number() == Some(port.into()))
}
