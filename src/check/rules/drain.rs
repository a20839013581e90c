//! Calls end before the process does.

use super::{Context, Found, Rule};
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP033",
    name: "drain",
    title: "a pod has more time to end than its preStop hook takes",
    severity: Severity::Error,
    why: "The time before the kill holds the preStop hook: what is left is all that calls under way have.",
    fix: "write a `terminationGracePeriodSeconds` above the `preStop` sleep plus the longest call",
    source: "Kubernetes, Pod termination",
    good: "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: a}
spec:
  replicas: 2
  template:
    metadata: {labels: {app: a}}
    spec:
      terminationGracePeriodSeconds: 70
      containers:
      - {name: a, lifecycle: {preStop: {sleep: {seconds: 5}}}}
",
    bad: "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: a}
spec:
  replicas: 2
  template:
    metadata: {labels: {app: a}}
    spec:
      containers:
      - {name: a, lifecycle: {preStop: {sleep: {seconds: 30}}}}
",
    check,
};

/// What Kubernetes takes where nothing is written.
const GRACE: i64 = 30;

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for (pod, container) in context.containers() {
        let sleep = container.at.at("lifecycle.preStop.sleep.seconds");
        let grace = pod.spec.get("terminationGracePeriodSeconds");
        let grace = grace.number().unwrap_or(GRACE);
        if let Some(seconds) = sleep.number().filter(|seconds| *seconds >= grace) {
            let message = format!("the hook sleeps {seconds} s of the pod's {grace} s");
            found.add(pod.workload, sleep, message);
        }
    }
}
