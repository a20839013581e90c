//! Configuration is there.

use super::{Context, Found, Rule};
use crate::check::references::{CONFIG_MAPS, config_keys, references};
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP074",
    name: "config-reference",
    title: "ConfigMaps and their keys are made by something here, or declared external",
    severity: Severity::Error,
    why: "A pod that refers to a ConfigMap or key that nobody makes waits in `CreateContainerConfigError` for ever.",
    fix: "add the ConfigMap or its key, or declare it with `--external ConfigMap/NAME`; where a patch of a set asks for it, write an exception with the reason",
    source: "closed references",
    good: "\
apiVersion: v1
kind: ConfigMap
metadata: {name: c}
data: {file: x}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: a}
spec:
  replicas: 2
  template:
    metadata: {labels: {app: a}}
    spec:
      containers:
      - {name: a, envFrom: [{configMapRef: {name: c}}]}
",
    broken_by: &[("configMapRef: {name: c}", "configMapRef: {name: d}")],
    check,
};

/// ConfigMaps that controllers of the cluster make in every namespace.
const EVERYWHERE: [&str; 2] = ["kube-root-ca.crt", "openshift-service-ca.crt"];

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for (pod, reference) in references(&context.input.pods, &CONFIG_MAPS) {
        if EVERYWHERE.contains(&reference.name)
            || context.settings.is_external("ConfigMap", reference.name)
        {
            continue;
        }
        match config_keys(context.input.manifests, pod.namespace(), reference.name) {
            None => {
                let message = format!("nothing here makes the ConfigMap `{}`", reference.name);
                found.add(pod.workload, reference.name_at, message);
            }
            Some(keys) => {
                if let Some(key) = reference.key.filter(|key| !keys.has(key)) {
                    let message = format!("the ConfigMap `{}` has no key `{key}`", reference.name);
                    found.add(pod.workload, reference.key_at, message);
                }
            }
        }
    }
}
