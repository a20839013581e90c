//! Custom resources, as small hand-written types.
//!
//! The generated crates bring tens of thousands of lines for each group. These hold the fields
//! that we write and no more; tests validate them against the published definitions.

mod ack;
mod allowed_repos;
mod application_network_policy;
mod external_secret;
mod grafana_dashboard;
mod prometheus_rule;
mod service_monitor;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::Serialize;

pub use ack::{IamRoleSpec, PodIdentityAssociationSpec, Reference, ReferenceName};
pub use allowed_repos::{AllowedReposSpec, ConstraintMatch, MatchKinds, Repos};
pub use application_network_policy::{
    ApplicationNetworkPolicySpec, DomainEgress, DomainPeer, PolicyPort,
};
pub use external_secret::{
    ExternalSecretSpec, RemoteRef, SecretData, SecretStoreRef, SecretTarget,
};
pub use grafana_dashboard::GrafanaDashboardSpec;
pub use prometheus_rule::{AlertingRule, PrometheusRuleSpec, RecordingRule, Rule, RuleGroup};
pub use service_monitor::{Endpoint, NamespaceSelector, Relabeling, ServiceMonitorSpec};

/// An object of a custom kind.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Custom<S> {
    /// Group and version.
    pub api_version: &'static str,
    /// Kind.
    pub kind: &'static str,
    /// Name, namespace, labels.
    pub metadata: ObjectMeta,
    /// What is wanted.
    pub spec: S,
}
