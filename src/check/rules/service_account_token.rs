//! Who does not need the API of Kubernetes cannot use it. That somebody does, a role of theirs says.

use super::{Context, Found, Rule};
use crate::check::bindings::bound;
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP017",
    name: "service-account-token",
    title: "pods mount no token of their ServiceAccount, unless it is given a role",
    severity: Severity::Warning,
    why: "The token is a credential for the API server, in every container of the pod. What IRSA and Pod Identity need, their webhooks mount apart.",
    fix: "write `automountServiceAccountToken: false` in the pod or its ServiceAccount; where the pod asks the API server, add the role that its ServiceAccount has, and the binding, or an exception",
    source: "CIS Kubernetes Benchmark 5.1.6",
    good: "\
apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  automountServiceAccountToken: false
  containers:
  - {name: a}
",
    broken_by: &[
        (
            "  automountServiceAccountToken: false
",
            "",
        ),
        ("- {name: a}", "- {name: a, image: a}"),
    ],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    let bound = bound(context.input.manifests);
    for pod in &context.input.pods {
        let at = pod.spec.get("automountServiceAccountToken");
        let name = pod.spec.get("serviceAccountName").text();
        let name = name.unwrap_or("default");
        let manifests = context.input.manifests;
        let account = manifests.find("ServiceAccount", pod.namespace(), name);
        // What the pod says counts, and what its ServiceAccount says where the pod says nothing.
        let inherited = account
            .filter(|_| !at.exists())
            .and_then(|account| account.at("automountServiceAccountToken").boolean());
        let is_mounted = at.boolean().or(inherited) != Some(false);
        if is_mounted && !bound.contains(&(pod.namespace(), name)) {
            found.add(
                pod.workload,
                at,
                "the pod mounts the token of its ServiceAccount",
            );
        }
    }
}
