//! The schema as the OpenAPI definitions that a kustomization names under `openapi.path`.
//!
//! Without them kustomize knows nothing of a McpServerSet, and a strategic merge patch replaces the
//! list of servers. With them it merges servers by name. But a kustomization has one schema: naming one
//! takes kustomize's own away, and a patch of a Deployment beside the set would then replace its
//! containers. So the lists of Kubernetes' own kinds are named here, too.

use serde_json::{Map, Value, json};

use super::structural::structural;
use super::{Kind, json_schema};
use crate::api::API_VERSION;
use crate::resources::{OF_CONTAINERS, OF_PODS};

/// Kinds whose pods come from `spec.template`.
const TEMPLATES: [(&str, &str); 6] = [
    ("apps", "DaemonSet"),
    ("apps", "Deployment"),
    ("apps", "ReplicaSet"),
    ("apps", "StatefulSet"),
    ("batch", "Job"),
    ("", "ReplicationController"),
];
/// Kinds with lists at their top that are merged by name.
const NAMED_LISTS: [(&str, &str, &[&str]); 3] = [
    ("", "ServiceAccount", &["secrets"]),
    (
        "admissionregistration.k8s.io",
        "MutatingWebhookConfiguration",
        &["webhooks"],
    ),
    (
        "admissionregistration.k8s.io",
        "ValidatingWebhookConfiguration",
        &["webhooks"],
    ),
];
/// Ports are told apart by their protocol, too.
const PROTOCOL: &str = "protocol";

/// The definitions of `kinds`.
#[must_use]
pub fn openapi(kinds: &[Kind]) -> Value {
    let mut definitions = Map::new();
    for kind in kinds {
        let (group, version) = API_VERSION.split_once('/').unwrap_or_default();
        let root = json_schema(*kind);
        define(
            &mut definitions,
            (group, version, kind.as_str()),
            structural(&root, &root),
        );
    }
    kubernetes(&mut definitions);
    json!({ "definitions": definitions })
}

/// Adds the definition of one kind.
fn define(definitions: &mut Map<String, Value>, kind: (&str, &str, &str), mut schema: Value) {
    let (group, version, kind) = kind;
    if let Some(schema) = schema.as_object_mut() {
        schema.insert(
            "x-kubernetes-group-version-kind".into(),
            json!([{ "group": group, "kind": kind, "version": version }]),
        );
    }
    let reversed: Vec<&str> = group.rsplit('.').collect();
    let group = if group.is_empty() {
        "core".to_owned()
    } else {
        reversed.join(".")
    };
    definitions.insert(format!("{group}.{version}.{kind}"), schema);
}

/// Adds the kinds of Kubernetes whose lists are merged.
fn kubernetes(definitions: &mut Map<String, Value>) {
    let container = OF_CONTAINERS.map(|(list, key)| (list, by(key, &json!({ "type": "object" }))));
    definitions.insert("Container".into(), object(container));
    let pod = OF_PODS.map(|(list, key)| {
        let is_container = list.to_lowercase().ends_with("containers");
        let item = if is_container {
            refer("Container")
        } else {
            json!({ "type": "object" })
        };
        (list, by(key, &item))
    });
    definitions.insert("PodSpec".into(), object(pod));
    let template = object([
        ("metadata", refer("ObjectMeta")),
        ("spec", refer("PodSpec")),
    ]);
    definitions.insert("PodTemplateSpec".into(), template);
    definitions.insert("ObjectMeta".into(), metadata());
    let spec = |spec: Value| object([("metadata", refer("ObjectMeta")), ("spec", spec)]);
    let template = object([("template", refer("PodTemplateSpec"))]);
    for (group, kind) in TEMPLATES {
        define(definitions, (group, "v1", kind), spec(template.clone()));
    }
    let job = object([("jobTemplate", spec(template))]);
    define(definitions, ("batch", "v1", "CronJob"), spec(job));
    define(definitions, ("", "v1", "Pod"), spec(refer("PodSpec")));
    let ports = by("port", &json!({ "type": "object" }));
    define(
        definitions,
        ("", "v1", "Service"),
        spec(object([("ports", ports)])),
    );
    for (group, kind, lists) in NAMED_LISTS {
        let lists = lists
            .iter()
            .map(|list| (*list, by("name", &json!({ "type": "object" }))));
        let fields = lists.chain([("metadata", refer("ObjectMeta"))]);
        define(definitions, (group, "v1", kind), object(fields));
    }
}

fn metadata() -> Value {
    let finalizers = json!({
        "type": "array",
        "items": { "type": "string" },
        "x-kubernetes-patch-strategy": "merge",
    });
    object([
        ("finalizers", finalizers),
        ("ownerReferences", by("uid", &json!({ "type": "object" }))),
    ])
}

fn object<'n>(fields: impl IntoIterator<Item = (&'n str, Value)>) -> Value {
    let fields = fields
        .into_iter()
        .map(|(name, field)| (name.to_owned(), field));
    json!({ "type": "object", "properties": fields.collect::<Map<_, _>>() })
}

fn refer(definition: &str) -> Value {
    json!({ "$ref": format!("#/definitions/{definition}") })
}

/// A list whose items are told apart by `key`.
fn by(key: &str, items: &Value) -> Value {
    let keys = if key.to_lowercase().ends_with("port") {
        vec![key, PROTOCOL]
    } else {
        vec![key]
    };
    json!({
        "type": "array",
        "items": items,
        "x-kubernetes-list-map-keys": keys,
        "x-kubernetes-list-type": "map",
        "x-kubernetes-patch-merge-key": key,
        "x-kubernetes-patch-strategy": "merge",
    })
}
