//! What selects nothing here, and whether that is a mistake.
//!
//! Manifests are rarely all of a cluster: operators start pods, and a file may hold a Service alone.
//! So it is called a mistake only where something speaks for it: others of what is selected stand in
//! the same namespace, or the very labels in another one, and nothing here may make what is missing.

use super::input::Input;
use super::rules::Context;
use crate::manifest::{At, Index, Labelled, Labels, Object};
use crate::model::External;

/// Labels that controllers write on pods themselves.
const WRITTEN_LATER: [&str; 8] = [
    "apps.kubernetes.io/pod-index",
    "batch.kubernetes.io/job-name",
    "controller-uid",
    "deploymentconfig",
    "job-name",
    "pod-template-hash",
    "rollouts-pod-template-hash",
    "statefulset.kubernetes.io/pod-name",
];

/// Kinds of other groups that start no pods and make no Services.
const QUIET: [&str; 16] = [
    "Certificate",
    "CiliumNetworkPolicy",
    "ClusterSecretStore",
    "DestinationRule",
    "ExternalSecret",
    "GrafanaDashboard",
    "HTTPRoute",
    "PodMonitor",
    "PrometheusRule",
    "ScaledObject",
    "SealedSecret",
    "SecretStore",
    "ServiceMonitor",
    "TriggerAuthentication",
    "VerticalPodAutoscaler",
    "VirtualService",
];

/// Kinds that nobody selects by labels.
const UNSELECTED: [&str; 3] = ["ConfigMap", "Secret", "ServiceAccount"];

/// Whether it is a mistake that `object` selects none of `index` by the labels `wanted`, of which it
/// looks at those in `namespaces`.
pub fn is_astray<'m, T: Labelled<'m>>(
    context: &Context<'_>,
    object: &Object,
    namespaces: &[&str],
    wanted: &Labels<'_>,
    index: &Index<'m, T>,
) -> bool {
    let mut namespaces = namespaces.iter();
    let is_known = namespaces.any(|namespace| index.has_namespace(namespace));
    (is_known || is_elsewhere(index, wanted)) && !may_be_made(context, object, wanted)
}

/// Whether something in `namespace` that is none of Kubernetes itself may make a Service `name`:
/// operators call it after their own objects.
pub fn may_be_called(input: &Input<'_>, namespace: &str, name: &str) -> bool {
    input.manifests.objects().iter().any(|object| {
        let rest = name.strip_prefix(object.name());
        is_foreign(object)
            && !QUIET.contains(&object.kind())
            && object.namespace() == namespace
            && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    })
}

/// Whether a namespace has what bears all of `wanted`.
fn is_elsewhere<'m, T: Labelled<'m>>(index: &Index<'m, T>, wanted: &Labels<'_>) -> bool {
    let mut all = index.iter();
    !wanted.is_empty() && all.any(|item| item.labels().has_all(wanted))
}

/// Whether something makes what `object` selects, or somebody said that it is elsewhere.
fn may_be_made(context: &Context<'_>, object: &Object, wanted: &Labels<'_>) -> bool {
    let is_named = |name: &str| wanted.iter().any(|(_, value)| value == name);
    let is_said = |external: &External| {
        let (kind, name) = (external.kind.as_str(), external.name.as_str());
        !UNSELECTED.contains(&kind) && (name == object.name() || is_named(name))
    };
    context.settings.is_said(is_said) || wanted.iter().any(|(key, _)| WRITTEN_LATER.contains(&key))
        // The kubelets' Service is made by prometheus-operator's own process.
        || is_named("kubelet")
        || context.input.manifests.objects().iter().any(|other| {
            is_foreign(other)
                && !QUIET.contains(&other.kind())
                && !std::ptr::eq(other, object)
                && (is_named(other.name())
                    || wanted.iter().any(|(key, _)| is_of(key, other.group()))
                    || hands_down(other.at("metadata.labels"), wanted))
        })
}

/// Whether `object` is none of Kubernetes itself, or a Gateway, for which pods are started.
fn is_foreign(object: &Object) -> bool {
    let group = object.group();
    group.contains('.') && (!group.ends_with(".k8s.io") || object.kind() == "Gateway")
}

/// Whether the label `key` is one of the operator with `group`, as `strimzi.io/cluster` is of
/// `kafka.strimzi.io`.
fn is_of(key: &str, group: &str) -> bool {
    let domain = key.split_once('/').map(|(domain, _)| domain);
    domain.is_some_and(|domain| {
        let parent = group.strip_suffix(domain);
        parent.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    })
}

/// Whether pods that get the labels at `at` bear all of `wanted`.
fn hands_down(at: At<'_>, wanted: &Labels<'_>) -> bool {
    !wanted.is_empty() && Labels::of(at).has_all(wanted)
}
