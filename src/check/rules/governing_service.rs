//! Pods of a StatefulSet have names.

use super::{Context, Found, Rule};
use crate::check::elsewhere::may_be_called;
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP053",
    name: "governing-service",
    title: "the `serviceName` of a StatefulSet is a Service, or declared external",
    severity: Severity::Warning,
    why: "The pods start, and the names by which they are to find each other, `a-0.SERVICE`, are not in DNS.",
    fix: "write the name of the headless Service, or declare it with `--external Service/NAME`",
    source: "closed references; Kubernetes, StatefulSet: Stable Network ID",
    good: "\
apiVersion: v1
kind: Service
metadata: {name: a}
spec: {clusterIP: None}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: a}
spec: {serviceName: a}
",
    broken_by: &[("serviceName: a", "serviceName: b")],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    let input = context.input;
    for workload in input.manifests.of_kind("StatefulSet") {
        let at = workload.at("spec.serviceName");
        let namespace = workload.namespace();
        // Where no Service is, all of the namespace is elsewhere.
        if let Some(name) = at.text().filter(|name| !name.is_empty())
            && input.services.has_namespace(namespace)
            && input.manifests.find("Service", namespace, name).is_none()
            && !may_be_called(input, namespace, name)
            && !context.settings.is_external("Service", name)
        {
            found.add(workload, at, format!("there is no Service `{name}` here"));
        }
    }
}
