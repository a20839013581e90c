//! LiteLLM knows the servers.

use super::{Context, Found, Rule};
use crate::check::references::served;
use crate::manifest::Pod;
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
    bad: "\
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
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    let manifests = context.manifests;
    let is_known = |namespace: &str, name: &str| {
        let mut known = context.upstreams.iter().map(|upstream| &upstream.service);
        known.any(|service| service.0 == namespace && service.1 == name)
    };
    let services = manifests.of_kind("Service");
    let services = services.filter(|service| served(manifests, service).any(|pod| pod.is_server()));
    let (known, unknown): (Vec<_>, Vec<_>) =
        services.partition(|service| is_known(service.namespace(), service.name()));
    // Nobody lists servers here, or none of these.
    if known.is_empty() {
        return;
    }
    let same =
        |pod: &Pod<'_>, other: &Pod<'_>| pod.workload.reference() == other.workload.reference();
    for service in unknown {
        for pod in served(manifests, service).filter(Pod::is_server) {
            let mut known = known.iter().flat_map(|service| served(manifests, service));
            if !known.any(|other| same(&pod, &other)) {
                let name = service.at("metadata.name");
                let message = format!("LiteLLM is told nothing of `{}`", pod.workload.name());
                found.add(service, name, message);
            }
        }
    }
}
