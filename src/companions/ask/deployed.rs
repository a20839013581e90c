//! What questions need to know of servers and of what is around them, whoever wrote the manifests.

use std::collections::BTreeMap;

use crate::companions::region;
use crate::model::iam::{ClusterName, Region};
use crate::model::{
    HttpEndpoint, Metrics, ProbeCheck, ProbePort, ProxyChart, Server, ServiceRef, Set, service_host,
};

/// Servers, and whom they work with.
#[derive(Debug, Clone)]
pub struct Deployed<'d> {
    /// The servers.
    pub servers: Vec<Asked<'d>>,
    /// Who calls them.
    pub proxy: Proxy<'d>,
    /// The namespace of Prometheus.
    pub prometheus: &'d str,
    /// Who has their traces; `None` when nobody said.
    pub jaeger: Option<Jaeger>,
    /// The region of their things in AWS; `None` when nobody said.
    pub region: Option<&'d str>,
    /// The EKS cluster's name; `None` when nobody said.
    pub cluster: Option<&'d str>,
}

/// A server.
#[derive(Debug, Clone, Default)]
pub struct Asked<'d> {
    /// Its namespace.
    pub namespace: &'d str,
    /// `deployment/mcp-github`.
    pub workload: String,
    /// What its spans call it.
    pub traced: &'d str,
    /// Where it is called; `None` when no Service is known.
    pub address: Option<Address<'d>>,
    /// Port and path of its metrics, as its containers have them; `None` where it has none.
    pub metrics: Option<(u16, &'d str)>,
    /// What the secret store keeps for it.
    pub stored: Vec<&'d str>,
    /// The ExternalSecrets that fetch that.
    pub fetched: Vec<&'d str>,
    /// Its ServiceAccount.
    pub account: &'d str,
    /// Its role in AWS.
    pub role: Option<String>,
    /// Whether EKS Pod Identity gives it that.
    pub pod_identity: bool,
}

/// Where a server is called.
#[derive(Debug, Clone, Copy)]
pub struct Address<'d> {
    /// Its Service.
    pub service: &'d str,
    /// The Service's port.
    pub port: u16,
    /// Where it says there, to everybody, that it lives; `None` where it does not.
    pub health: Option<&'d str>,
}

/// The pods of LiteLLM's proxy.
#[derive(Debug, Clone)]
pub struct Proxy<'d> {
    /// Their namespace.
    pub namespace: &'d str,
    /// Their labels.
    pub labels: BTreeMap<&'d str, &'d str>,
    /// How it is installed.
    pub chart: ProxyChart,
}

/// Who has the traces.
#[derive(Debug, Clone)]
pub enum Jaeger {
    /// Pages at this address.
    Page(String),
    /// A Service of the cluster.
    Service(ServiceRef),
}

impl Jaeger {
    /// Of the collector at `endpoint`: Jaeger is both in one.
    #[must_use]
    pub fn behind(endpoint: &HttpEndpoint) -> Option<Self> {
        endpoint.cluster_service().map(Self::Service)
    }
}

impl<'d> Deployed<'d> {
    /// Those `servers` of `set`.
    #[must_use]
    pub fn of(set: &'d Set, servers: &'d [Server]) -> Self {
        let platform = &set.platform;
        let labels = platform.proxy.labels.iter();
        Self {
            servers: servers.iter().map(Asked::of).collect(),
            proxy: Proxy {
                namespace: platform.proxy.namespace.as_str(),
                labels: labels
                    .map(|(key, value)| (key.as_str(), value.as_str()))
                    .collect(),
                chart: platform.litellm.chart,
            },
            prometheus: platform.monitoring.namespace.as_str(),
            jaeger: platform
                .tracing
                .as_ref()
                .and_then(|tracing| match &tracing.ui {
                    Some(ui) => Some(Jaeger::Page(ui.as_str().to_owned())),
                    None => Jaeger::behind(&tracing.endpoint),
                }),
            region: known_region(set),
            cluster: platform.cloud.cluster.as_ref().map(ClusterName::as_str),
        }
    }
}

/// Where AWS keeps the things of `set`, as far as somebody said, or its images tell.
fn known_region(set: &Set) -> Option<&str> {
    let said = set.platform.cloud.region.as_ref().map(Region::as_str);
    let mut images = set.servers.iter().map(|server| &server.image);
    said.or_else(|| images.find_map(|image| region(image.name().registry()?)))
}

impl<'d> Asked<'d> {
    fn of(server: &'d Server) -> Self {
        let secrets = server.secrets.iter();
        let fetched = (!server.secrets.is_empty()).then_some(server.names.secrets.as_str());
        Self {
            namespace: server.namespace.as_str(),
            workload: format!("deployment/{}", server.names.workload),
            traced: server.names.workload.as_str(),
            address: Some(Address {
                service: server.names.workload.as_str(),
                port: server.port.number(),
                health: health(server),
            }),
            metrics: server.metrics.as_ref().map(|metrics| {
                let Metrics { path, own_port } = metrics;
                (own_port.unwrap_or(server.port).number(), path.as_str())
            }),
            stored: secrets.map(|item| item.remote_key.as_str()).collect(),
            fetched: fetched.into_iter().collect(),
            account: server.names.service_account.as_str(),
            role: server.aws.role.as_ref().map(ToString::to_string),
            pod_identity: server.aws.pod_identity,
        }
    }
}

impl Address<'_> {
    /// Its Service's name in the cluster's DNS.
    #[must_use]
    pub fn host(&self, namespace: &str) -> String {
        service_host(self.service, namespace)
    }
}

/// Where a server says that it lives, on the port that the proxy may reach and to everybody; `None`
/// where it does not.
fn health(server: &Server) -> Option<&str> {
    match (&server.probes.check, server.probes.port) {
        (
            ProbeCheck::Http {
                liveness,
                host: None,
                ..
            },
            ProbePort::Http,
        ) => Some(liveness.as_str()),
        _ => None,
    }
}
