//! What Gatekeeper is asked about: every object, and the Pods that a workload will start.
//!
//! Policies speak of Pods, and nobody applies Pods. In a cluster the Deployment is let in and its Pods
//! are refused minutes later, where only the ReplicaSet's events tell. So each workload's template is
//! judged as the Pod that it will be, as gator does where someone gives it an ExpansionTemplate; here
//! nobody has to.

use serde_json::{Value as Json, json};

use crate::manifest::{At, Labels, Object, Pod, json as to_json, json_at};

/// An object as it is judged.
#[derive(Debug)]
pub struct Review<'m> {
    /// The object of the input: itself, or the workload that starts it.
    pub object: &'m Object,
    /// Its API group.
    pub group: &'m str,
    /// Its version.
    pub version: &'m str,
    /// Its kind.
    pub kind: &'m str,
    /// Its name.
    pub name: String,
    /// Its labels.
    pub labels: Labels<'m>,
    /// `metadata.generateName`, as text; empty for none.
    pub generate_name: &'m str,
    /// Whether it is a Pod that the object starts.
    pub is_expanded: bool,
    /// All of it.
    pub value: Json,
}

/// `object`, and the Pod that it starts.
pub fn reviews(object: &Object) -> impl Iterator<Item = Review<'_>> {
    [Some(itself(object)), pod(object)].into_iter().flatten()
}

fn itself(object: &Object) -> Review<'_> {
    let metadata = object.at("metadata");
    let version = object.api_version();
    Review {
        object,
        group: object.group(),
        version: version.rsplit_once('/').map_or(version, |(_, text)| text),
        kind: object.kind(),
        name: object.name().to_owned(),
        labels: Labels::of(metadata.get("labels")),
        generate_name: generate_name(metadata),
        is_expanded: false,
        value: to_json(object.root()),
    }
}

/// The Pod of a workload, with the name that gator gives it and an owner, so that policies on naked
/// Pods leave it alone.
fn pod(object: &Object) -> Option<Review<'_>> {
    let pod = Pod::of(object).filter(|_| object.kind() != "Pod")?;
    let name = format!("{}-pod", object.name().to_lowercase());
    let mut metadata = json_at(pod.metadata);
    if !metadata.is_object() {
        metadata = json!({});
    }
    if let Json::Object(fields) = &mut metadata {
        fields.insert("name".into(), json!(name));
        if !object.namespace().is_empty() {
            fields.insert("namespace".into(), json!(object.namespace()));
        }
        let owner = json!({
            "apiVersion": object.api_version(),
            "kind": object.kind(),
            "name": object.name(),
            "uid": "",
        });
        let owners = fields.entry("ownerReferences").or_insert(json!([]));
        if let Json::Array(owners) = owners {
            owners.push(owner);
        }
    }
    Some(Review {
        object,
        group: "",
        version: "v1",
        kind: "Pod",
        name,
        labels: pod.labels,
        generate_name: generate_name(pod.metadata),
        is_expanded: true,
        value: json!({
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": metadata,
            "spec": json_at(pod.spec),
        }),
    })
}

fn generate_name(metadata: At<'_>) -> &str {
    metadata.get("generateName").text().unwrap_or_default()
}

impl Review<'_> {
    /// `input.review`, as an admission of the object would give it.
    #[must_use]
    pub fn input(&self, namespace: Option<&Object>) -> Json {
        json!({
            "uid": "",
            "kind": {"group": self.group, "version": self.version, "kind": self.kind},
            "resource": {"group": "", "version": "", "resource": ""},
            "operation": "CREATE",
            "name": self.name,
            "namespace": self.object.namespace(),
            "userInfo": {},
            "object": self.value,
            "oldObject": null,
            "options": null,
            "namespaceObject": namespace.map(|object| to_json(object.root())),
        })
    }
}
