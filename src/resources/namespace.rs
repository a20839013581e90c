//! The namespace of the set, for platforms that want it in the bundle.

use k8s_openapi::api::core::v1::Namespace;

use crate::model::Set;

/// The labels of Pod Security admission; `restricted` is what every pod of ours satisfies.
const POD_SECURITY: [&str; 3] = [
    "pod-security.kubernetes.io/enforce",
    "pod-security.kubernetes.io/audit",
    "pod-security.kubernetes.io/warn",
];

/// Namespace that refuses pods below the `restricted` standard.
pub fn namespace(set: &Set) -> Namespace {
    let mut metadata = set.cluster_metadata(&set.namespace);
    let labels = metadata.labels.get_or_insert_default();
    for label in POD_SECURITY {
        labels.insert(label.into(), "restricted".into());
    }
    Namespace {
        metadata,
        ..Namespace::default()
    }
}
