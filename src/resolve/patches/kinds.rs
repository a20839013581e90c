//! The kinds that can be patched, and how a patch of each is read.

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscaler;
use k8s_openapi::api::core::v1::{ConfigMap, Service, ServiceAccount};
use k8s_openapi::api::networking::v1::NetworkPolicy;
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use k8s_openapi::api::rbac::v1::{ClusterRole, ClusterRoleBinding, Role, RoleBinding};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::problem::Problems;
use crate::yaml::{Dialect, Encoded, Node, decode};

/// Reads a part of a manifest as its type, and writes it again.
pub type Read = fn(&Node, Dialect, &mut Problems) -> Option<Json>;

/// The kinds of a server's objects.
pub const KINDS: [(&str, Read); 13] = [
    ("ApplicationNetworkPolicy", read::<Custom<PolicySpec>>),
    ("ClusterRole", read::<ClusterRole>),
    ("ClusterRoleBinding", read::<ClusterRoleBinding>),
    ("ConfigMap", read::<ConfigMap>),
    ("Deployment", read::<Deployment>),
    ("ExternalSecret", read::<Custom<SecretSpec>>),
    ("HorizontalPodAutoscaler", read::<HorizontalPodAutoscaler>),
    ("NetworkPolicy", read::<NetworkPolicy>),
    ("PodDisruptionBudget", read::<PodDisruptionBudget>),
    ("Role", read::<Role>),
    ("RoleBinding", read::<RoleBinding>),
    ("Service", read::<Service>),
    ("ServiceAccount", read::<ServiceAccount>),
];
/// Those of which a server may have several, in a namespace each.
pub const IN_NAMESPACES: [&str; 2] = ["Role", "RoleBinding"];

fn read<T: DeserializeOwned + Serialize>(
    node: &Node,
    dialect: Dialect,
    problems: &mut Problems,
) -> Option<Json> {
    let value: T = decode(node, dialect, problems)?;
    serde_json::to_value(Encoded::of(&value)).ok()
}

/// An object of a custom kind, as far as its first fields; the finished object is compared with the rest.
#[derive(Default, Deserialize, Serialize)]
#[serde(default)]
struct Custom<S> {
    metadata: ObjectMeta,
    spec: S,
}

/// external-secrets.io/v1
#[derive(Default, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
struct SecretSpec {
    data: Json,
    data_from: Json,
    refresh_interval: Json,
    refresh_policy: Json,
    secret_store_ref: Json,
    sync_windows: Json,
    target: Json,
}

/// networking.k8s.aws/v1alpha1
#[derive(Default, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
struct PolicySpec {
    egress: Json,
    ingress: Json,
    pod_selector: Json,
    policy_types: Json,
}
