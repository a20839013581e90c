//! What is mounted exists.

use std::collections::BTreeSet;

use super::{Context, Found, Rule};
use crate::manifest::At;
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP075",
    name: "volume-mounts",
    title: "every mounted volume is one of the pod, and every volume is mounted",
    severity: Severity::Error,
    why: "The API server refuses a pod that mounts a volume it does not have; a volume that nobody mounts is a mistake in the other name.",
    fix: "write the same name in `volumes` and `volumeMounts`",
    source: "closed references",
    good: "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: a}
spec:
  replicas: 2
  template:
    metadata: {labels: {app: a}}
    spec:
      volumes: [{name: v, emptyDir: {}}]
      containers:
      - {name: a, volumeMounts: [{name: v, mountPath: /v}]}
",
    broken_by: &[("name: v, mountPath:", "name: w, mountPath:")],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for pod in &context.input.pods {
        // A StatefulSet makes some of them itself.
        let claims = pod.workload.at("spec.volumeClaimTemplates").items();
        let claims = claims.map(|claim| claim.at("metadata.name"));
        let volumes = pod.spec.get("volumes").items();
        let volumes = volumes.map(|volume| volume.get("name"));
        let known: BTreeSet<&str> = volumes.clone().chain(claims).filter_map(At::text).collect();
        let mut mounted = BTreeSet::new();
        for mount in pod
            .containers()
            .flat_map(|container| container.at.get("volumeMounts").items())
        {
            let at = mount.get("name");
            let name = at.text().unwrap_or_default();
            mounted.insert(name);
            if !known.contains(name) {
                found.add(pod.workload, at, format!("the pod has no volume `{name}`"));
            }
        }
        for at in volumes {
            if let Some(name) = at.text().filter(|name| !mounted.contains(name)) {
                found.add(
                    pod.workload,
                    at,
                    format!("nobody mounts the volume `{name}`"),
                );
            }
        }
    }
}
