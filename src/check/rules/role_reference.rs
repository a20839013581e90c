//! Bindings give roles that there are.

use super::{Context, Found, Rule};
use crate::check::bindings::bindings;
use crate::problem::Severity;

/// ClusterRoles that every cluster has (Kubernetes, Using RBAC Authorization: Default roles).
const BUILT_IN: [&str; 4] = ["admin", "cluster-admin", "edit", "view"];
/// What the names of the API server's own begin with.
const SYSTEM: &str = "system:";

pub const RULE: Rule = Rule {
    id: "MCP055",
    name: "role-reference",
    title: "the role that a binding gives is here, built in, or declared external",
    severity: Severity::Warning,
    why: "The API server takes a binding to a role that does not exist. Whoever it is for is refused every call, and whoever makes a role of that name later decides what they may do.",
    fix: "write the kind and name of a role in `roleRef`, a Role being of the binding's own namespace, or declare it with `--external ClusterRole/NAME`",
    source: "closed references; Kubernetes, Using RBAC Authorization",
    good: "\
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: a, namespace: a}
rules: [{apiGroups: [''], resources: [pods], verbs: [get]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: a, namespace: a}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: a}
subjects: [{kind: ServiceAccount, name: a, namespace: a}]
",
    broken_by: &[("kind: Role, name: a", "kind: Role, name: b")],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    let manifests = context.input.manifests;
    for binding in bindings(manifests) {
        let at = binding.at("roleRef.name");
        let kind = binding.at("roleRef.kind").text().unwrap_or_default();
        let Some(name) = at.text() else { continue };
        let namespace = match kind {
            "Role" => binding.namespace(),
            "ClusterRole" if BUILT_IN.contains(&name) || name.starts_with(SYSTEM) => continue,
            "ClusterRole" => "",
            _ => continue,
        };
        // Where no role is, all of them are elsewhere.
        if manifests.find(kind, namespace, name).is_none()
            && manifests
                .of_kind(kind)
                .any(|role| role.namespace() == namespace)
            && !context.settings.is_external(kind, name)
        {
            let message = match namespace {
                "" => format!("there is no {kind} `{name}` here"),
                _ => format!("there is no {kind} `{name}` in `{namespace}` here"),
            };
            found.add(binding, at, message);
        }
    }
}
