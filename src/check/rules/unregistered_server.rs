//! LiteLLM knows the servers.

use std::collections::HashSet;

use super::{Context, Found, Rule};
use crate::check::references::served;
use crate::manifest::{Object, Pods};
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP095",
    name: "unregistered-server",
    title: "where LiteLLM's servers are listed, every server is",
    severity: Severity::Note,
    why: "A server that LiteLLM does not know runs and is watched, and nobody calls it.",
    fix: "add it to `mcp_servers`, or have `mcpset litellm` write all of them",
    source: "guide, Deployment Checklist: LiteLLM configured with MCP endpoint",
    good: "\
apiVersion: v1
kind: ConfigMap
metadata: {name: litellm, namespace: mcp}
data:
  config.yaml: |
    mcp_servers:
      mcp_a: {url: \"http://a:8080/mcp\"}
---
apiVersion: v1
kind: Pod
metadata: {name: a, namespace: mcp, labels: {app: a, app.kubernetes.io/component: mcp-server}}
spec: {containers: [{name: a, ports: [{name: http, containerPort: 8080}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: a, namespace: mcp}
spec:
  selector: {app: a}
  ports: [{name: http, port: 8080, targetPort: http}]
",
    broken_by: &[(
        "  ports: [{name: http, port: 8080, targetPort: http}]
",
        "  ports: [{name: http, port: 8080, targetPort: http}]
---
apiVersion: v1
kind: Pod
metadata: {name: b, namespace: mcp, labels: {app: b, app.kubernetes.io/component: mcp-server}}
spec: {containers: [{name: a, ports: [{name: http, containerPort: 8080}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: b, namespace: mcp}
spec:
  selector: {app: b}
  ports: [{name: http, port: 8080, targetPort: http}]
",
    )],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    let pods = &context.input.pods;
    let upstreams = context.upstreams.iter();
    let listed: HashSet<(&str, &str)> = upstreams
        .map(|upstream| (upstream.service.0.as_str(), upstream.service.1.as_str()))
        .collect();
    let (known, unknown): (Vec<_>, Vec<_>) = context
        .input
        .services
        .iter()
        .map(|service| (service.object, servers(pods, service.object)))
        .filter(|(_, servers)| !servers.is_empty())
        .partition(|(service, _)| listed.contains(&(service.namespace(), service.name())));
    // Nobody lists servers here, or none of these.
    if known.is_empty() {
        return;
    }
    let known: HashSet<_> = known.into_iter().flat_map(|(_, servers)| servers).collect();
    for (service, servers) in unknown {
        for (_, _, server) in servers.iter().filter(|server| !known.contains(*server)) {
            let message = format!("LiteLLM is told nothing of `{server}`");
            found.add(service, service.at("metadata.name"), message);
        }
    }
}

/// The ids of the servers that `service` leads to.
fn servers<'n>(pods: &'n Pods<'_>, service: &'n Object) -> Vec<(&'n str, &'n str, &'n str)> {
    let servers = served(pods, service).filter(|pod| pod.is_server());
    servers.map(|pod| pod.workload.id()).collect()
}
