//! How many pods a server has when much is to do, and when little.
//!
//! Pods are added at once and taken away slowly: one that goes first ends its calls, which takes as
//! long as its drain, and only then the next one may go.

use k8s_openapi::api::autoscaling::v2::{
    CrossVersionObjectReference, HPAScalingPolicy, HPAScalingRules, HorizontalPodAutoscaler,
    HorizontalPodAutoscalerBehavior, HorizontalPodAutoscalerSpec, MetricSpec, MetricTarget,
    ResourceMetricSource,
};

use crate::model::{Autoscaling, Server};

/// Seconds that little must have been to do before a pod goes: the API's own default, written out
/// because calls depend on it.
const STABILISATION: i32 = 300;
/// Longest period of a policy, in seconds (autoscaling/v2, HPAScalingPolicy).
const LONGEST_PERIOD: i64 = 1800;

/// Autoscaler of `server`, which is scaled by `scaling`.
pub fn horizontal_pod_autoscaler(
    server: &Server,
    scaling: &Autoscaling,
) -> HorizontalPodAutoscaler {
    HorizontalPodAutoscaler {
        metadata: server.metadata(&server.names.workload),
        spec: HorizontalPodAutoscalerSpec {
            scale_target_ref: CrossVersionObjectReference {
                api_version: Some("apps/v1".into()),
                kind: "Deployment".into(),
                name: server.names.workload.to_string(),
            },
            min_replicas: Some(scaling.least),
            max_replicas: scaling.most,
            metrics: Some(metrics(scaling)),
            behavior: Some(HorizontalPodAutoscalerBehavior {
                scale_down: Some(HPAScalingRules {
                    stabilization_window_seconds: Some(STABILISATION),
                    policies: Some(vec![HPAScalingPolicy {
                        type_: "Pods".into(),
                        value: 1,
                        period_seconds: drain_seconds(server),
                    }]),
                    ..HPAScalingRules::default()
                }),
                ..HorizontalPodAutoscalerBehavior::default()
            }),
        },
        ..HorizontalPodAutoscaler::default()
    }
}

fn metrics(scaling: &Autoscaling) -> Vec<MetricSpec> {
    let targets = [("cpu", scaling.cpu), ("memory", scaling.memory)];
    targets
        .into_iter()
        .filter_map(|(name, share)| Some(metric(name, share?)))
        .collect()
}

fn metric(name: &str, share: i32) -> MetricSpec {
    MetricSpec {
        type_: "Resource".into(),
        resource: Some(ResourceMetricSource {
            name: name.into(),
            target: MetricTarget {
                type_: "Utilization".into(),
                average_utilization: Some(share),
                ..MetricTarget::default()
            },
        }),
        ..MetricSpec::default()
    }
}

/// What a pod takes to end, as far as a policy can wait.
fn drain_seconds(server: &Server) -> i32 {
    i32::try_from(server.drain.grace.min(LONGEST_PERIOD)).unwrap_or(i32::MAX)
}
