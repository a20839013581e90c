//! `networking.k8s.aws/v1alpha1` `ApplicationNetworkPolicy` (EKS Auto Mode).

use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use serde::Serialize;

/// Which pods may connect to which hosts.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ApplicationNetworkPolicySpec {
    /// The pods.
    pub pod_selector: LabelSelector,
    /// `Egress`.
    pub policy_types: Vec<&'static str>,
    /// The hosts.
    pub egress: Vec<DomainEgress>,
}

/// Hosts and their ports.
#[derive(Debug, Clone, Serialize)]
pub struct DomainEgress {
    /// The hosts.
    pub to: Vec<DomainPeer>,
    /// Their ports.
    pub ports: Vec<PolicyPort>,
}

/// Hosts by name.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DomainPeer {
    /// Names, possibly with a leading `*.`.
    pub domain_names: Vec<String>,
}

/// A TCP port.
#[derive(Debug, Clone, Serialize)]
pub struct PolicyPort {
    /// `TCP`.
    pub protocol: &'static str,
    /// Its number.
    pub port: u16,
}
