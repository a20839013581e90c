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
