//! LiteLLM takes what it is told.

use super::{Context, Found, Rule};
use crate::manifest::At;
use crate::problem::Severity;
use crate::yaml::Value;

pub const RULE: Rule = Rule {
    id: "MCP090",
    name: "litellm-servers",
    title: "servers are registered as LiteLLM reads them",
    severity: Severity::Error,
    why: "LiteLLM reads a top-level mapping `mcp_servers`. A list under `litellm_settings` registers nothing without a word; a `-` in a name or an unknown transport ends the proxy; a quoted `\"false\"` is true.",
    fix: "write `mcp_servers: {mcp_github: {url: \"http://…/mcp\", transport: http}}` at the top level, or have `mcpset litellm` write it",
    source: "LiteLLM 1.106 and 1.109, observed; guide, Connecting LiteLLM to MCP Servers",
    good: "\
apiVersion: v1
kind: ConfigMap
metadata: {name: litellm, namespace: litellm}
data:
  config.yaml: |
    mcp_servers:
      mcp_github:
        url: http://mcp-github.litellm.svc.cluster.local:8080/mcp
",
    broken_by: &[(
        "    mcp_servers:
      mcp_github:
        url: http://mcp-github.litellm.svc.cluster.local:8080/mcp
",
        "    litellm_settings:
      mcp_servers:
      - server_name: github
        endpoint: \"http://mcp-github.litellm.svc.cluster.local:8080\"
        transport: sse
",
    )],
    check,
};

const TRANSPORTS: [&str; 3] = ["http", "sse", "stdio"];

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for config in context.proxies {
        let mut add = |spot, message: String| found.add_at(config.object, spot, message);
        let root = config.root();
        let nested = root.at("litellm_settings.mcp_servers");
        if nested.exists() {
            add(
                config.spot(nested.place()),
                "LiteLLM reads `mcp_servers` at the top level, not under `litellm_settings`".into(),
            );
        }
        let servers = root.get("mcp_servers");
        if is_list(servers) {
            add(
                config.spot(servers.place()),
                "`mcp_servers` is a list, and LiteLLM reads a mapping".into(),
            );
        }
        for (name, server) in config.servers() {
            if name.contains('-') {
                add(
                    config.spot_of(name),
                    format!("`{name}`: LiteLLM takes no `-` in a server's name"),
                );
            }
            for fault in faults(server) {
                add(config.spot_of(name), format!("`{name}`: {fault}"));
            }
        }
    }
}

fn is_list(at: At<'_>) -> bool {
    at.node()
        .is_some_and(|node| matches!(node.value, Value::Sequence(_)))
}

/// What is wrong with `server`.
fn faults(server: At<'_>) -> Vec<String> {
    if !server.exists() {
        return vec!["nothing is said of it, and LiteLLM ends".into()];
    }
    let mut faults = Vec::new();
    let transport = server.get("transport").text().unwrap_or("http");
    if !TRANSPORTS.contains(&transport) {
        faults.push(format!(
            "`{transport}` is no transport of LiteLLM: write `http`, `sse` or `stdio`"
        ));
    }
    let addresses = ["url", "spec_path", "command"];
    let has_address = addresses.iter().any(|key| server.get(key).exists());
    if !has_address && transport != "stdio" {
        faults.push("there is no `url`".into());
    }
    let groups = server.get("access_groups");
    if groups.exists() && !is_list(groups) {
        faults.push("`access_groups` is no list".into());
    }
    let all_keys = server.get("allow_all_keys");
    if all_keys.exists() && all_keys.boolean().is_none() {
        faults.push("`allow_all_keys` is a text, which LiteLLM takes for true".into());
    }
    let is_oauth = server.get("auth_type").text() == Some("oauth2");
    if is_oauth && !server.get("oauth2_flow").exists() {
        faults.push("`oauth2` needs an `oauth2_flow`".into());
    }
    faults
}
