//! What is put beside a clean bundle, and is wrong with it or right.

/// What a case is about, the objects that are put beside the bundle, and the rules that notice.
pub type Beside = (&'static str, String, &'static [&'static str]);

/// An autoscaler of `mcp-github`.
pub fn scaler(spec: &str) -> String {
    format!(
        "apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {{name: mcp-github, namespace: litellm}}
spec:
  scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: mcp-github}}
  {spec}
"
    )
}

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

/// A rule beside those of the set.
fn alert(expr: &str) -> String {
    format!(
        "apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: {{name: own, namespace: monitoring}}
spec:
  groups:
  - name: own
    rules:
    - alert: Own
      expr: |-
        {expr}
"
    )
}

/// A dashboard beside that of the set, with this expression.
fn dashboard(expr: &str) -> String {
    let json = serde_json::json!({"panels": [{"title": "Own", "targets": [{"expr": expr}]}]});
    let json = json.to_string().replace('\'', "''");
    format!(
        "apiVersion: v1
kind: ConfigMap
metadata: {{name: own, namespace: monitoring, labels: {{grafana_dashboard: \"1\"}}}}
data: {{own.json: '{json}'}}
"
    )
}

/// A store, and an ExternalSecret that names `store`.
fn fetched(version: &str, store: &str) -> String {
    format!(
        "apiVersion: external-secrets.io/v1
kind: ClusterSecretStore
metadata: {{name: aws-secrets-manager}}
spec: {{}}
---
apiVersion: external-secrets.io/{version}
kind: ExternalSecret
metadata: {{name: own, namespace: litellm}}
spec:
  secretStoreRef: {store}
  data: [{{secretKey: a, remoteRef: {{key: b}}}}]
"
    )
}

/// Autoscalers. The bundle writes two replicas: each of them decides, too.
pub fn scalers() -> Vec<Beside> {
    let share = |kind: &str, name: &str| {
        scaler(&format!(
            "minReplicas: 2\n  maxReplicas: 5\n  metrics: [{{type: Resource, resource: {{name: {name}, target: {{type: T, {kind}: 50}}}}}}]"
        ))
    };
    vec![
        (
            "in range",
            scaler("minReplicas: 2\n  maxReplicas: 5"),
            &["MCP034"],
        ),
        (
            "a minimum of one",
            scaler("maxReplicas: 5"),
            &["MCP030", "MCP034"],
        ),
        (
            "empty range",
            scaler("minReplicas: 3\n  maxReplicas: 2"),
            &["MCP034", "MCP035"],
        ),
        (
            "a share of a request",
            share("averageUtilization", "cpu"),
            &["MCP034"],
        ),
        (
            "a share of nothing",
            share("averageUtilization", "nvidia.com/gpu"),
            &["MCP034", "MCP036"],
        ),
        (
            "a value",
            share("averageValue", "nvidia.com/gpu"),
            &["MCP034"],
        ),
        (
            "of somebody else",
            scaler("maxReplicas: 1").replace("name: mcp-github", "name: other"),
            &["MCP078"],
        ),
    ]
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

/// Alerts and dashboards.
pub fn queries() -> Vec<Beside> {
    vec![
        (
            "a job",
            alert("absent(up{namespace=\"litellm\", job=\"mcp-github\"})"),
            &[],
        ),
        (
            "no such job",
            alert("absent(up{namespace=\"litellm\", job=\"github\"})"),
            &["MCP084"],
        ),
        (
            "one of two",
            alert("mcp_errors_total{job=~\"mcp-s3|s3\"} > 1"),
            &["MCP084"],
        ),
        (
            "an expression",
            alert("mcp_errors_total{job=~\"mcp-.*\"} > 1"),
            &[],
        ),
        (
            "all but one",
            alert("mcp_errors_total{job!=\"github\"} > 1"),
            &[],
        ),
        (
            "another namespace",
            alert("mcp_errors_total{namespace=\"tools\", job=\"github\"} > 1"),
            &[],
        ),
        (
            "other metrics",
            alert("process_open_fds{job=\"github\"} > 1"),
            &[],
        ),
        ("up of anybody", alert("up{job=\"github\"} == 0"), &[]),
        (
            "a recorded metric",
            alert("mcp_a:b{job=\"github\"} > 1"),
            &[],
        ),
        (
            "in a comment",
            alert("mcp_errors_total > 1 # {job=\"github\"}"),
            &[],
        ),
        (
            "no such Service",
            alert("mcp_errors_total{service=\"github\"} > 1"),
            &["MCP084"],
        ),
        (
            "no such set",
            alert("mcp_errors_total{app_kubernetes_io_part_of=\"m\"} > 1"),
            &["MCP084"],
        ),
        (
            "a copied label",
            alert("sum by (app_kubernetes_io_part_of) (mcp_errors_total) > 1"),
            &[],
        ),
        (
            "no copied label",
            alert("sum by (app_kubernetes_io_name) (mcp_errors_total) > 1"),
            &["MCP085"],
        ),
        (
            "no copied label to match",
            alert("mcp_errors_total{app_kubernetes_io_name=\"a\"} > 1"),
            &["MCP085"],
        ),
        (
            "a label that is made",
            alert(
                "sum by (app_kubernetes_io_name) (label_replace(mcp_errors_total, \"app_kubernetes_io_name\", \"$1\", \"job\", \"(.*)\"))",
            ),
            &[],
        ),
        ("a panel", dashboard("mcp_errors_total{job=~\"$job\"}"), &[]),
        (
            "a panel of no job",
            dashboard("mcp_errors_total{job='github'}"),
            &["MCP084"],
        ),
        (
            "a panel of no label",
            dashboard("mcp_errors_total{app_kubernetes_io_name=`a`}"),
            &["MCP085"],
        ),
    ]
}

/// Secrets and roles.
pub fn secrets() -> Vec<Beside> {
    let account = |role: &str| {
        format!(
            "apiVersion: v1
kind: ServiceAccount
metadata: {{name: a, namespace: litellm, annotations: {{eks.amazonaws.com/role-arn: \"{role}\"}}}}
"
        )
    };
    let store = "{kind: ClusterSecretStore, name: aws-secrets-manager}";
    let written = |name: &str| {
        format!(
            "apiVersion: v1\nkind: Secret\nmetadata: {{name: {name}, namespace: litellm}}\nstringData: {{github-token: a}}\n"
        )
    };
    vec![
        (
            "a Secret of a server",
            written("mcp-github-secrets"),
            &["MCP065"],
        ),
        ("a Secret of nobody", written("other"), &[]),
        ("a store", fetched("v1", store), &[]),
        ("an old version", fetched("v1beta1", store), &["MCP067"]),
        (
            "no such store",
            fetched("v1", "{kind: ClusterSecretStore, name: aws}"),
            &["MCP068"],
        ),
        (
            "a store of no namespace",
            fetched("v1", "{name: aws-secrets-manager}"),
            &["MCP068"],
        ),
        (
            "a role",
            account("arn:aws-cn:iam::123456789012:role/a/b"),
            &[],
        ),
        (
            "a policy",
            account("arn:aws:iam::123456789012:policy/a"),
            &["MCP019"],
        ),
        (
            "a placeholder",
            account("arn:aws:iam::ACCOUNT_ID:role/a"),
            &["MCP019"],
        ),
    ]
}
