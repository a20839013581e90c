//! `spec.platform`: what the platform team sets once for all servers.

use schemars::JsonSchema;
use serde::Deserialize;

use super::aws::AwsPlatform;
use super::field::{Entries, Field, List, Off};
use super::litellm::LiteLlm;
use super::{from, pattern};

/// What the platform team sets once for all servers.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Platform {
    /// Registry, with an optional path, that is put in front of images without a host. Approved by
    /// itself.
    #[schemars(regex(pattern = pattern::WORD))]
    #[schemars(extend("examples" = ["123456789012.dkr.ecr.us-east-1.amazonaws.com"]))]
    pub registry: Field<String>,
    /// Further registries, or repository prefixes in them, from which images may come.
    #[schemars(inner(regex(pattern = pattern::WORD)), extend("examples" = [["ghcr.io/github"]]))]
    pub approved_registries: Field<List<String>>,
    /// The LiteLLM proxy that calls the servers.
    #[schemars(extend("examples" = [{"namespace": "litellm", "chart": "litellm"}]))]
    pub litellm: Field<LiteLlm>,
    /// Where secrets come from.
    #[schemars(extend("examples" = [{"store": {"kind": "SecretStore", "name": "vault"}}]))]
    pub secrets: Field<Secrets>,
    /// Where traces go; `false` for nowhere.
    #[schemars(extend("examples" = [{"endpoint": "http://collector.monitoring.svc.cluster.local:4318"}, false]))]
    pub tracing: Field<Tracing>,
    /// Prometheus and Grafana, which watch the servers.
    #[schemars(extend("examples" = [{"labels": {"release": "prometheus"}}]))]
    pub monitoring: Field<Monitoring>,
    /// Network policies.
    #[schemars(extend("examples" = [{"endpointCidrs": ["10.0.10.0/24"]}]))]
    pub network: Field<Network>,
    /// The AWS account and cluster of the set, which `mcpset iam` writes about.
    #[schemars(extend("examples" = [{"accountId": "123456789012", "region": "us-east-1", "clusterName": "platform"}]))]
    pub aws: Field<AwsPlatform>,
    /// What the organisation's policies ask for.
    #[schemars(extend("examples" = [{"namespace": "create", "allowedRepos": "constraint"}]))]
    pub policy: Field<Policy>,
}

/// Where secrets come from.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Secrets {
    /// The store of the External Secrets Operator.
    #[schemars(extend("default" = {"kind": "ClusterSecretStore", "name": "aws-secrets-manager"}, "x-default-from" = from::GUIDE_SECRETS))]
    #[schemars(extend("examples" = [{"kind": "SecretStore", "name": "vault"}]))]
    pub store: Field<StoreRef>,
    /// How often the operator reads the store, as a Go duration.
    #[schemars(regex(pattern = pattern::GO_DURATION))]
    #[schemars(extend("default" = "1h", "x-default-from" = from::GUIDE_SECRETS))]
    #[schemars(extend("examples" = ["15m"]))]
    pub refresh_interval: Field<String>,
    /// Who restarts pods when a secret changes.
    #[schemars(extend("default" = "none", "x-default-from" = from::USUAL))]
    #[schemars(extend("examples" = ["reloader"]))]
    pub reload: Field<Reload>,
}

/// A store of the External Secrets Operator.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct StoreRef {
    /// Kind of the store.
    #[schemars(extend("default" = "ClusterSecretStore", "x-default-from" = from::GUIDE_SECRETS))]
    #[schemars(extend("examples" = ["SecretStore"]))]
    pub kind: Field<StoreKind>,
    /// Name of the store.
    #[schemars(regex(pattern = pattern::DNS_SUBDOMAIN), length(max = 253))]
    #[schemars(extend("default" = "aws-secrets-manager", "x-default-from" = from::GUIDE_SECRETS))]
    #[schemars(extend("examples" = ["vault"]))]
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
    /// OTLP endpoint.
    #[schemars(regex(pattern = pattern::URL))]
    #[schemars(extend("default" = "http://jaeger-all-in-one.monitoring.svc.cluster.local:4318", "x-default-from" = from::GUIDE_TRACING))]
    #[schemars(extend("examples" = ["http://collector.monitoring.svc.cluster.local:4318"]))]
    pub endpoint: Field<String>,
    /// OTLP protocol.
    #[schemars(extend("default" = "http/protobuf", "x-default-from" = from::GUIDE_TRACING))]
    #[schemars(extend("examples" = ["grpc"]))]
    pub protocol: Field<OtlpProtocol>,
    /// Value of `OTEL_TRACES_SAMPLER`.
    #[schemars(extend("default" = "always_on", "x-default-from" = from::GUIDE_TRACING))]
    #[schemars(extend("examples" = ["parentbased_traceidratio"]))]
    pub sampler: Field<String>,
    /// Value of `OTEL_TRACES_SAMPLER_ARG`. Default: not set.
    #[schemars(extend("examples" = ["0.1"]))]
    pub sampler_arg: Field<String>,
    /// Address of Jaeger's own pages: the dashboard then leads to a server's traces. Default: no such
    /// links.
    #[schemars(regex(pattern = pattern::URL), extend("examples" = ["https://jaeger.example.com"]))]
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
    /// dashboard. Sets that share it need different names.
    #[schemars(length(max = 63), regex(pattern = pattern::DNS_LABEL))]
    #[schemars(extend("default" = "monitoring", "x-default-from" = from::GUIDE_METRICS))]
    #[schemars(extend("examples" = ["observability"]))]
    pub namespace: Field<String>,
    /// Labels by which Prometheus selects monitors and rules.
    #[schemars(extend("default" = {"release": "kube-prometheus"}, "x-default-from" = from::GUIDE_METRICS))]
    #[schemars(extend("examples" = [{"release": "prometheus"}]))]
    pub labels: Field<Entries<String>>,
    /// Time between two scrapes; with alerts at most `1m15s`.
    #[schemars(regex(pattern = pattern::PROMETHEUS_DURATION))]
    #[schemars(extend("default" = "30s", "x-default-from" = from::GUIDE_METRICS))]
    #[schemars(extend("examples" = ["1m"]))]
    pub interval: Field<String>,
    /// How long a scrape may take; not above `interval`, which is the default where it is shorter.
    #[schemars(regex(pattern = pattern::PROMETHEUS_DURATION))]
    #[schemars(extend("default" = "10s", "x-default-from" = from::PROMETHEUS))]
    #[schemars(extend("examples" = ["5s"]))]
    pub scrape_timeout: Field<String>,
    /// What the servers' metrics are called.
    #[schemars(extend("default" = "guide", "x-default-from" = from::GUIDE_METRICS))]
    #[schemars(extend("examples" = ["otel"]))]
    pub metrics_profile: Field<MetricsProfile>,
    /// Whether recording and alerting rules are written.
    #[schemars(extend("default" = true, "x-default-from" = from::COMPLETE, "examples" = [false]))]
    pub alerts: Field<bool>,
    /// How the dashboard reaches Grafana.
    #[schemars(extend("default" = "configMap", "x-default-from" = from::GUIDE_DASHBOARD))]
    #[schemars(extend("examples" = ["grafanaOperator"]))]
    pub dashboard: Field<DashboardObject>,
    /// Labels by which Grafana's sidecar finds the ConfigMap, or for `grafanaOperator` the labels of
    /// the `Grafana` that shows the dashboard, which a dashboard that exists cannot change; their
    /// default is `dashboards: grafana`.
    #[schemars(extend("default" = {"grafana_dashboard": "1"}, "x-default-from" = from::GRAFANA))]
    #[schemars(extend("examples" = [{"dashboards": "grafana"}]))]
    pub dashboard_labels: Field<Entries<String>>,
    /// The page that says what to do about an alert; each has a heading there, such as
    /// `#mcpserverdown`. Default: alerts have no `runbook_url`.
    #[schemars(regex(pattern = pattern::URL))]
    #[schemars(extend("examples" = ["https://runbooks.example.com/mcp"]))]
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
    /// Whether policies are written.
    #[schemars(extend("default" = true, "x-default-from" = from::GUIDE_NETWORK))]
    #[schemars(extend("examples" = [false]))]
    pub policies: Field<bool>,
    /// What in the cluster can filter by host name. With `none` an egress to a host is opened to every
    /// public address on its ports, with a warning.
    #[schemars(extend("default" = "none", "x-default-from" = from::LEAST, "examples" = ["aws"]))]
    pub hostnames: Field<HostnameFilter>,
    /// Whether nodes run NodeLocal DNSCache on 169.254.20.10.
    #[schemars(extend("default" = true, "x-default-from" = from::HARMLESS, "examples" = [false]))]
    pub node_local_dns: Field<bool>,
    /// VPC endpoints inside private address ranges, which `egress: [internet]` excludes otherwise.
    #[schemars(inner(regex(pattern = pattern::CIDR)), extend("examples" = [["10.0.10.0/24"]]))]
    pub endpoint_cidrs: Field<List<String>>,
    /// Addresses of the Kubernetes API, which servers with `access: [cluster]` reach on 443 and
    /// 6443: those of the Service `kubernetes` and of its endpoints.
    #[schemars(inner(regex(pattern = pattern::CIDR)))]
    #[schemars(extend("examples" = [["172.20.0.1/32", "10.0.1.0/24"]]))]
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
    /// Whether the Namespace is written too, with its Pod Security labels.
    #[schemars(extend("default" = "none", "x-default-from" = from::USUAL, "examples" = ["create"]))]
    pub namespace: Field<NamespaceObject>,
    /// Whether Gatekeeper's constraint on registries is written too.
    #[schemars(extend("default" = "none", "x-default-from" = from::USUAL))]
    #[schemars(extend("examples" = ["constraint"]))]
    pub allowed_repos: Field<AllowedRepos>,
    /// Whether every image needs a digest.
    #[schemars(extend("default" = false, "x-default-from" = from::USUAL, "examples" = [true]))]
    pub require_digest: Field<bool>,
    /// Rules of the catalogue that may be broken, each with a reason.
    #[schemars(extend("examples" = [[{"rule": "replicas", "server": "github", "reason": "its sessions live in one process"}]]))]
    pub exceptions: Field<List<PolicyException>>,
}

/// A rule that may be broken.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("required" = ["rule", "reason"]))]
pub struct PolicyException {
    /// The rule: its id or name; `mcpset explain` lists them.
    #[schemars(regex(pattern = pattern::WORD), extend("examples" = ["MCP030", "replicas"]))]
    pub rule: Field<String>,
    /// The name of the server that may break it. Default: every server, and the set itself.
    #[schemars(regex(pattern = pattern::WORD), extend("examples" = ["github"]))]
    pub server: Field<String>,
    /// Why, for whoever reads the report.
    #[schemars(extend("examples" = ["its sessions live in one process"]))]
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
