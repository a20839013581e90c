//! The schema as a custom resource definition.
//!
//! Nobody has to install it: a set is read by mcpset and never reaches a cluster. It is for those
//! whose tools know manifests by their definitions alone, and for who wants `kubectl explain`.

use serde_json::{Value, json};

use super::structural::structural;
use super::{Kind, json_schema};
use crate::api::API_VERSION;

/// The definition of `kind`.
#[must_use]
pub fn crd(kind: Kind) -> Value {
    let root = json_schema(kind);
    let mut schema = structural(&root, &root);
    // An API server has its own word on metadata, and adds fields to it.
    if let Some(metadata) = schema.pointer_mut("/properties/metadata") {
        *metadata = json!({ "type": "object" });
    }
    if let Some(schema) = schema.as_object_mut()
        && let Some(Value::Array(required)) = schema.get_mut("required")
    {
        required.retain(|field| field == "spec");
        let is_empty = required.is_empty();
        if is_empty {
            schema.remove("required");
        }
    }
    without_patch_words(&mut schema);
    let (group, version) = API_VERSION.split_once('/').unwrap_or_default();
    let name = kind.as_str();
    let singular = name.to_lowercase();
    let plural = format!("{singular}s");
    json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": { "name": format!("{plural}.{group}") },
        "spec": {
            "group": group,
            "names": {
                "kind": name,
                "listKind": format!("{name}List"),
                "plural": plural,
                "singular": singular,
            },
            "scope": "Namespaced",
            "versions": [{
                "name": version,
                "served": true,
                "storage": true,
                "schema": { "openAPIV3Schema": schema },
            }],
        },
    })
}

/// Takes out what a definition has no fields for: how `kubectl` and kustomize merge lists.
fn without_patch_words(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            fields.retain(|key, _| !key.starts_with("x-kubernetes-patch-"));
            fields.values_mut().for_each(without_patch_words);
        }
        Value::Array(items) => items.iter_mut().for_each(without_patch_words),
        _ => {}
    }
}
