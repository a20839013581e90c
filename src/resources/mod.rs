//! From the decided model to typed objects: one file per kind, nothing decided, nothing failing.
//!
//! [`objects`] is lazy and kind by kind: everything that others need comes first, and no more than
//! one object exists at a time, however many servers a set has.

mod ack;
mod allowed_repos;
mod application_network_policy;
mod bridge;
mod config_map;
mod container;
pub mod custom;
mod dashboard;
mod deployment;
mod external_secret;
mod horizontal_pod_autoscaler;
mod kinds;
mod litellm;
mod metadata;
mod namespace;
mod network_policy;
mod patch;
mod pod_disruption_budget;
mod port;
mod prometheus_rule;
mod role;
mod service;
mod service_account;
mod service_monitor;
mod suppressions;
mod volumes;

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscaler;
use k8s_openapi::api::core::v1::{ConfigMap, Namespace, Service, ServiceAccount};
use k8s_openapi::api::networking::v1::NetworkPolicy;
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use k8s_openapi::api::rbac::v1::{ClusterRole, ClusterRoleBinding, Role, RoleBinding};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::Serialize;

use crate::model::{Scale, Server, Set};
pub use ack::{AckObject, ack_objects};
use custom::{
    AllowedReposSpec, ApplicationNetworkPolicySpec, Custom, ExternalSecretSpec,
    GrafanaDashboardSpec, PrometheusRuleSpec, ServiceMonitorSpec,
};
use horizontal_pod_autoscaler::horizontal_pod_autoscaler;
pub use kinds::{KINDS, Kind, is_chosen};
pub use patch::{Merging, OF_CONTAINERS, OF_PODS, apply, merging};

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

/// The object that brings Grafana the dashboard of `set`; `None` when the platform wants none, or no
/// server has metrics to show.
#[must_use]
pub fn dashboard_object(set: &Set) -> Option<Object> {
    let how = set.platform.monitoring.dashboard.as_ref()?;
    set.servers.iter().find(|server| server.metrics.is_some())?;
    Some(dashboard::dashboard_object(set, how))
}

/// The object that brings LiteLLM's chart its values; `None` when the platform wants none.
#[must_use]
pub fn litellm_object(set: &Set) -> Option<Object> {
    let wanted = set.platform.litellm.has_config_map;
    wanted.then(|| Object::ConfigMap(litellm::litellm_values(set)))
}

/// The objects of `set` in install order: namespace and policies first, then what pods refer to,
/// then the pods, then what calls and watches them; within a kind in the order of the config.
pub fn objects(set: &Set) -> impl Iterator<Item = Object> {
    owned(set).map(|(server, object)| match server {
        Some(server) => patch::patched(server, object),
        None => object,
    })
}

/// The same before any patch, each with the server that it was made for; `None` for what exists once
/// a set.
pub fn owned(set: &Set) -> impl Iterator<Item = (Option<&Server>, Object)> {
    let platform = &set.platform;
    let namespace = platform
        .create_namespace
        .then(|| Object::Namespace(namespace::namespace(set)));
    let allowed_repos = platform
        .constrain_repos
        .then(|| Object::AllowedRepos(allowed_repos::allowed_repos(set)));
    let network = platform.network.as_ref();
    let default_deny = network.map(|_| Object::NetworkPolicy(network_policy::default_deny(set)));
    let litellm = std::iter::once_with(|| litellm_object(set)).flatten();
    let monitor = std::iter::once_with(|| service_monitor::service_monitor(set))
        .flatten()
        .map(Object::ServiceMonitor);
    let alerts = platform.monitoring.alerts.iter();
    let rules = alerts
        .flat_map(|alerts| prometheus_rule::prometheus_rules(set, alerts))
        .map(Object::PrometheusRule);
    let dashboard = std::iter::once_with(|| dashboard_object(set)).flatten();

    let before = namespace.into_iter().chain(allowed_repos);
    let before = before.chain(default_deny);
    let after = litellm.chain(monitor).chain(rules).chain(dashboard);
    let of_set = |object| (None, object);
    before
        .map(of_set)
        .chain(of_servers(set))
        .chain(after.map(of_set))
}

/// The objects of all servers, kind by kind, each with its server.
fn of_servers(set: &Set) -> impl Iterator<Item = (Option<&Server>, Object)> {
    let platform = &set.platform;
    let network_policies = each(set, |server| {
        let network = platform.network.as_ref()?;
        let policy = network_policy::network_policy(set, network, server);
        Some(Object::NetworkPolicy(policy))
    });
    let host_policies = each(set, |server| {
        let policy = application_network_policy::application_network_policy(server);
        policy.map(Object::ApplicationNetworkPolicy)
    });
    let budgets = each(set, |server| {
        let budget = || pod_disruption_budget::pod_disruption_budget(server);
        (server.scale.least() > 1).then(|| Object::PodDisruptionBudget(budget()))
    });
    let accounts = each(set, |server| {
        let account = service_account::service_account(server);
        Some(Object::ServiceAccount(account))
    });
    let cluster_roles = each(set, |server| {
        role::cluster_role(server).map(Object::ClusterRole)
    });
    let cluster_role_bindings = each(set, |server| {
        role::cluster_role_binding(server).map(Object::ClusterRoleBinding)
    });
    let roles = each(set, |server| role::roles(server).map(Object::Role));
    let role_bindings = each(set, |server| {
        role::role_bindings(server).map(Object::RoleBinding)
    });
    let secrets = each(set, |server| {
        let secret = || external_secret::external_secret(&platform.store, server);
        (!server.secrets.is_empty()).then(|| Object::ExternalSecret(secret()))
    });
    let config_maps = each(set, |server| {
        let config = server.config.as_ref()?;
        Some(Object::ConfigMap(config_map::config_map(server, config)))
    });
    let services = each(set, |server| {
        Some(Object::Service(Box::new(service::service(server))))
    });
    let deployments = each(set, |server| {
        let deployment = deployment::deployment(&platform.store, server);
        Some(Object::Deployment(Box::new(deployment)))
    });
    let scalers = each(set, |server| match &server.scale {
        Scale::Auto(scaling) => {
            let scaler = horizontal_pod_autoscaler(server, scaling);
            Some(Object::HorizontalPodAutoscaler(Box::new(scaler)))
        }
        Scale::Fixed(_) => None,
    });

    network_policies
        .chain(host_policies)
        .chain(budgets)
        .chain(accounts)
        .chain(cluster_roles)
        .chain(cluster_role_bindings)
        .chain(roles)
        .chain(role_bindings)
        .chain(secrets)
        .chain(config_maps)
        .chain(services)
        .chain(deployments)
        .chain(scalers)
}

/// What `make` makes of each server of `set`, with the server.
fn each<'s, O: IntoIterator<Item = Object>>(
    set: &'s Set,
    make: impl Fn(&'s Server) -> O,
) -> impl Iterator<Item = (Option<&'s Server>, Object)> {
    set.servers.iter().flat_map(move |server| {
        let objects = make(server).into_iter();
        objects.map(move |object| (Some(server), object))
    })
}
