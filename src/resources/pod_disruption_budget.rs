//! What a node drain must leave running.

use k8s_openapi::api::policy::v1::{PodDisruptionBudget, PodDisruptionBudgetSpec};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use crate::model::Server;

/// At least one ready pod of `server`. Pods that are not ready may always be evicted: a broken
/// server must not block a drain.
pub fn pod_disruption_budget(server: &Server) -> PodDisruptionBudget {
    PodDisruptionBudget {
        metadata: server.metadata(&server.names.workload),
        spec: Some(PodDisruptionBudgetSpec {
            min_available: Some(IntOrString::Int(1)),
            selector: Some(server.selector()),
            unhealthy_pod_eviction_policy: Some("AlwaysAllow".into()),
            ..PodDisruptionBudgetSpec::default()
        }),
        ..PodDisruptionBudget::default()
    }
}
