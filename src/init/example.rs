//! What could be added to a first set, as it would be written.
//!
//! Each is one line, so that a person who takes the `# ` away needs to know nothing of indentation.
//! Together they contradict each other nowhere.

use super::known::Known;

/// Stands for the name of the server in a line.
const NAME: &str = "NAME";

/// A line that could be added.
#[derive(Debug)]
pub struct Example {
    /// What it is for.
    pub remark: &'static str,
    /// The line.
    line: &'static str,
    /// Whether a profile leaves it open.
    is_open: bool,
}

impl Example {
    /// Whether it is of use for a server of which `known` is known.
    pub fn suits(&self, known: Option<&Known>) -> bool {
        let field = self.line.split(':').next().unwrap_or_default();
        known.is_none_or(|known| self.is_open && !known.needs_field(field))
    }

    /// The line for the server `name`.
    pub fn line(&self, name: &str) -> String {
        self.line.replace(NAME, name)
    }
}

const fn own(remark: &'static str, line: &'static str) -> Example {
    Example {
        remark,
        line,
        is_open: false,
    }
}

const fn any(remark: &'static str, line: &'static str) -> Example {
    Example {
        remark,
        line,
        is_open: true,
    }
}

/// For `spec.platform`.
pub const PLATFORM: [Example; 5] = [
    any(
        "Registries that are approved besides it:",
        "approvedRegistries: [registry.example.com/mirror]",
    ),
    any(
        "The namespace of LiteLLM, if it is not the servers':",
        "litellm: {namespace: litellm-proxy}",
    ),
    any(
        "The store of External Secrets that holds the credentials:",
        "secrets: {store: {kind: ClusterSecretStore, name: aws-secrets-manager}}",
    ),
    any(
        "Where traces go; `tracing: false` if nowhere:",
        "tracing: {endpoint: \"http://otel-collector.monitoring.svc.cluster.local:4318\"}",
    ),
    any(
        "The labels by which your Prometheus finds monitors and rules:",
        "monitoring: {labels: {release: kube-prometheus}}",
    ),
];

/// For `spec`.
pub const SPEC: [Example; 1] = [any(
    "What holds for all servers that do not say otherwise, such as who may use them at LiteLLM:",
    "defaults: {litellm: {accessGroups: [litellm-developers]}}",
)];

/// For a server.
pub const SERVER: [Example; 8] = [
    own(
        "Credentials, by the variable that the server reads and the path in the secret store:",
        "secrets: {API_TOKEN: mcp/NAME/token}",
    ),
    own(
        "Settings that are no credentials:",
        "env: {LOG_LEVEL: info}",
    ),
    own(
        "What it may reach, if not `internet` alone, which is public HTTPS:",
        "egress: [internet, {service: data/postgres, ports: [5432]}]",
    ),
    own(
        "Its role in AWS:",
        "aws: {roleArn: \"arn:aws:iam::123456789012:role/mcp-NAME-role\"}",
    ),
    own(
        "Where it says that it is well, if not on /health and /ready; `probes: tcp` if nowhere:",
        "probes: {liveness: /healthz, readiness: /healthz}",
    ),
    own(
        "For a server without metrics on /metrics:",
        "metrics: false",
    ),
    any("Pods, if not two:", "replicas: 3"),
    any(
        "What a pod is granted, and may take, if that is not the usual:",
        "resources: {requests: {memory: 512Mi}, limits: {memory: 1Gi}}",
    ),
];
