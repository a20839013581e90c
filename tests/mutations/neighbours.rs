//! What is done to the objects around it.

use serde_json::json;

use super::Mutation;

/// Mutations of what is around it.
#[allow(clippy::too_many_lines, reason = "a table")]
pub fn neighbours() -> Vec<Mutation> {
    let name = "mcp-github";
    let other = || Some(json!({"app.kubernetes.io/name": "mcp-gitlab"}));
    vec![
        (
            "PodDisruptionBudget",
            name,
            "/spec/minAvailable",
            Some(json!(2)),
            &["MCP032"],
        ),
        (
            "PodDisruptionBudget",
            name,
            "/spec/minAvailable",
            Some(json!("51%")),
            &["MCP032"],
        ),
        (
            "PodDisruptionBudget",
            name,
            "/spec/minAvailable",
            Some(json!("50%")),
            &[],
        ),
        (
            "PodDisruptionBudget",
            name,
            "/spec",
            Some(
                json!({"maxUnavailable": "0%", "selector": {"matchLabels": {"app.kubernetes.io/name": "mcp-github"}}}),
            ),
            &["MCP032"],
        ),
        (
            "PodDisruptionBudget",
            name,
            "/spec",
            Some(
                json!({"maxUnavailable": "1%", "selector": {"matchLabels": {"app.kubernetes.io/name": "mcp-github"}}}),
            ),
            &[],
        ),
        (
            "PodDisruptionBudget",
            name,
            "/spec/maxUnavailable",
            Some(json!(0)),
            &["MCP032"],
        ),
        (
            "PodDisruptionBudget",
            name,
            "/spec/selector/matchLabels",
            other(),
            &["MCP031", "MCP079"],
        ),
        (
            "PodDisruptionBudget",
            name,
            "/metadata/namespace",
            Some(json!("elsewhere")),
            &["MCP031", "MCP079"],
        ),
        (
            "Service",
            name,
            "/spec/type",
            Some(json!("NodePort")),
            &["MCP060"],
        ),
        (
            "Service",
            name,
            "/spec/type",
            Some(json!("LoadBalancer")),
            &["MCP060"],
        ),
        (
            "Service",
            name,
            "/spec/selector",
            other(),
            &["MCP061", "MCP063", "MCP082"],
        ),
        (
            "Service",
            name,
            "/metadata/namespace",
            Some(json!("elsewhere")),
            &["MCP061", "MCP063", "MCP082", "MCP084", "MCP091"],
        ),
        (
            "Service",
            name,
            "/spec/ports/0/targetPort",
            Some(json!("web")),
            &["MCP062"],
        ),
        (
            "Service",
            name,
            "/spec/ports/0/targetPort",
            Some(json!(9)),
            &["MCP062", "MCP104", "MCP108"],
        ),
        (
            "Service",
            name,
            "/metadata/labels",
            None,
            &["MCP082", "MCP084"],
        ),
        (
            "ExternalSecret",
            "mcp-github-secrets",
            "/spec/data/0/secretKey",
            Some(json!("token")),
            &["MCP073"],
        ),
        (
            "ExternalSecret",
            "mcp-github-secrets",
            "/spec/target/name",
            Some(json!("other")),
            &["MCP073"],
        ),
        (
            "ExternalSecret",
            "mcp-github-secrets",
            "/metadata/namespace",
            Some(json!("elsewhere")),
            &["MCP073"],
        ),
        (
            "ServiceAccount",
            "mcp-github-sa",
            "/metadata/name",
            Some(json!("other")),
            &["MCP076"],
        ),
        (
            "ServiceAccount",
            "mcp-github-sa",
            "/metadata/namespace",
            Some(json!("elsewhere")),
            &["MCP076"],
        ),
        (
            "ServiceMonitor",
            "mcp-servers",
            "/spec/selector/matchLabels",
            other(),
            &["MCP080", "MCP082"],
        ),
        (
            "ServiceMonitor",
            "mcp-servers",
            "/spec/namespaceSelector/matchNames/0",
            Some(json!("elsewhere")),
            &["MCP080", "MCP082"],
        ),
        (
            "ServiceMonitor",
            "mcp-servers",
            "/spec/namespaceSelector",
            None,
            &["MCP080", "MCP082"],
        ),
        (
            "ServiceMonitor",
            "mcp-servers",
            "/spec/endpoints/0/port",
            Some(json!("metrics")),
            &["MCP081"],
        ),
        (
            "ConfigMap",
            "mcp-litellm",
            "/data/other",
            Some(json!("ghp_0123456789abcdefghijABCDEFGHIJ012345")),
            &["MCP072"],
        ),
    ]
}
