//! What manifests of all people call alike: labels, annotations, variables.

use crate::manifest::Pod;

/// The label with what runs: the workload's own name, or the program's.
pub const NAME: &str = "app.kubernetes.io/name";
/// The annotation that names a ServiceAccount's role, for EKS.
pub const ROLE: &str = "eks.amazonaws.com/role-arn";
/// The variable that says where telemetry goes.
pub const TELEMETRY: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
/// The variables that say where spans go, the first of them first (OpenTelemetry, OTLP exporter
/// specification).
pub const SPANS: [&str; 2] = ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", TELEMETRY];
/// What LiteLLM's proxy is called: by the guide's policy, and by LiteLLM's own charts.
pub const PROXIES: [&str; 2] = ["litellm-proxy", "litellm"];

/// Whether `pod` is LiteLLM's proxy.
#[must_use]
pub fn is_proxy(pod: &Pod<'_>) -> bool {
    let name = pod.labels.get(NAME);
    name.is_some_and(|name| PROXIES.contains(&name))
}

/// A Kubernetes label as Prometheus spells it.
#[must_use]
pub fn label_name(key: &str) -> String {
    key.replace(|c: char| !c.is_ascii_alphanumeric(), "_")
}
