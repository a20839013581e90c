//! What LiteLLM is told beside a clean bundle.

use super::beside::Beside;

/// A ConfigMap of the proxy's namespace with this LiteLLM config.
fn config(lines: &str) -> String {
    let lines = lines.replace('\n', "\n    ");
    format!(
        "apiVersion: v1
kind: ConfigMap
metadata: {{name: litellm-config, namespace: litellm}}
data:
  config.yaml: |
    model_list: []
    {lines}
"
    )
}

/// A config that registers one server.
fn registers(server: &str) -> String {
    config(&format!("mcp_servers: {{mcp_github: {{{server}}}}}"))
}

/// A proxy whose container has these fields, and a config with what it refers to.
fn proxy(container: &str) -> String {
    let config = registers("url: os.environ/GITHUB_URL, authentication_token: os.environ/TOKEN");
    format!(
        "{config}---
apiVersion: v1
kind: Pod
metadata:
  name: litellm
  namespace: litellm
  labels: {{app.kubernetes.io/name: litellm-proxy}}
spec:
  automountServiceAccountToken: false
  enableServiceLinks: false
  securityContext: {{runAsNonRoot: true, runAsUser: 1000, seccompProfile: {{type: RuntimeDefault}}}}
  volumes: [{{name: config, configMap: {{name: litellm-config}}}}]
  containers:
  - name: litellm
    image: 123456789012.dkr.ecr.us-east-1.amazonaws.com/litellm:1.0.0
    resources: {{requests: {{cpu: 1, memory: 1Gi}}, limits: {{cpu: 1, memory: 1Gi}}}}
    securityContext:
      allowPrivilegeEscalation: false
      readOnlyRootFilesystem: true
      capabilities: {{drop: [ALL]}}
    volumeMounts: [{{name: config, mountPath: /etc/litellm}}]
    {container}
"
    )
}

/// What LiteLLM is told.
#[allow(clippy::too_many_lines, reason = "a table")]
pub fn configs() -> Vec<Beside> {
    let url = |url: &str| registers(&format!("url: \"{url}\""));
    vec![
        (
            "right",
            url("http://mcp-github.litellm.svc.cluster.local:8080/mcp"),
            &[],
        ),
        ("a short name", url("http://mcp-github:8080/mcp"), &[]),
        (
            "name and namespace",
            url("http://mcp-github.litellm:8080/mcp"),
            &[],
        ),
        ("outside", url("https://mcp.example.com/mcp"), &[]),
        (
            "another namespace",
            url("http://mcp-x.tools.svc.cluster.local:8080/mcp"),
            &[],
        ),
        ("a variable of nobody here", url("os.environ/ANY"), &[]),
        (
            "no such Service",
            url("http://mcp-githb.litellm.svc.cluster.local:8080/mcp"),
            &["MCP091"],
        ),
        (
            "no such short name",
            url("http://mcp-githb:8080/mcp"),
            &["MCP091"],
        ),
        (
            "no such Service in the namespace",
            url("http://mcp-githb.litellm:8080/mcp"),
            &["MCP091"],
        ),
        (
            "the port of http",
            url("http://mcp-github.litellm.svc.cluster.local/mcp"),
            &["MCP092"],
        ),
        (
            "another port",
            url("http://mcp-github.litellm.svc:80801/mcp"),
            &[],
        ),
        (
            "the port of metrics",
            url("http://mcp-github.litellm.svc:9090/mcp"),
            &["MCP092"],
        ),
        (
            "no path",
            url("http://mcp-github.litellm.svc.cluster.local:8080"),
            &["MCP093"],
        ),
        (
            "the root",
            url("http://mcp-github.litellm.svc.cluster.local:8080/"),
            &[],
        ),
        (
            "the path of sse",
            url("http://mcp-github.litellm.svc.cluster.local:8080/sse"),
            &["MCP093"],
        ),
        (
            "sse at the path of http",
            registers("url: \"http://mcp-github.litellm.svc:8080/mcp\", transport: sse"),
            &["MCP093"],
        ),
        (
            "the guide's list",
            config("litellm_settings:\n  mcp_servers:\n  - {server_name: github, transport: sse}"),
            &["MCP090"],
        ),
        (
            "a list",
            config("mcp_servers:\n- {server_name: github}"),
            &["MCP090"],
        ),
        (
            "a dash",
            config("mcp_servers: {mcp-a: {url: \"https://a.example.com/mcp\"}}"),
            &["MCP090"],
        ),
        ("nothing", config("mcp_servers: {a: null}"), &["MCP090"]),
        (
            "no url",
            registers("endpoint: \"http://mcp-github:8080\""),
            &["MCP090"],
        ),
        (
            "a process",
            registers("transport: stdio, command: npx"),
            &[],
        ),
        (
            "another transport",
            registers("url: \"http://mcp-github:8080/mcp\", transport: streamable-http"),
            &["MCP090"],
        ),
        (
            "a quoted boolean",
            registers("url: \"http://mcp-github:8080/mcp\", allow_all_keys: \"false\""),
            &["MCP090"],
        ),
        (
            "a group",
            registers("url: \"http://mcp-github:8080/mcp\", access_groups: all"),
            &["MCP090"],
        ),
        (
            "oauth2",
            registers("url: \"http://mcp-github:8080/mcp\", auth_type: oauth2"),
            &["MCP090"],
        ),
        (
            "another program's list",
            config("mcp_servers: [{name: a}]")
                .replace("    model_list: []\n", "")
                .replace("litellm-config", "agent"),
            &[],
        ),
        (
            "values of Helm",
            config(
                "proxy_config: {mcp_servers: {a: {url: os.environ/A}}}\nenvVars: {A: \"http://mcp-githb:8080/mcp\"}",
            ),
            &["MCP091"],
        ),
        (
            "values of the other chart",
            config(
                "gateway:\n  extraEnv: [{name: A, value: \"http://mcp-github:80/mcp\"}]\n  config: {proxy_config: {mcp_servers: {a: {url: os.environ/A}}}}",
            ),
            &["MCP092"],
        ),
        (
            "variables that are there",
            proxy(
                "env: [{name: GITHUB_URL, value: \"http://mcp-github:8080/mcp\"}, {name: TOKEN, value: a}]",
            ),
            &[],
        ),
        (
            "a variable that is not",
            proxy("env: [{name: GITHUB_URL, value: \"http://mcp-github:8080/mcp\"}]"),
            &["MCP094"],
        ),
        (
            "a variable that leads nowhere",
            proxy(
                "env: [{name: GITHUB_URL, value: \"http://mcp-githb:8080/mcp\"}, {name: TOKEN, value: a}]",
            ),
            &["MCP091"],
        ),
        (
            "variables from a Secret that is not here",
            proxy("envFrom: [{secretRef: {name: all, optional: true}}]"),
            &[],
        ),
        (
            "the guide's variable",
            proxy(
                "env: [{name: MCP_A_ENDPOINT, value: \"http://mcp-a:8080\"}, {name: GITHUB_URL, value: \"http://mcp-github:8080/mcp\"}, {name: TOKEN, value: a}]",
            ),
            &["MCP091"],
        ),
    ]
}
