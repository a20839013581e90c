//! Nobody asks for more than it may have.

use super::{Context, Found, Rule};
use crate::manifest::{At, Object};
use crate::model::Quantity;
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP022",
    name: "request-above-limit",
    title: "no request is greater than its limit",
    severity: Severity::Error,
    why: "The API server refuses such a Pod. Of a Deployment it takes the template, and the rollout then makes no pod.",
    fix: "raise the limit, or lower the request",
    source: "Kubernetes, Resource Management for Pods and Containers; validation of the API server",
    good: "\
apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  containers:
  - {name: a, resources: {requests: {cpu: 100m, memory: 1Gi}, limits: {cpu: 1, memory: 1024Mi}}}
",
    broken_by: &[("memory: 1024Mi", "memory: 1000Mi")],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for pod in &context.input.pods {
        compare(pod.workload, pod.spec.get("resources"), found);
        for container in pod.containers() {
            compare(pod.workload, container.at.get("resources"), found);
        }
    }
}

fn compare(workload: &Object, resources: At<'_>, found: &mut Found<'_>) {
    let quantity = |at: At<'_>| Quantity::parse(at.text()?).ok();
    for (resource, at) in resources.get("requests").entries() {
        let limit = quantity(resources.get("limits").get(resource));
        if let (Some(request), Some(limit)) = (quantity(at), limit)
            && request > limit
        {
            let message =
                format!("{request} of {resource} are requested, and {limit} is the limit");
            found.add(workload, at, message);
        }
    }
}
