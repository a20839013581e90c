//! What a ServiceAccount may do in the cluster: `access` and `rules`.

use super::Objects;
use crate::import::draft::Server;
use crate::import::remark::{Remark, quoted};
use crate::import::tree::Map;
use crate::manifest::At;
use crate::yaml::Node;

/// The parts of a rule, as RBAC and a set alike call them.
const PARTS: [&str; 5] = [
    "apiGroups",
    "resources",
    "resourceNames",
    "verbs",
    "nonResourceURLs",
];

/// Gives `server` what bindings among `objects` give the ServiceAccount `name`; whether there are any.
pub fn access(objects: &Objects<'_>, name: &str, namespace: &str, server: &mut Server) -> bool {
    let mut rules = Vec::new();
    let mut unknown = Vec::new();
    let mut bindings: Vec<(&Node, Option<&str>)> = Vec::new();
    bindings.extend(
        objects
            .of_kind("ClusterRoleBinding", "")
            .map(|node| (node, None)),
    );
    for binding in objects.of_kind("RoleBinding", "") {
        let own = At::new(binding)
            .at("metadata.namespace")
            .text()
            .unwrap_or(namespace);
        bindings.push((binding, Some(own)));
    }
    bindings.retain(|(binding, _)| binds(binding, name, namespace));
    for (binding, within) in &bindings {
        objects.used(binding);
        let text = |path| At::new(binding).at(path).text().unwrap_or_default();
        let (kind, role) = (text("roleRef.kind"), text("roleRef.name"));
        let found = if kind == "Role" {
            objects.find("Role", within.unwrap_or_default(), role)
        } else {
            objects.find("ClusterRole", "", role)
        };
        match found {
            Some(found) => rules.extend(
                At::new(found)
                    .get("rules")
                    .items()
                    .map(|rule| read(rule, *within)),
            ),
            None => unknown.push((format!("{kind} {}", quoted(role)), binding.place)),
        }
    }
    if bindings.is_empty() {
        return false;
    }
    server.fields.set("access", vec!["cluster"]);
    if !rules.is_empty() {
        server.fields.set("rules", rules);
    }
    for (role, place) in unknown {
        let text =
            format!("what the {role} allows is not among these files: write it under `rules`");
        server.say_at("access", Remark::to_do(place, text));
    }
    true
}

/// Whether `binding` is about the ServiceAccount `name` in `namespace`.
fn binds(binding: &Node, name: &str, namespace: &str) -> bool {
    At::new(binding).get("subjects").items().any(|subject| {
        let text = |key| subject.get(key).text().unwrap_or_default();
        let own = text("namespace");
        text("kind") == "ServiceAccount"
            && text("name") == name
            && (own.is_empty() || namespace.is_empty() || own == namespace)
    })
}

fn read(rule: At<'_>, within: Option<&str>) -> Map {
    let mut map = Map::default();
    for part in PARTS {
        let texts: Vec<&str> = rule.get(part).items().filter_map(At::text).collect();
        if !texts.is_empty() {
            map.set(part, texts);
        }
    }
    if let Some(namespace) = within.filter(|namespace| !namespace.is_empty()) {
        map.set("namespaces", vec![namespace]);
    }
    map
}
