//! Roles are given to somebody.

use super::{Context, Found, Rule};
use crate::check::bindings::{accounts, bindings};
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP054",
    name: "role-subject",
    title: "the ServiceAccounts that a binding gives a role to are here, or declared external",
    severity: Severity::Warning,
    why: "The API server takes any name. Who was meant is refused every call, and whoever makes an account of that name later has the role.",
    fix: "write the name and namespace of the ServiceAccount, or declare it with `--external ServiceAccount/NAME`",
    source: "closed references; Kubernetes, Using RBAC Authorization",
    good: "\
apiVersion: v1
kind: ServiceAccount
metadata: {name: a, namespace: a}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: a, namespace: a}
roleRef: {kind: Role, name: a}
subjects: [{kind: ServiceAccount, name: a, namespace: a}]
",
    broken_by: &[(
        "kind: ServiceAccount, name: a",
        "kind: ServiceAccount, name: b",
    )],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    let manifests = context.input.manifests;
    for binding in bindings(manifests) {
        for (namespace, at) in accounts(binding) {
            let Some(name) = at.text().filter(|name| *name != "default") else {
                continue;
            };
            let mut here = manifests.of_kind("ServiceAccount");
            // Where no account is, all of the namespace is elsewhere.
            if manifests.find("ServiceAccount", namespace, name).is_none()
                && here.any(|account| account.namespace() == namespace)
                && !context.settings.is_external("ServiceAccount", name)
            {
                let message = format!("there is no ServiceAccount `{name}` in `{namespace}` here");
                found.add(binding, at, message);
            }
        }
    }
}
