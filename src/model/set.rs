//! A set and its platform with everything decided: no option that means "default", nothing that a
//! generator could still get wrong.

use std::collections::BTreeMap;

use super::{
    GoDuration, HttpEndpoint, LabelKey, LabelValue, NamespaceName, ObjectName, PrometheusDuration,
    RegistryPrefix, Server, ServiceName,
};

/// Labels, sorted by key as Kubernetes prints them.
pub type Labels = BTreeMap<LabelKey, LabelValue>;

/// One McpServerSet.
#[derive(Debug, Clone)]
pub struct Set {
    /// `metadata.name`.
    pub name: ServiceName,
    /// The namespace of everything but the monitors.
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

/// Names of the objects that exist once a set.
#[derive(Debug, Clone)]
pub struct SetNames {
    /// The NetworkPolicy that closes what no other opens.
    pub default_deny: ObjectName,
    /// The ServiceMonitor.
    pub monitor: ObjectName,
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
    /// Prometheus.
    pub monitoring: Monitoring,
    /// Who may call the servers.
    pub proxy: Peer,
    /// Network policies; `None` when the platform wants none.
    pub network: Option<Network>,
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

/// Prometheus and what it selects monitors by.
#[derive(Debug, Clone)]
pub struct Monitoring {
    /// Its namespace, and the monitors'.
    pub namespace: NamespaceName,
    /// Labels that monitors need.
    pub labels: Labels,
    /// Time between two scrapes.
    pub interval: PrometheusDuration,
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
}
