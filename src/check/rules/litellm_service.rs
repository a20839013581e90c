//! LiteLLM calls servers that there are.

use super::{Context, Found, Rule};
use crate::check::elsewhere::may_be_called;
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP091",
    name: "litellm-service",
    title: "the URL of a server leads to a Service",
    severity: Severity::Error,
    why: "LiteLLM starts all the same, and every call of the server's tools ends in an error of DNS.",
    fix: "write the name and namespace of the Service, or declare it with `--external Service/NAME`",
    source: "guide, Troubleshooting: MCP Server Not Reachable from LiteLLM; closed references",
    good: "\
apiVersion: v1
kind: ConfigMap
metadata: {name: litellm, namespace: litellm}
data:
  config.yaml: |
    mcp_servers:
      mcp_github:
        url: http://mcp-github.litellm.svc.cluster.local:8080/mcp
---
apiVersion: v1
kind: Service
metadata: {name: mcp-github, namespace: litellm}
spec:
  ports:
  - {name: http, port: 8080}
",
    broken_by: &[(
        "http://mcp-github.litellm.svc.cluster.local:8080/mcp",
        "http://mcp-githb.litellm.svc.cluster.local:8080/mcp",
    )],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    let input = context.input;
    for upstream in context.upstreams {
        let (namespace, name) = &upstream.service;
        // Where no Service is, all of the namespace is elsewhere.
        if input.services.has_namespace(namespace)
            && input.manifests.find("Service", namespace, name).is_none()
            && !may_be_called(input, namespace, name)
            && !context.settings.is_external("Service", name)
        {
            let server = &upstream.name;
            let message = format!(
                "`{server}` leads to the Service `{name}` in `{namespace}`, which is not here"
            );
            found.add_at(upstream.object, upstream.spot, message);
        }
    }
}
