//! Services stay inside the cluster.

use super::{Context, Found, Rule};
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP060",
    name: "service-type",
    title: "Services are of type ClusterIP",
    severity: Severity::Error,
    why: "A NodePort opens the Service on every node, past Ingress and policies; a LoadBalancer may open it to the world.",
    fix: "write `type: ClusterIP`, and reach servers through the proxy",
    source: "guide, Security Requirements: no NodePort services, use ClusterIP only",
    good: "\
apiVersion: v1
kind: Service
metadata: {name: a}
spec: {type: ClusterIP}
",
    broken_by: &[("type: ClusterIP", "type: NodePort")],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for service in context.input.manifests.of_kind("Service") {
        let at = service.at("spec.type");
        let name = service.name();
        if let Some(kind @ ("NodePort" | "LoadBalancer")) = at.text() {
            let message = format!("the Service `{name}` is a {kind}");
            found.add(service, at, message);
        }
        let addresses = service.at("spec.externalIPs");
        if addresses.items().next().is_some() {
            let message = format!("the Service `{name}` takes what is sent to other addresses");
            found.add(service, addresses, message);
        }
    }
}
