//! From the decided model to typed objects: one file per kind, nothing decided, nothing failing.
//!
//! [`objects`] is lazy and kind by kind: everything that others need comes first, and no more than
//! one object exists at a time, however many servers a set has. [`parts`] are the same in pieces that may
//! be made side by side.

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
mod object;
mod parts;
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

use crate::model::Set;
pub use ack::{AckObject, ack_objects};
pub use kinds::{KINDS, Kind, is_chosen};
pub use object::Object;
pub use parts::{Part, objects, owned, parts};
pub use patch::{Merging, OF_CONTAINERS, OF_PODS, apply, merging};

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
