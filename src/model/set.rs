//! A set and its platform with everything decided: no option that means "default", nothing that a
//! generator could still get wrong.

use std::collections::BTreeMap;

use super::iam::Cloud;
use super::{
    Cidr, ConfigKey, GoDuration, HttpEndpoint, LabelKey, LabelValue, LiteLlm, NamespaceName,
    ObjectName, PageUrl, PrometheusDuration, RegistryPrefix, Server, ServiceName, SetPlaces,
};
use crate::source::Place;

/// Labels, sorted by key as Kubernetes prints them.
pub type Labels = BTreeMap<LabelKey, LabelValue>;

/// One McpServerSet.
#[derive(Debug, Clone)]
pub struct Set {
    /// Where it is written.
    pub places: SetPlaces,
    /// `metadata.name`.
    pub name: ServiceName,
    /// The namespace of everything but what belongs to monitoring.
    pub namespace: NamespaceName,
    /// Names of the objects that exist once a set.
    pub names: SetNames,
    /// Registries and repository prefixes from which images may come.
    pub registries: Vec<RegistryPrefix>,
    /// The platform around the servers.
    pub platform: Platform,
    /// The servers, in the order of the config.
    pub servers: Vec<Server>,
}

impl Set {
    /// The same set with these servers alone.
    #[must_use]
    pub fn with(&self, servers: Vec<Server>) -> Self {
        Self {
            places: self.places.clone(),
            name: self.name.clone(),
            namespace: self.namespace.clone(),
            names: self.names.clone(),
            registries: self.registries.clone(),
            platform: self.platform.clone(),
            servers,
        }
    }

    /// The servers in the order of their names, for objects that are about all of them: these stay
    /// the same when somebody moves a server in the config.
    #[must_use]
    pub fn by_name(&self) -> Vec<&Server> {
        let mut servers: Vec<&Server> = self.servers.iter().collect();
        servers.sort_by(|one, other| one.name.cmp(&other.name));
        servers
    }
}

/// Names of the objects that exist once a set.
#[derive(Debug, Clone)]
pub struct SetNames {
    /// The NetworkPolicy that closes what no other opens.
    pub default_deny: ObjectName,
    /// The ServiceMonitor.
    pub monitor: ObjectName,
    /// The PrometheusRule; a large set has several, with numbers behind this.
    pub alerts: ObjectName,
    /// The ConfigMap or GrafanaDashboard.
    pub dashboard: ObjectName,
    /// The ConfigMap with the values of LiteLLM's chart.
    pub litellm: ObjectName,
    /// The constraint on registries.
    pub allowed_repos: ObjectName,
}

/// The platform around the servers.
#[derive(Debug, Clone)]
pub struct Platform {
    /// Whether the Namespace is part of the bundle.
    pub create_namespace: bool,
    /// Whether Gatekeeper's constraint on registries is part of the bundle.
    pub constrain_repos: bool,
    /// The secret store.
    pub store: SecretStore,
    /// Prometheus and Grafana.
    pub monitoring: Monitoring,
    /// Where spans go; `None` for nowhere.
    pub tracing: Option<Tracing>,
    /// Who may call the servers.
    pub proxy: Peer,
    /// How the proxy is installed, and learns of the servers.
    pub litellm: LiteLlm,
    /// Network policies; `None` when the platform wants none.
    pub network: Option<Network>,
    /// Where the API server answers; empty when nobody said.
    pub api_server: Vec<Cidr>,
    /// The AWS account and cluster, as far as somebody said.
    pub cloud: Cloud,
    /// Rules that may be broken.
    pub exceptions: Vec<Exception>,
}

/// A rule that the objects of a set may break.
#[derive(Debug, Clone)]
pub struct Exception {
    /// Its id or name, as it was written: which rules there are, the checks know.
    pub rule: String,
    /// Where that is written.
    pub place: Place,
    /// The server's name in the config; `None` for the whole set.
    pub server: Option<String>,
    /// Why.
    pub reason: String,
}

impl Platform {
    /// Where people look at traces; `None` when nobody said.
    #[must_use]
    pub fn tracing_ui(&self) -> Option<&HttpEndpoint> {
        self.tracing.as_ref()?.ui.as_ref()
    }
}

/// The secret store of the External Secrets Operator.
#[derive(Debug, Clone)]
pub struct SecretStore {
    /// `ClusterSecretStore` or `SecretStore`.
    pub kind: &'static str,
    /// Its name.
    pub name: ObjectName,
    /// Time between two reads.
    pub refresh_interval: GoDuration,
    /// Whether Stakater's Reloader restarts the pods after a change.
    pub reloader: bool,
}

/// Prometheus and Grafana, and what they select their objects by.
#[derive(Debug, Clone)]
pub struct Monitoring {
    /// Their namespace, and that of monitors, rules and dashboard.
    pub namespace: NamespaceName,
    /// Labels that monitors and rules need.
    pub labels: Labels,
    /// Time between two scrapes.
    pub interval: PrometheusDuration,
    /// How long a scrape may take; no longer than the interval.
    pub timeout: PrometheusDuration,
    /// What the servers' metrics are called.
    pub profile: MetricsProfile,
    /// Recording and alerting rules; `None` when the platform wants none.
    pub alerts: Option<Alerts>,
    /// The dashboard; `None` when the platform wants none.
    pub dashboard: Option<DashboardObject>,
}

/// What servers' metrics are called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetricsProfile {
    /// The platform guide's names: `mcp_requests_total` and its like.
    Guide,
    /// OpenTelemetry's semantic conventions for MCP (status: development).
    Otel,
}

/// Alerting rules.
#[derive(Debug, Clone)]
pub struct Alerts {
    /// The page that says what to do, each alert under a heading of its own; `None` when there is
    /// none.
    pub runbook: Option<PageUrl>,
}

/// How the dashboard reaches Grafana.
#[derive(Debug, Clone)]
pub enum DashboardObject {
    /// As a ConfigMap that Grafana's sidecar finds.
    ConfigMap {
        /// Labels by which the sidecar finds it.
        labels: Labels,
        /// Its one key, which no other ConfigMap may have: the sidecar makes a file of it, in one
        /// folder for all.
        file: ConfigKey,
    },
    /// As a `GrafanaDashboard` of the grafana-operator.
    GrafanaDashboard {
        /// Labels of the Grafana that shows it.
        instance: Labels,
    },
}

/// Pods of one namespace.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Peer {
    /// Their namespace.
    pub namespace: NamespaceName,
    /// Their labels; none for all pods of the namespace.
    pub labels: Labels,
}

/// What network policies need to know of the cluster.
#[derive(Debug, Clone)]
pub struct Network {
    /// Whether nodes answer DNS on 169.254.20.10.
    pub node_local_dns: bool,
}

/// Where spans go.
#[derive(Debug, Clone)]
pub struct Tracing {
    /// OTLP endpoint.
    pub endpoint: HttpEndpoint,
    /// Value of `OTEL_EXPORTER_OTLP_PROTOCOL`.
    pub protocol: &'static str,
    /// Value of `OTEL_TRACES_SAMPLER`.
    pub sampler: String,
    /// Value of `OTEL_TRACES_SAMPLER_ARG`.
    pub sampler_arg: Option<String>,
    /// Where people look at traces; `None` when nobody said.
    pub ui: Option<HttpEndpoint>,
}
