//! From a value of a generated object to the value of the config that it comes from.

use crate::manifest::Object;
use crate::model::{Change, Changed, Server, Set};
use crate::resources::{Merging, merging};
use crate::source::Place;
use crate::yaml::{Node, Value};

/// Fields of objects by kind and path, and the field of a server that they come from. The first one
/// that fits counts; `*` stands for one step.
const FIELDS: [(&str, &str, &str); 29] = [
    ("Deployment", "spec.replicas", "replicas"),
    (
        "Deployment",
        "spec.template.spec.containers.*.image",
        "image",
    ),
    (
        "Deployment",
        "spec.template.spec.containers.*.imagePullPolicy",
        "imagePullPolicy",
    ),
    (
        "Deployment",
        "spec.template.spec.containers.*.command",
        "command",
    ),
    ("Deployment", "spec.template.spec.containers.*.args", "args"),
    ("Deployment", "spec.template.spec.containers.*.env", "env"),
    (
        "Deployment",
        "spec.template.spec.containers.*.resources",
        "resources",
    ),
    (
        "Deployment",
        "spec.template.spec.containers.*.ports",
        "port",
    ),
    (
        "Deployment",
        "spec.template.spec.containers.*.livenessProbe",
        "probes",
    ),
    (
        "Deployment",
        "spec.template.spec.containers.*.readinessProbe",
        "probes",
    ),
    (
        "Deployment",
        "spec.template.spec.containers.*.startupProbe",
        "probes",
    ),
    (
        "Deployment",
        "spec.template.spec.containers.*.volumeMounts",
        "writable",
    ),
    ("Deployment", "spec.template.spec.volumes", "writable"),
    ("Deployment", "spec.template.spec.securityContext", "user"),
    (
        "Deployment",
        "spec.template.spec.terminationGracePeriodSeconds",
        "longestCall",
    ),
    (
        "Deployment",
        "spec.template.metadata.annotations",
        "annotations",
    ),
    ("Deployment", "metadata.labels", "labels"),
    ("Deployment", "spec.template.spec.initContainers", "stdio"),
    ("HorizontalPodAutoscaler", "", "autoscaling"),
    ("Service", "spec.ports", "port"),
    ("ServiceAccount", "metadata.annotations", "aws"),
    ("ExternalSecret", "", "secrets"),
    ("NetworkPolicy", "spec.egress", "egress"),
    ("ConfigMap", "data", "config"),
    (
        "Deployment",
        "spec.template.spec.automountServiceAccountToken",
        "access",
    ),
    ("ClusterRole", "", "rules"),
    ("ClusterRoleBinding", "", "rules"),
    ("Role", "", "rules"),
    ("RoleBinding", "", "rules"),
];

/// Objects that exist once a set, and the part of `spec.platform` that they come from.
const PLATFORM: [(&str, &str); 5] = [
    ("ServiceMonitor", "monitoring"),
    ("PrometheusRule", "monitoring"),
    ("GrafanaDashboard", "monitoring"),
    ("NetworkPolicy", "network"),
    ("K8sAllowedRepos", "policy"),
];

/// The place in the config of `set` that the value at `path` of `object` comes from: its field, or the
/// server, or the set.
#[must_use]
pub fn place(set: &Set, object: &Object, path: &[String]) -> Place {
    let places = &set.places;
    if let Some(server) = server_of(set, object) {
        let field = FIELDS
            .iter()
            .find(|(kind, prefix, _)| *kind == object.kind() && begins(path, prefix))
            .map(|(_, _, field)| *field);
        let defaults = || places.defaults.as_ref()?.of(field?);
        return patched(server, object, path)
            .or_else(|| rule_of(server, object, path))
            .or_else(|| server.places.of(field?))
            .or_else(defaults)
            .unwrap_or(server.places.whole);
    }
    let part = PLATFORM.iter().find(|(kind, _)| *kind == object.kind());
    let Some(platform) = &places.platform else {
        return places.whole;
    };
    part.and_then(|(_, part)| platform.of(part))
        .unwrap_or(platform.whole)
}

/// The server of `set` that `object` belongs to; `None` for what exists once a set.
#[must_use]
pub fn server_of<'s>(set: &'s Set, object: &Object) -> Option<&'s Server> {
    let workload = object.at("metadata.labels").get("app.kubernetes.io/name");
    let mut servers = set.servers.iter();
    servers.find(|server| workload.text() == Some(server.names.workload.as_str()))
}

/// Where a patch of `server` says what stands at `path` of `object`, or takes it away.
fn patched(server: &Server, object: &Object, path: &[String]) -> Option<Place> {
    let mut patches = server.patches.iter().rev();
    patches.find_map(|patch| {
        let is_of = patch.is_of(object.kind(), object.namespace());
        let changed = || changed(&patch.change, object.root(), path, (patch.kind, ""));
        is_of.then(changed).flatten()
    })
}

/// Where `change` says what stands at `path` of `node`, which is itself at a path of a kind.
fn changed(
    change: &Change,
    node: &Node,
    path: &[String],
    (kind, here): (&str, &str),
) -> Option<Place> {
    let Some((step, rest)) = path.split_first() else {
        return match &change.to {
            Changed::Mapping { directive, fields } => {
                // What is missing is missed where it should be.
                let mut fields = fields.iter().map(|(_, change)| change);
                let removed = fields.find(|change| matches!(change.to, Changed::Removed));
                let removed = removed.map(|change| change.place);
                removed.or(directive.map(|_| change.place))
            }
            Changed::List(_) if merging(kind, here) != Merging::Whole => None,
            _ => Some(change.place),
        };
    };
    match (&change.to, &node.value) {
        (Changed::Mapping { fields, .. }, Value::Mapping(_)) => {
            let (_, below) = fields.iter().find(|(name, _)| name == step)?;
            let path = format!("{here}.{step}");
            let path = path.trim_start_matches('.');
            changed(below, node.get(step)?, rest, (kind, path))
        }
        (Changed::List(items), Value::Sequence(nodes)) => {
            let index: usize = step.parse().ok()?;
            let node = nodes.get(index)?;
            let item = match merging(kind, here) {
                Merging::By(key) => items.iter().find(|item| is_called(item, key, node))?,
                Merging::Whole => items.get(index)?,
                Merging::Scalars => return None,
            };
            changed(item, node, rest, (kind, &format!("{here}.*")))
        }
        _ => Some(change.place),
    }
}

/// Whether the field `key` of `item` is that of `node`.
fn is_called(item: &Change, key: &str, node: &Node) -> bool {
    let Changed::Mapping { fields, .. } = &item.to else {
        return false;
    };
    let mut fields = fields.iter();
    let id = fields.find_map(|(name, change)| match &change.to {
        Changed::Scalar(id) if name == key => Some(id),
        _ => None,
    });
    let wanted = node.get(key).and_then(Node::text);
    id.is_some_and(|id| match id.as_str() {
        Some(id) => wanted == Some(id),
        None => wanted == Some(&id.to_string()),
    })
}

/// The rule of `server` that the one at `path` of the role `object` was made of.
fn rule_of(server: &Server, object: &Object, path: &[String]) -> Option<Place> {
    let access = server.api.as_ref()?;
    let [list, index, ..] = path else { return None };
    let rules = match object.kind() {
        "ClusterRole" => &access.everywhere,
        "Role" => {
            let mut inside = access.inside.iter();
            inside
                .find(|(namespace, _)| namespace.as_str() == object.namespace())?
                .1
        }
        _ => return None,
    };
    let index: usize = index.parse().ok().filter(|_| list == "rules")?;
    rules.get(index).map(|rule| rule.place)
}

fn begins(path: &[String], prefix: &str) -> bool {
    let mut steps = path.iter();
    prefix
        .split('.')
        .filter(|step| !step.is_empty())
        .all(|expected| {
            steps
                .next()
                .is_some_and(|step| expected == "*" || step == expected)
        })
}
