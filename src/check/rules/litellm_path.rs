//! LiteLLM calls what speaks MCP.

use super::{Context, Found, Rule};
use crate::check::upstreams::Upstream;
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP093",
    name: "litellm-path",
    title: "the URL of a server has the path of its MCP endpoint, and its transport",
    severity: Severity::Error,
    why: "LiteLLM adds no path: the address of a Service alone is answered with 404, and a path of the other transport with an error of the protocol.",
    fix: "write `/mcp` with `transport: http`, or `/sse` with `transport: sse`: what the server serves",
    source: "LiteLLM 1.106 and 1.109, observed: the URL must include the path",
    good: "\
apiVersion: v1
kind: ConfigMap
metadata: {name: litellm, namespace: litellm}
data:
  config.yaml: |
    mcp_servers:
      mcp_github:
        url: http://mcp-github.litellm.svc.cluster.local:8080/sse
        transport: sse
",
    broken_by: &[("transport: sse", "transport: http")],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for upstream in context.upstreams {
        let fault = fault(context, upstream);
        if let Some(fault) = fault {
            let message = format!("`{}` {fault}", upstream.name);
            found.add_at(upstream.object, upstream.spot, message);
        }
    }
}

fn fault(context: &Context<'_>, upstream: &Upstream<'_>) -> Option<String> {
    let transport = upstream.transport.as_deref()?;
    let url = &upstream.url;
    let path = url.path().as_str();
    let mut declared = context.settings.registered.iter();
    let same = |known: &&(crate::model::HttpEndpoint, &str)| {
        known.0.host() == url.host() && known.0.port() == url.port()
    };
    if let Some((known, of)) = declared.find(same) {
        let served = known.path().as_str();
        let is_served = served == path && *of == transport;
        return (!is_served).then(|| {
            format!("is called at `{path}` over `{transport}`, and serves `{served}` over `{of}`")
        });
    }
    let ends = |ending: &str| path.trim_end_matches('/').ends_with(ending);
    match transport {
        "http" if ends("/sse") => Some("is called over `http` at a path of `sse`".into()),
        "sse" if ends("/mcp") => Some("is called over `sse` at a path of `http`".into()),
        // A server may serve MCP at its root; then the URL says so with a `/`.
        "http" | "sse" if !has_path(url.as_str()) => Some("is called without a path".into()),
        _ => None,
    }
}

fn has_path(url: &str) -> bool {
    url.split_once("://")
        .is_some_and(|(_, rest)| rest.contains('/'))
}
