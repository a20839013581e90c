//! What the API server refuses, looked for in what a patch made.
//!
//! The config's own fields cannot say it: each has a type with one door. A patch speaks the words of the
//! manifest, of which most are texts and numbers to every type; so the finished object is asked the
//! questions that the API server asks before it stores one. All versions of Kubernetes that are supported
//! have to take it: what only newer ones take is refused.
//! Source: `validation.go` of each group in k8s.io/kubernetes v1.36; `tests/patch_validation.rs` asks it itself.

mod access;
mod container;
mod custom;
mod field;
mod grammar;
mod handler;
mod metadata;
mod network;
mod place;
mod pod;
mod reference;
mod resources;
mod scheduling;
mod security;
mod shape;
mod volume;
mod workload;

use std::cell::RefCell;

use serde_json::Value as Json;

use field::Field;
pub use field::{Path, Step, Violation};
pub use place::{Said, said};

/// What the API server has against `object`, which is of `kind`.
pub fn violations(kind: &str, object: &Json) -> Vec<Violation> {
    let found = RefCell::default();
    let root = Field::root(object, &found);
    metadata::of_object(&root.field("metadata"));
    match kind {
        "ApplicationNetworkPolicy" => custom::application_network_policy(&root),
        "ClusterRole" => access::role(&root, true),
        "ConfigMap" => access::config_map(&root),
        "Deployment" => workload::deployment(&root),
        "ExternalSecret" => custom::external_secret(&root),
        "HorizontalPodAutoscaler" => workload::autoscaler(&root),
        "NetworkPolicy" => network::network_policy(&root),
        "PodDisruptionBudget" => workload::disruption_budget(&root),
        "Role" => access::role(&root, false),
        "Service" => network::service(&root),
        // Of ServiceAccounts it looks at nothing more, and what bindings bind cannot be patched.
        _ => {}
    }
    found.into_inner()
}
