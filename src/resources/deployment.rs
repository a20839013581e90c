//! The Deployment of one server.
//!
//! The pod satisfies Pod Security `restricted` and the guide's Gatekeeper policies; everything in
//! it that looks redundant (seccomp at pod and container, a written-out `false`) is something that
//! an admission policy or a linter reads literally.

use k8s_openapi::api::apps::v1::{
    Deployment, DeploymentSpec, DeploymentStrategy, RollingUpdateDeployment,
};
use k8s_openapi::api::core::v1::{
    Affinity, LocalObjectReference, PodAffinityTerm, PodAntiAffinity, PodSecurityContext, PodSpec,
    PodTemplateSpec, SeccompProfile, Toleration, TopologySpreadConstraint, WeightedPodAffinityTerm,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::bridge::bridge_container;
use super::container::container;
use super::suppressions::suppressions;
use super::volumes::volumes;
use crate::model::{self, Scale, SecretStore, Server};

/// Old ReplicaSets to keep for a rollback.
const REVISION_HISTORY: i32 = 5;
/// Seconds a new pod must stay ready before the next old one goes.
const MIN_READY_SECONDS: i32 = 5;
/// Rolls the pods when the ConfigMap changes.
const CONFIG_CHECKSUM: &str = "checksum/config";
/// Stakater's Reloader restarts the Deployment when one of these Secrets changes.
const RELOAD: &str = "secret.reloader.stakater.com/reload";

/// Spread over these, best first; a preference, so that a small cluster still runs every pod.
const SPREAD_OVER: [&str; 2] = ["topology.kubernetes.io/zone", HOST];
const HOST: &str = "kubernetes.io/hostname";

/// Deployment of `server`; a rollout never takes a pod away before its successor is ready.
pub fn deployment(store: &SecretStore, server: &Server) -> Deployment {
    Deployment {
        metadata: annotated(store, server, server.metadata(&server.names.workload)),
        spec: Some(DeploymentSpec {
            // An autoscaler's number is its own.
            replicas: match server.scale {
                Scale::Fixed(number) => Some(number),
                Scale::Auto(_) => None,
            },
            revision_history_limit: Some(REVISION_HISTORY),
            min_ready_seconds: Some(MIN_READY_SECONDS),
            progress_deadline_seconds: Some(server.progress_deadline),
            selector: server.selector(),
            strategy: Some(DeploymentStrategy {
                type_: Some("RollingUpdate".into()),
                rolling_update: Some(RollingUpdateDeployment {
                    max_unavailable: Some(IntOrString::Int(0)),
                    max_surge: Some(IntOrString::Int(1)),
                }),
            }),
            template: PodTemplateSpec {
                metadata: Some(pod_metadata(server)),
                spec: Some(pod(server)),
            },
            ..DeploymentSpec::default()
        }),
        ..Deployment::default()
    }
}

fn annotated(store: &SecretStore, server: &Server, mut metadata: ObjectMeta) -> ObjectMeta {
    let mut annotations = suppressions(server);
    if store.reloader && !server.secrets.is_empty() {
        annotations.insert(RELOAD.into(), server.names.secrets.to_string());
    }
    if !annotations.is_empty() {
        metadata
            .annotations
            .get_or_insert_default()
            .extend(annotations);
    }
    metadata
}

fn pod_metadata(server: &Server) -> ObjectMeta {
    let mut annotations = server.pod_annotations.clone();
    if let Some(config) = &server.config {
        annotations.insert(CONFIG_CHECKSUM.into(), config.checksum.clone());
    }
    ObjectMeta {
        labels: Some(server.all_labels()),
        annotations: (!annotations.is_empty()).then_some(annotations),
        ..ObjectMeta::default()
    }
}

fn pod(server: &Server) -> PodSpec {
    PodSpec {
        service_account_name: Some(server.names.service_account.to_string()),
        automount_service_account_token: Some(false),
        // A Service named `slack-mcp` would inject `SLACK_MCP_PORT=tcp://…`.
        enable_service_links: Some(false),
        security_context: Some(PodSecurityContext {
            run_as_non_root: Some(true),
            run_as_user: Some(server.uid),
            run_as_group: Some(server.gid),
            fs_group: Some(server.gid),
            fs_group_change_policy: Some("OnRootMismatch".into()),
            seccomp_profile: Some(runtime_default()),
            ..PodSecurityContext::default()
        }),
        init_containers: server
            .bridge
            .as_ref()
            .map(|bridge| vec![bridge_container(server, bridge)]),
        containers: vec![container(server)],
        volumes: volumes(server),
        termination_grace_period_seconds: Some(server.drain.grace),
        topology_spread_constraints: Some(SPREAD_OVER.map(|key| spread(server, key)).into()),
        affinity: Some(apart(server)),
        image_pull_secrets: (!server.pull_secrets.is_empty()).then(|| {
            server
                .pull_secrets
                .iter()
                .map(|name| LocalObjectReference {
                    name: name.to_string(),
                })
                .collect()
        }),
        node_selector: (!server.node_selector.is_empty()).then(|| server.node_selector.clone()),
        tolerations: (!server.tolerations.is_empty())
            .then(|| server.tolerations.iter().map(toleration).collect()),
        priority_class_name: server.priority_class.as_ref().map(ToString::to_string),
        ..PodSpec::default()
    }
}

/// The seccomp profile that `restricted` asks for.
pub(super) fn runtime_default() -> SeccompProfile {
    SeccompProfile {
        type_: "RuntimeDefault".into(),
        ..SeccompProfile::default()
    }
}

fn spread(server: &Server, topology_key: &str) -> TopologySpreadConstraint {
    TopologySpreadConstraint {
        max_skew: 1,
        topology_key: topology_key.into(),
        when_unsatisfiable: "ScheduleAnyway".into(),
        label_selector: Some(server.selector()),
        // Without it, the pods of the old ReplicaSet count during a rollout.
        match_label_keys: Some(vec!["pod-template-hash".into()]),
        ..TopologySpreadConstraint::default()
    }
}

fn apart(server: &Server) -> Affinity {
    Affinity {
        pod_anti_affinity: Some(PodAntiAffinity {
            preferred_during_scheduling_ignored_during_execution: Some(vec![
                WeightedPodAffinityTerm {
                    weight: 100,
                    pod_affinity_term: PodAffinityTerm {
                        topology_key: HOST.into(),
                        label_selector: Some(server.selector()),
                        ..PodAffinityTerm::default()
                    },
                },
            ]),
            ..PodAntiAffinity::default()
        }),
        ..Affinity::default()
    }
}

fn toleration(toleration: &model::Toleration) -> Toleration {
    Toleration {
        key: toleration.key.as_ref().map(ToString::to_string),
        operator: Some(toleration.operator.into()),
        value: toleration.value.as_ref().map(ToString::to_string),
        effect: toleration.effect.map(Into::into),
        toleration_seconds: toleration.seconds,
    }
}
