//! What linters are told where the platform guide and they disagree.
//!
//! A linter that reports what the guide asks for teaches people not to read it. So each such finding
//! is switched off on the object that it is about, with the reason, and only where it would be made.
//! trivy reads no annotations; what it is told is in the documentation.

use std::collections::BTreeMap;

use crate::model::{EnvValue, ProbeCheck, ScaleReason, Server};

/// A finding of a linter that a Deployment is excused from.
struct Excused {
    /// checkov's id, if it makes the finding.
    checkov: Option<&'static str>,
    /// kube-score's id, if it makes the finding.
    kube_score: Option<&'static str>,
    /// Why.
    reason: &'static str,
    /// Whether the finding would be made of a server.
    applies: fn(&Server) -> bool,
}

/// From here on user ids are no person's on a node; linters want one.
const HIGH_UID: i64 = 10_000;

const EXCUSED: [Excused; 7] = [
    Excused {
        checkov: Some("CKV_K8S_40"),
        kube_score: Some("container-security-context-user-group-id"),
        reason: "the user is the one that the platform guide, or the image, asks for",
        applies: |server| server.uid < HIGH_UID || server.gid < HIGH_UID,
    },
    Excused {
        checkov: Some("CKV_K8S_35"),
        kube_score: None,
        reason: "the server reads its credentials from variables, as in the platform guide",
        applies: |server| {
            let is_secret = |value: &EnvValue| matches!(value, EnvValue::Secret(_));
            server.env.iter().any(|variable| is_secret(&variable.value))
        },
    },
    Excused {
        checkov: Some("CKV_K8S_38"),
        kube_score: None,
        reason: "the server uses the Kubernetes API, as far as its roles allow",
        applies: |server| server.api.is_some(),
    },
    Excused {
        checkov: Some("CKV_K8S_43"),
        kube_score: None,
        reason: "the platform guide asks for tags, and a tag names one build",
        applies: |server| {
            let bridge = server.bridge.iter().map(|bridge| &bridge.image);
            let mut images = bridge.chain([&server.image]);
            images.any(|image| image.digest().is_none())
        },
    },
    Excused {
        checkov: Some("CKV_K8S_15"),
        kube_score: Some("container-image-pull-policy"),
        reason: "a tag names one build, so a node that has it needs no registry",
        applies: |server| server.pull_policy != "Always",
    },
    Excused {
        checkov: None,
        kube_score: Some("deployment-replicas"),
        reason: "sessions are processes of the one pod",
        applies: |server| server.scale_reason == ScaleReason::Processes,
    },
    Excused {
        checkov: None,
        kube_score: Some("pod-probes-identical"),
        reason: "the server has one way to ask whether it is well",
        applies: |server| match &server.probes.check {
            ProbeCheck::Tcp => true,
            ProbeCheck::Http {
                liveness,
                readiness,
                ..
            } => liveness == readiness,
        },
    },
];

/// Annotations of the Deployment of `server`.
pub fn suppressions(server: &Server) -> BTreeMap<String, String> {
    let excused = || EXCUSED.iter().filter(|excused| (excused.applies)(server));
    let checkov = excused().filter_map(|excused| Some((excused.checkov?, excused.reason)));
    let skips = (1..).zip(checkov);
    let mut annotations: BTreeMap<String, String> = skips
        .map(|(number, (id, reason))| {
            (format!("checkov.io/skip{number}"), format!("{id}={reason}"))
        })
        .collect();
    let kube_score: Vec<&str> = excused().filter_map(|excused| excused.kube_score).collect();
    if !kube_score.is_empty() {
        annotations.insert("kube-score/ignore".into(), kube_score.join(","));
    }
    annotations
}
