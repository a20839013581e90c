//! One object, of whichever kind.

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscaler;
use k8s_openapi::api::core::v1::{ConfigMap, Namespace, Service, ServiceAccount};
use k8s_openapi::api::networking::v1::NetworkPolicy;
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use k8s_openapi::api::rbac::v1::{ClusterRole, ClusterRoleBinding, Role, RoleBinding};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::Serialize;

use super::custom::{
    AllowedReposSpec, ApplicationNetworkPolicySpec, Custom, ExternalSecretSpec,
    GrafanaDashboardSpec, PrometheusRuleSpec, ServiceMonitorSpec,
};

/// An object of the bundle.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
#[allow(missing_docs, reason = "each variant is the kind it is named after")]
pub enum Object {
    Namespace(Namespace),
    AllowedRepos(Custom<AllowedReposSpec>),
    NetworkPolicy(NetworkPolicy),
    ApplicationNetworkPolicy(Custom<ApplicationNetworkPolicySpec>),
    PodDisruptionBudget(PodDisruptionBudget),
    ServiceAccount(ServiceAccount),
    ClusterRole(ClusterRole),
    ClusterRoleBinding(ClusterRoleBinding),
    Role(Role),
    RoleBinding(RoleBinding),
    ExternalSecret(Custom<ExternalSecretSpec>),
    ConfigMap(ConfigMap),
    Service(Box<Service>),
    Deployment(Box<Deployment>),
    HorizontalPodAutoscaler(Box<HorizontalPodAutoscaler>),
    ServiceMonitor(Custom<ServiceMonitorSpec>),
    PrometheusRule(Custom<PrometheusRuleSpec>),
    GrafanaDashboard(Custom<GrafanaDashboardSpec>),
    /// Of a custom kind, with what a person has changed in it.
    Patched(Custom<serde_json::Value>),
}

impl Object {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Namespace(_) => "Namespace",
            Self::AllowedRepos(object) => object.kind,
            Self::NetworkPolicy(_) => "NetworkPolicy",
            Self::ApplicationNetworkPolicy(object) => object.kind,
            Self::PodDisruptionBudget(_) => "PodDisruptionBudget",
            Self::ServiceAccount(_) => "ServiceAccount",
            Self::ClusterRole(_) => "ClusterRole",
            Self::ClusterRoleBinding(_) => "ClusterRoleBinding",
            Self::Role(_) => "Role",
            Self::RoleBinding(_) => "RoleBinding",
            Self::ExternalSecret(object) => object.kind,
            Self::ConfigMap(_) => "ConfigMap",
            Self::Service(_) => "Service",
            Self::Deployment(_) => "Deployment",
            Self::HorizontalPodAutoscaler(_) => "HorizontalPodAutoscaler",
            Self::ServiceMonitor(object) => object.kind,
            Self::PrometheusRule(object) => object.kind,
            Self::GrafanaDashboard(object) => object.kind,
            Self::Patched(object) => object.kind,
        }
    }

    fn metadata(&self) -> &ObjectMeta {
        match self {
            Self::Namespace(object) => &object.metadata,
            Self::AllowedRepos(object) => &object.metadata,
            Self::NetworkPolicy(object) => &object.metadata,
            Self::ApplicationNetworkPolicy(object) => &object.metadata,
            Self::PodDisruptionBudget(object) => &object.metadata,
            Self::ServiceAccount(object) => &object.metadata,
            Self::ClusterRole(object) => &object.metadata,
            Self::ClusterRoleBinding(object) => &object.metadata,
            Self::Role(object) => &object.metadata,
            Self::RoleBinding(object) => &object.metadata,
            Self::ExternalSecret(object) => &object.metadata,
            Self::ConfigMap(object) => &object.metadata,
            Self::Service(object) => &object.metadata,
            Self::Deployment(object) => &object.metadata,
            Self::HorizontalPodAutoscaler(object) => &object.metadata,
            Self::ServiceMonitor(object) => &object.metadata,
            Self::PrometheusRule(object) => &object.metadata,
            Self::GrafanaDashboard(object) => &object.metadata,
            Self::Patched(object) => &object.metadata,
        }
    }

    fn metadata_mut(&mut self) -> &mut ObjectMeta {
        match self {
            Self::Namespace(object) => &mut object.metadata,
            Self::AllowedRepos(object) => &mut object.metadata,
            Self::NetworkPolicy(object) => &mut object.metadata,
            Self::ApplicationNetworkPolicy(object) => &mut object.metadata,
            Self::PodDisruptionBudget(object) => &mut object.metadata,
            Self::ServiceAccount(object) => &mut object.metadata,
            Self::ClusterRole(object) => &mut object.metadata,
            Self::ClusterRoleBinding(object) => &mut object.metadata,
            Self::Role(object) => &mut object.metadata,
            Self::RoleBinding(object) => &mut object.metadata,
            Self::ExternalSecret(object) => &mut object.metadata,
            Self::ConfigMap(object) => &mut object.metadata,
            Self::Service(object) => &mut object.metadata,
            Self::Deployment(object) => &mut object.metadata,
            Self::HorizontalPodAutoscaler(object) => &mut object.metadata,
            Self::ServiceMonitor(object) => &mut object.metadata,
            Self::PrometheusRule(object) => &mut object.metadata,
            Self::GrafanaDashboard(object) => &mut object.metadata,
            Self::Patched(object) => &mut object.metadata,
        }
    }

    /// Adds an annotation by which a host keeps track of it.
    pub fn annotate(&mut self, key: &str, value: &str) {
        let annotations = &mut self.metadata_mut().annotations;
        annotations
            .get_or_insert_default()
            .insert(key.to_owned(), value.to_owned());
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.metadata().name.as_deref().unwrap_or_default()
    }

    /// Its namespace; empty for objects outside any.
    #[must_use]
    pub fn namespace(&self) -> &str {
        self.metadata().namespace.as_deref().unwrap_or_default()
    }
}
