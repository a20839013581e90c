//! Where defaults come from: what `mcpset explain` says behind each.

pub const GUIDE_NAMES: &str = "the guide's names, such as `mcp-github`";
pub const GUIDE_RESOURCES: &str = "the guide, requirement 1: Standard Kubernetes Resources";
pub const GUIDE_SECURITY: &str = "the guide, requirement 2: Security";
pub const GUIDE_OBSERVABILITY: &str = "the guide, requirement 3: Observability";
pub const GUIDE_IRSA: &str = "the guide, requirement 4: IRSA for AWS";
pub const GUIDE_LITELLM: &str = "the guide, Connecting LiteLLM to MCP Servers";
pub const GUIDE_SECRETS: &str = "the guide, External Secrets";
pub const GUIDE_NETWORK: &str = "the guide, Network Policies";
pub const GUIDE_METRICS: &str = "the guide, Prometheus Metrics and ServiceMonitor";
pub const GUIDE_TRACING: &str = "the guide, Distributed Tracing";
pub const GUIDE_DASHBOARD: &str = "the guide, Grafana Dashboard";
pub const KUBERNETES: &str = "Kubernetes";
pub const PROMETHEUS: &str = "Prometheus";
pub const GRAFANA: &str = "the sidecar of Grafana's chart";
pub const MCP: &str = "what MCP's SDKs serve";
/// Where less would be wrong and more would be a risk.
pub const LEAST: &str = "mcpset: the safe choice";
pub const COMPLETE: &str = "mcpset: complete unless told otherwise";
pub const HARMLESS: &str = "mcpset: right with such a cache and without";
/// Decided for the usual case.
pub const USUAL: &str = "mcpset: the usual case";
