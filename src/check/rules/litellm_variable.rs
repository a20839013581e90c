//! LiteLLM has the variables that it refers to.

use super::{Context, Found, Rule};
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP094",
    name: "litellm-variable",
    title: "every `os.environ/NAME` is a variable of the proxy",
    severity: Severity::Error,
    why: "LiteLLM takes a variable that is not set for an empty text: the server is unreachable, or its credential empty, and the proxy starts all the same.",
    fix: "set the variable in the proxy's containers, by `env` or by a Secret in `envFrom`",
    source: "LiteLLM 1.106 and 1.109, observed; guide, Step 1: Configure Service Endpoint",
    good: "\
apiVersion: v1
kind: ConfigMap
metadata: {name: litellm, namespace: litellm}
data:
  config.yaml: |
    mcp_servers:
      mcp_github:
        url: os.environ/MCP_GITHUB_ENDPOINT
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: litellm, namespace: litellm}
spec:
  replicas: 2
  template:
    metadata: {labels: {app.kubernetes.io/name: litellm-proxy}}
    spec:
      containers:
      - {name: litellm, env: [{name: MCP_GITHUB_ENDPOINT, value: \"http://mcp-github:8080/mcp\"}]}
",
    broken_by: &[(
        "url: os.environ/MCP_GITHUB_ENDPOINT",
        "url: os.environ/MCP_GITHUB_URL",
    )],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for config in context.proxies {
        let Some(known) = config.variables(context.input) else {
            continue;
        };
        let references = config.references().into_iter();
        for (name, place) in references.filter(|(name, _)| !known.contains_key(*name)) {
            let message = format!("the proxy has no variable `{name}`");
            found.add_at(config.object, config.spot(place), message);
        }
    }
}
