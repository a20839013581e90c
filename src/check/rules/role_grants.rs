//! Roles allow what they name, and nothing that leads to more.

use std::collections::HashMap;

use super::{Context, Found, Rule};
use crate::check::bindings::bindings;
use crate::manifest::{At, Manifests, Object};
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP056",
    name: "role-grants",
    title: "roles name what they allow, and allow nothing that leads to more",
    severity: Severity::Warning,
    why: "Whoever speaks through a server to the API server has the rights of its ServiceAccount. With some of them one takes all others: another's token, another's Secrets, a command in another's pod, a role without limits. A `*` allows even what the cluster has not yet.",
    fix: "name the groups, resources and verbs that are used, the objects in `resourceNames`, or a Role in place of a ClusterRole; where the right is meant, write an exception with the reason",
    source: "Kubernetes, Role Based Access Control Good Practices: Least privilege, Privilege escalation risks; CIS Kubernetes Benchmark 5.1",
    good: "\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: a}
rules:
- {apiGroups: [''], resources: [pods, configmaps], verbs: [get, list]}
",
    broken_by: &[("[get, list]", "['*']"), ("configmaps", "secrets")],
    check,
};

/// A right that leads to others.
struct Grant {
    /// The group of the resources.
    group: &'static str,
    /// Any of these.
    resources: &'static [&'static str],
    /// With any of these verbs.
    verbs: &'static [&'static str],
    /// Whether it is so only in all namespaces at once.
    everywhere: bool,
    /// What it leads to.
    leads_to: &'static str,
}

/// The rights that the good practices name, without those that are the work of many a server, such as
/// to start pods.
const GRANTS: [Grant; 7] = [
    Grant {
        group: "",
        resources: &["secrets"],
        verbs: &["get", "list", "watch"],
        everywhere: true,
        leads_to: "reads the Secrets of every namespace",
    },
    Grant {
        group: "",
        resources: &["pods/exec", "pods/attach", "pods/ephemeralcontainers"],
        verbs: &["create", "get", "update", "patch"],
        everywhere: false,
        leads_to: "runs commands in the pods of others, with their rights",
    },
    Grant {
        group: "",
        resources: &["serviceaccounts/token"],
        verbs: &["create"],
        everywhere: false,
        leads_to: "makes tokens of any ServiceAccount there",
    },
    Grant {
        group: "",
        resources: &["users", "groups", "serviceaccounts"],
        verbs: &["impersonate"],
        everywhere: false,
        leads_to: "acts as somebody else",
    },
    Grant {
        group: "rbac.authorization.k8s.io",
        resources: &["roles", "clusterroles"],
        verbs: &["escalate", "bind"],
        everywhere: false,
        leads_to: "gives itself any right",
    },
    Grant {
        group: "",
        resources: &["pods/proxy", "services/proxy"],
        verbs: &["get", "create", "update", "patch", "delete"],
        everywhere: true,
        leads_to: "calls every pod past all network policies, as the API server does",
    },
    Grant {
        group: "",
        resources: &["nodes/proxy"],
        verbs: &["get", "create", "update", "patch", "delete"],
        everywhere: false,
        leads_to: "commands the kubelets, and through them every container",
    },
];

/// Lists of a rule in which a `*` stands for all, and for all of what.
const LISTS: [(&str, &str); 3] = [
    ("apiGroups", "group"),
    ("resources", "resource"),
    ("verbs", "verb"),
];

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    let manifests = context.input.manifests;
    let given = given_everywhere(manifests);
    let kinds = ["ClusterRole", "Role"].into_iter();
    for role in kinds.flat_map(|kind| manifests.of_kind(kind)) {
        // A ClusterRole that nobody has here may be given anywhere.
        let everywhere =
            role.kind() == "ClusterRole" && given.get(role.name()).copied().unwrap_or(true);
        for rule in role.at("rules").items() {
            wildcards(role, rule, found);
            // Who names objects knows what they give away.
            if rule.get("resourceNames").items().next().is_some() {
                continue;
            }
            for grant in GRANTS
                .iter()
                .filter(|grant| everywhere || !grant.everywhere)
            {
                if let Some((resource, verb)) = granted(grant, rule) {
                    let message = format!("who may `{verb}` {resource} {}", grant.leads_to);
                    found.add(role, rule, message);
                }
            }
        }
    }
}

/// Tells of what `rule` allows without naming it, all of it at once.
fn wildcards(object: &Object, rule: At<'_>, found: &mut Found<'_>) {
    let mut all = Vec::new();
    for (list, what) in LISTS {
        let mut items = rule.get(list).items();
        if items.any(|item| item.text() == Some("*")) {
            all.push(what);
        }
    }
    // Of a path there is no more than the path.
    if !all.is_empty() && rule.get("resources").exists() {
        let message = format!("this allows every {}, even those to come", all.join(", "));
        found.add(object, rule, message);
    }
}

/// The resource and the verb by which `rule` gives `grant`, if it does.
fn granted<'m>(grant: &Grant, rule: At<'m>) -> Option<(&'m str, &'m str)> {
    let texts = |list: &str| rule.get(list).items().filter_map(At::text);
    texts("apiGroups").find(|group| *group == grant.group)?;
    let resource = texts("resources").find(|resource| grant.resources.contains(resource))?;
    let verb = texts("verbs").find(|verb| grant.verbs.contains(verb))?;
    Some((resource, verb))
}

/// The names of the ClusterRoles that are given here, and in each of them whether one is given in all
/// namespaces.
fn given_everywhere(manifests: &Manifests) -> HashMap<&str, bool> {
    let mut given = HashMap::new();
    for binding in bindings(manifests) {
        let role = binding.at("roleRef");
        if role.get("kind").text() == Some("ClusterRole")
            && let Some(name) = role.get("name").text()
        {
            *given.entry(name).or_default() |= binding.kind() == "ClusterRoleBinding";
        }
    }
    given
}
