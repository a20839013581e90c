//! An autoscaler has something to compare with.

use super::{Context, Found, Rule};
use crate::check::input::Input;
use crate::check::scaling::Scaler;
use crate::manifest::{At, Pod};
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP036",
    name: "scaler-request",
    title: "containers request what a HorizontalPodAutoscaler measures the use of",
    severity: Severity::Error,
    why: "Utilization is the share of the request that is used. Where one container has none, there is no share, and the autoscaler never scales.",
    fix: "write a request of this resource for every container, or `averageValue` instead of `averageUtilization`",
    source: "Kubernetes, Horizontal Pod Autoscaling: How does a HorizontalPodAutoscaler work",
    good: "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: a}
spec:
  template:
    metadata: {labels: {app: a}}
    spec:
      containers:
      - {name: a, resources: {requests: {cpu: 100m}}}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: a}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: a}
  maxReplicas: 5
  metrics:
  - {type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 80}}}
",
    broken_by: &[("cpu: 100m", "memory: 1Gi")],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for scaler in context.input.scalers.iter() {
        let Some(pod) = scaled(context.input, scaler) else {
            continue;
        };
        for (resource, only, at) in shares(scaler) {
            for container in pod.containers().filter(|container| !container.is_init) {
                let resources = container.at.get("resources");
                // A limit without a request is one.
                let mut lists = ["requests", "limits"].into_iter();
                let is_meant = only.is_none_or(|name| name == container.name());
                if is_meant && !lists.any(|list| resources.get(list).get(resource).exists()) {
                    let name = container.called();
                    let message = format!("{name} requests no {resource}");
                    found.add(scaler.object, at, message);
                }
            }
        }
    }
}

/// The pods that `scaler` scales. In a namespace with a LimitRange they may get requests from it.
fn scaled<'m>(input: &'m Input<'m>, scaler: &Scaler<'_>) -> Option<Pod<'m>> {
    let mut ranges = input.manifests.of_kind("LimitRange");
    if ranges.any(|range| range.namespace() == scaler.object.namespace()) {
        return None;
    }
    let (kind, namespace, name) = scaler.target();
    Pod::of(input.manifests.find(kind, namespace, name)?)
}

/// What `scaler` compares with a request: the resource, the only container, and where that is written.
fn shares<'m>(scaler: &Scaler<'m>) -> Vec<(&'m str, Option<&'m str>, At<'m>)> {
    let simple = scaler.object.at("spec.targetCPUUtilizationPercentage");
    let mut found = Vec::new();
    if simple.exists() {
        found.push(("cpu", None, simple));
    }
    for metric in scaler.object.at("spec.metrics").items() {
        let source = match metric.get("type").text() {
            Some("Resource") => metric.get("resource"),
            Some("ContainerResource") => metric.get("containerResource"),
            _ => continue,
        };
        let name = source.get("name");
        // As autoscaling/v2 has it, and autoscaling/v2beta1.
        let target = source.at("target.averageUtilization");
        let is_share = target.exists() || source.get("targetAverageUtilization").exists();
        if let Some(resource) = name.text().filter(|_| is_share) {
            found.push((resource, source.get("container").text(), name));
        }
    }
    found
}
