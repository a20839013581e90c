//! What the API server lets nobody change in an object that exists.

use super::values::{Change, Field};
use crate::manifest::Object;

/// Fields by group, kind and path. Source: the `Validate…Update` functions of Kubernetes v1.36.
const IMMUTABLE: [(&str, &str, &str); 29] = [
    ("", "PersistentVolumeClaim", "spec.accessModes"),
    ("", "PersistentVolumeClaim", "spec.dataSource"),
    ("", "PersistentVolumeClaim", "spec.selector"),
    ("", "PersistentVolumeClaim", "spec.storageClassName"),
    ("", "PersistentVolumeClaim", "spec.volumeMode"),
    ("", "PersistentVolumeClaim", "spec.volumeName"),
    ("", "Secret", "type"),
    ("", "Service", "spec.clusterIP"),
    ("", "Service", "spec.clusterIPs"),
    ("", "Service", "spec.loadBalancerClass"),
    ("apps", "DaemonSet", "spec.selector"),
    ("apps", "Deployment", "spec.selector"),
    ("apps", "ReplicaSet", "spec.selector"),
    ("apps", "StatefulSet", "spec.podManagementPolicy"),
    ("apps", "StatefulSet", "spec.selector"),
    ("apps", "StatefulSet", "spec.serviceName"),
    ("apps", "StatefulSet", "spec.volumeClaimTemplates"),
    ("batch", "Job", "spec.completionMode"),
    ("batch", "Job", "spec.selector"),
    ("batch", "Job", "spec.template"),
    ("networking.k8s.io", "IngressClass", "spec.controller"),
    ("rbac.authorization.k8s.io", "ClusterRoleBinding", "roleRef"),
    ("rbac.authorization.k8s.io", "RoleBinding", "roleRef"),
    ("scheduling.k8s.io", "PriorityClass", "value"),
    ("storage.k8s.io", "StorageClass", "parameters"),
    ("storage.k8s.io", "StorageClass", "provisioner"),
    ("storage.k8s.io", "StorageClass", "reclaimPolicy"),
    ("storage.k8s.io", "StorageClass", "volumeBindingMode"),
    ("grafana.integreatly.org", "GrafanaDashboard", "spec.uid"),
];
/// What of a Pod may be changed: all else of its `spec` may not.
const OF_PODS: [&str; 3] = [
    "spec.activeDeadlineSeconds",
    "spec.terminationGracePeriodSeconds",
    "spec.tolerations",
];
/// What a ConfigMap or Secret keeps, which its owner may have made immutable.
const KEPT: [&str; 4] = ["binaryData", "data", "immutable", "stringData"];

/// The path of the first of `fields` that cannot be changed in `old`.
pub fn immutable<'f>(old: &Object, fields: &'f [Field]) -> Option<&'f Field> {
    let is_sealed = matches!((old.group(), old.kind()), ("", "ConfigMap" | "Secret"))
        && old.at("immutable").is_true();
    fields.iter().find(|field| {
        let mut known = IMMUTABLE.iter();
        let is_within = |path: &str| field.path.is_within(path);
        known.any(|(group, kind, path)| {
            *group == old.group() && *kind == old.kind() && is_within(path)
        }) || is_sealed && KEPT.into_iter().any(is_within)
            || old.group().is_empty() && old.kind() == "Pod" && is_of_pod(field)
    })
}

/// Whether `field` of a Pod cannot be changed.
fn is_of_pod(field: &Field) -> bool {
    let path = &field.path;
    let is_image =
        path.to_string().ends_with("].image") && matches!(field.change, Change::Changed { .. });
    path.is_within("spec") && !is_image && !OF_PODS.into_iter().any(|free| path.is_within(free))
}
