//! From a value of a generated object to the value of the config that it comes from.

use crate::manifest::Object;
use crate::model::{Server, Set};
use crate::source::Place;
use crate::yaml::{Node, Value};

/// Fields of objects by kind and path, and the field of a server that they come from. The first one
/// that fits counts; `*` stands for one step.
const FIELDS: [(&str, &str, &str); 24] = [
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
];

/// Objects that exist once a set, and the part of `spec.platform` that they come from.
const PLATFORM: [(&str, &str); 5] = [
    ("ServiceMonitor", "monitoring"),
    ("PrometheusRule", "monitoring"),
    ("GrafanaDashboard", "monitoring"),
    ("NetworkPolicy", "network"),
    ("K8sAllowedRepos", "policy"),
];

/// The place in `document`, from which `set` was made, that the value at `path` of `object` comes
/// from: its field, or the server, or the set.
#[must_use]
pub fn place(set: &Set, document: &Node, object: &Object, path: &[String]) -> Place {
    let Some(spec) = document.get("spec") else {
        return document.place;
    };
    let server = server_of(set, object);
    let is_named = |node: &&Node| {
        let name = node.get("name").and_then(Node::text);
        server.is_some_and(|server| name == Some(server.name.as_str()))
    };
    let written = match spec.get("servers").map(|node| &node.value) {
        Some(Value::Sequence(servers)) => servers.iter().find(is_named),
        _ => None,
    };
    if let Some(server) = written {
        let field = FIELDS
            .iter()
            .find(|(kind, prefix, _)| *kind == object.kind() && begins(path, prefix))
            .map(|(_, _, field)| *field);
        let of = |node: Option<&Node>| Some(node?.get(field?)?.place);
        return of(Some(server))
            .or_else(|| of(spec.get("defaults")))
            .unwrap_or(server.place);
    }
    let part = PLATFORM.iter().find(|(kind, _)| *kind == object.kind());
    let platform = spec.get("platform");
    part.and_then(|(_, part)| Some(platform?.get(part)?.place))
        .or(platform.map(|platform| platform.place))
        .unwrap_or(document.place)
}

/// The server of `set` that `object` belongs to; `None` for what exists once a set.
#[must_use]
pub fn server_of<'s>(set: &'s Set, object: &Object) -> Option<&'s Server> {
    let workload = object.at("metadata.labels").get("app.kubernetes.io/name");
    let mut servers = set.servers.iter();
    servers.find(|server| workload.text() == Some(server.names.workload.as_str()))
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
