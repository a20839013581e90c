//! Lists of objects, as `kubectl get` prints them.

use crate::yaml::{Entry, Node, Value};

/// The objects in `document`: the items of the list that it is, or itself.
///
/// Items of a typed list, such as a `ServiceList`, need not say what they are.
#[must_use]
pub fn items(document: Node) -> Vec<Node> {
    let kind = document.get("kind").and_then(Node::text);
    let kind = kind.and_then(|kind| kind.strip_suffix("List"));
    let Some((
        kind,
        Node {
            value: Value::Sequence(nodes),
            ..
        },
    )) = kind.zip(document.get("items"))
    else {
        return vec![document];
    };
    let known = if kind.is_empty() {
        Vec::new()
    } else {
        of_items(&document, kind)
    };
    let nodes = nodes.iter().cloned();
    nodes
        .flat_map(|mut node| {
            complete(&mut node, &known);
            items(node)
        })
        .collect()
}

/// Whether `document` tells kustomize what to do, and never goes to a cluster.
#[must_use]
pub fn is_kustomization(document: &Node) -> bool {
    let text = |key: &str| document.get(key).and_then(Node::text).unwrap_or_default();
    text("apiVersion").starts_with("kustomize.config.k8s.io/")
        && matches!(text("kind"), "Kustomization" | "Component")
}

/// What `list` says of its items, which are of `kind`.
fn of_items(list: &Node, kind: &str) -> Vec<Entry> {
    let Value::Mapping(entries) = &list.value else {
        return Vec::new();
    };
    let said = entries
        .iter()
        .filter(|entry| matches!(entry.name(), "apiVersion" | "kind"));
    let mut said: Vec<Entry> = said.cloned().collect();
    for entry in &mut said {
        if entry.name() == "kind"
            && let Value::Scalar(scalar) = &mut entry.value.value
        {
            scalar.text = kind.into();
        }
    }
    said
}

/// Adds what of `known` the object `node` does not say itself.
fn complete(node: &mut Node, known: &[Entry]) {
    if let Value::Mapping(entries) = &mut node.value {
        for entry in known {
            if entries.iter().all(|own| own.name() != entry.name()) {
                entries.push(entry.clone());
            }
        }
    }
}
