//! `spec.platform`: what the platform team sets once for all servers.

use schemars::JsonSchema;
use serde::Deserialize;

use super::aws::AwsPlatform;
use super::field::{Entries, Field, List, Off};
use super::litellm::LiteLlm;

/// What the platform team sets once for all servers.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Platform {
    /// Registry, with an optional path, that is put in front of images without a host. Approved by
    /// itself. Example: `123456789012.dkr.ecr.us-east-1.amazonaws.com`.
    pub registry: Field<String>,
    /// Further registries, or repository prefixes in them, from which images may come.
    pub approved_registries: Field<List<String>>,
    /// The LiteLLM proxy that calls the servers.
    pub litellm: Field<LiteLlm>,
    /// Where secrets come from.
    pub secrets: Field<Secrets>,
    /// Where traces go; `false` for nowhere.
    pub tracing: Field<Tracing>,
    /// Prometheus and Grafana, which watch the servers.
    pub monitoring: Field<Monitoring>,
    /// Network policies.
    pub network: Field<Network>,
    /// The AWS account and cluster of the set, which `mcpset iam` writes about.
    pub aws: Field<AwsPlatform>,
    /// What the organisation's policies ask for.
    pub policy: Field<Policy>,
}

/// Where secrets come from.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Secrets {
    /// The store of the External Secrets Operator. Default `ClusterSecretStore` named
    /// `aws-secrets-manager`.
    pub store: Field<StoreRef>,
    /// How often the operator reads the store, as a Go duration. Default `1h`.
    pub refresh_interval: Field<String>,
    /// Who restarts pods when a secret changes. Default `none`.
    pub reload: Field<Reload>,
}

/// A store of the External Secrets Operator.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct StoreRef {
    /// Kind of the store. Default `ClusterSecretStore`.
    pub kind: Field<StoreKind>,
    /// Name of the store. Default `aws-secrets-manager`.
    pub name: Field<String>,
}

/// Kind of a secret store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum StoreKind {
    /// One store for all namespaces.
    ClusterSecretStore,
    /// A store in the set's namespace.
    SecretStore,
}

/// Who restarts pods when a secret changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Reload {
    /// Nobody.
    None,
    /// Stakater's Reloader, by its annotation.
    Reloader,
}

/// Where traces go.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename = "$shape")]
#[schemars(rename = "Tracing", untagged)]
pub enum Tracing {
    /// Nowhere.
    #[serde(rename = "false")]
    Off(Off),
    /// To a collector.
    #[serde(rename = "mapping")]
    To(Box<TracingSettings>),
}

/// The collector that receives traces.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct TracingSettings {
    /// OTLP endpoint. Default `http://jaeger-all-in-one.monitoring.svc.cluster.local:4318`.
    pub endpoint: Field<String>,
    /// OTLP protocol. Default `http/protobuf`.
    pub protocol: Field<OtlpProtocol>,
    /// Value of `OTEL_TRACES_SAMPLER`. Default `always_on`.
    pub sampler: Field<String>,
    /// Value of `OTEL_TRACES_SAMPLER_ARG`. Default: not set.
    pub sampler_arg: Field<String>,
    /// Address of Jaeger's own pages, such as `https://jaeger.example.com`: the dashboard then
    /// leads to a server's traces. Default: no such links.
    pub ui: Field<String>,
}

/// How spans are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum OtlpProtocol {
    /// Protobuf over HTTP, port 4318.
    #[serde(rename = "http/protobuf")]
    HttpProtobuf,
    /// JSON over HTTP, port 4318.
    #[serde(rename = "http/json")]
    HttpJson,
    /// gRPC, port 4317.
    #[serde(rename = "grpc")]
    Grpc,
}

/// Prometheus and Grafana, which watch the servers.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Monitoring {
    /// Where Prometheus and Grafana live, and with them the ServiceMonitor, the rules and the
    /// dashboard. Sets that share it need different names. Default `monitoring`.
    pub namespace: Field<String>,
    /// Labels by which Prometheus selects monitors and rules. Default `release: kube-prometheus`.
    pub labels: Field<Entries<String>>,
    /// Time between two scrapes; with alerts at most `1m15s`. Default `30s`.
    pub interval: Field<String>,
    /// How long a scrape may take; not above `interval`. Default `10s`, or `interval` where that is
    /// less.
    pub scrape_timeout: Field<String>,
    /// What the servers' metrics are called. Default `guide`.
    pub metrics_profile: Field<MetricsProfile>,
    /// Whether recording and alerting rules are written. Default `true`.
    pub alerts: Field<bool>,
    /// How the dashboard reaches Grafana. Default `configMap`.
    pub dashboard: Field<DashboardObject>,
    /// Labels by which Grafana's sidecar finds the ConfigMap, or for `grafanaOperator` the labels of
    /// the `Grafana` that shows the dashboard, which a dashboard that exists cannot change. Default `grafana_dashboard: "1"`, or
    /// `dashboards: grafana`.
    pub dashboard_labels: Field<Entries<String>>,
    /// The page that says what to do about an alert; each has a heading there, such as
    /// `#mcpserverdown`. Default: alerts have no `runbook_url`.
    pub runbook_url: Field<String>,
}

/// What servers' metrics are called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum MetricsProfile {
    /// As the platform guide says: `mcp_requests_total`, `mcp_request_duration_seconds`, ….
    Guide,
    /// As OpenTelemetry's conventions for MCP say: `mcp.server.operation.duration`. They have no
    /// metrics of quotas and concurrency, so what is about these is left out.
    Otel,
}

/// How the dashboard reaches Grafana.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum DashboardObject {
    /// As a ConfigMap that the sidecar of Grafana's chart finds.
    ConfigMap,
    /// As a `GrafanaDashboard` of the grafana-operator.
    GrafanaOperator,
    /// Not at all; `mcpset dashboard` still prints it.
    None,
}

/// Network policies.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Network {
    /// Whether policies are written. Default `true`.
    pub policies: Field<bool>,
    /// What in the cluster can filter by host name. Default `none`: an egress to a host is then
    /// opened to every public address on its ports, with a warning.
    pub hostnames: Field<HostnameFilter>,
    /// Whether nodes run NodeLocal DNSCache on 169.254.20.10. Default `true`.
    pub node_local_dns: Field<bool>,
    /// VPC endpoints inside private address ranges, which `egress: [internet]` excludes otherwise.
    pub endpoint_cidrs: Field<List<String>>,
    /// Addresses of the Kubernetes API, which servers with `access: [cluster]` reach on 443 and
    /// 6443: those of the Service `kubernetes` and of its endpoints.
    pub api_server_cidrs: Field<List<String>>,
}

/// What in the cluster can filter by host name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum HostnameFilter {
    /// Nothing.
    None,
    /// `ApplicationNetworkPolicy` of EKS Auto Mode.
    Aws,
}

/// What the organisation's policies ask for.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Policy {
    /// Whether the Namespace is written too, with its Pod Security labels. Default `none`.
    pub namespace: Field<NamespaceObject>,
    /// Whether Gatekeeper's constraint on registries is written too. Default `none`.
    pub allowed_repos: Field<AllowedRepos>,
    /// Whether every image needs a digest. Default `false`.
    pub require_digest: Field<bool>,
    /// Rules of the catalogue that may be broken, each with a reason.
    pub exceptions: Field<List<PolicyException>>,
}

/// A rule that may be broken.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("required" = ["rule", "reason"]))]
pub struct PolicyException {
    /// The rule: its id or name, such as `MCP030` or `replicas`; `mcpset explain` lists them.
    pub rule: Field<String>,
    /// The name of the server that may break it. Default: every server, and the set itself.
    pub server: Field<String>,
    /// Why, for whoever reads the report.
    pub reason: Field<String>,
}

/// Whether the Namespace is part of the bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum NamespaceObject {
    /// It exists already.
    None,
    /// It is written, labelled for the `restricted` Pod Security standard.
    Create,
}

/// Whether the constraint on registries is part of the bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum AllowedRepos {
    /// It exists already, or nobody wants it.
    None,
    /// A `K8sAllowedRepos` for the set's namespace is written.
    Constraint,
}
