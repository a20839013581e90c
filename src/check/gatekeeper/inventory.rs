//! `data.inventory`: the objects that a policy may compare the one under review with.

use serde_json::{Map, Value as Json};

use crate::manifest::{Manifests, json};

/// All objects, as Gatekeeper keeps them: `namespace[ns][apiVersion][kind][name]` and
/// `cluster[apiVersion][kind][name]`. In a cluster its `Config` says which kinds are kept; a policy
/// that needs some is of no use without, so here all are.
#[must_use]
pub fn inventory(manifests: &Manifests) -> Json {
    let mut root = Map::new();
    for object in manifests.objects() {
        let scope: &[&str] = match object.namespace() {
            "" => &["cluster"],
            namespace => &["namespace", namespace],
        };
        let kind = [object.api_version(), object.kind()];
        let path = scope.iter().copied().chain(kind);
        insert(&mut root, path, object.name(), json(object.root()));
    }
    Json::Object(root)
}

fn insert<'a>(
    root: &mut Map<String, Json>,
    path: impl Iterator<Item = &'a str>,
    name: &str,
    object: Json,
) {
    let mut at = root;
    for step in path {
        let next = at.entry(step).or_insert_with(|| Json::Object(Map::new()));
        let Json::Object(next) = next else { return };
        at = next;
    }
    at.insert(name.to_owned(), object);
}
