//! Kinds whose names others use as well.
//!
//! A Service of Knative is no Service, and a Secret of AWS is none of the cluster's. So objects of
//! these kinds are found under their names in their own groups only; `extensions` is where some of
//! them were before.

/// Kinds, and the API groups that they are of.
const KINDS: &[(&[&str], &[&str])] = &[
    (
        &[
            "ConfigMap",
            "LimitRange",
            "Namespace",
            "PersistentVolumeClaim",
            "Pod",
            "ReplicationController",
            "Secret",
            "Service",
            "ServiceAccount",
        ],
        &[""],
    ),
    (
        &["DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"],
        &["apps", "extensions"],
    ),
    (&["CronJob", "Job"], &["batch"]),
    (&["HorizontalPodAutoscaler"], &["autoscaling"]),
    (&["PodDisruptionBudget"], &["policy"]),
    (
        &["Ingress", "NetworkPolicy"],
        &["networking.k8s.io", "extensions"],
    ),
    (
        &["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"],
        &["rbac.authorization.k8s.io"],
    ),
    (
        &["PodMonitor", "PrometheusRule", "ServiceMonitor"],
        &[
            "monitoring.coreos.com",
            "monitoring.rhobs",
            "azmonitoring.coreos.com",
        ],
    ),
    (&["ScaledObject"], &["keda.sh"]),
    (&["Certificate"], &["cert-manager.io"]),
];

/// Whether `kind` of `group` is the one that everybody means by this name.
pub(super) fn is_meant(group: &str, kind: &str) -> bool {
    let mut named = KINDS.iter().filter(|(kinds, _)| kinds.contains(&kind));
    named.all(|(_, groups)| groups.contains(&group))
}
