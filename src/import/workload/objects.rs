//! The objects beside a server: what it refers to, found by name.

use std::cell::RefCell;
use std::collections::BTreeSet;

use super::kept;
use crate::import::draft::{Draft, Server};
use crate::import::pod;
use crate::import::remark::{Kind, Remark, listed, quoted};
use crate::manifest::At;
use crate::yaml::{Node, Value};

/// Kinds that mcpset writes itself for every server.
const OWN_KINDS: [&str; 8] = [
    "PodDisruptionBudget",
    "NetworkPolicy",
    "ServiceMonitor",
    "PodMonitor",
    "PrometheusRule",
    "ExternalSecret",
    "SecretStore",
    "Namespace",
];

/// All objects of an import.
#[derive(Debug)]
pub struct Objects<'n> {
    nodes: Vec<&'n Node>,
    used: RefCell<BTreeSet<usize>>,
}

impl<'n> Objects<'n> {
    /// The objects `nodes`.
    #[must_use]
    pub fn new(nodes: Vec<&'n Node>) -> Self {
        Self {
            nodes,
            used: RefCell::default(),
        }
    }

    /// The objects of `kind` in `namespace`; an object without a namespace may be in any.
    pub fn of_kind<'s>(
        &'s self,
        kind: &'s str,
        namespace: &'s str,
    ) -> impl Iterator<Item = &'n Node> + 's {
        let nodes = self.nodes.iter().enumerate();
        nodes
            .filter(move |(_, node)| {
                let text = |path| At::new(node).at(path).text().unwrap_or_default();
                let own = text("metadata.namespace");
                text("kind") == kind && (own.is_empty() || namespace.is_empty() || own == namespace)
            })
            .map(|(_, node)| *node)
    }

    /// The object of `kind` called `name`, which is then used.
    pub fn find(&self, kind: &str, namespace: &str, name: &str) -> Option<&'n Node> {
        let found = self
            .of_kind(kind, namespace)
            .find(|node| At::new(node).at("metadata.name").text() == Some(name))?;
        self.used(found);
        Some(found)
    }

    /// Takes `node` for read.
    pub fn used(&self, node: &Node) {
        let position = self
            .nodes
            .iter()
            .position(|other| std::ptr::eq(*other, node));
        self.used.borrow_mut().extend(position);
    }

    /// What the ServiceAccount `name` gives a server: a role of AWS, and rights in the cluster.
    pub fn account(&self, name: &str, namespace: &str, server: &mut Server) {
        if let Some(account) = self.find("ServiceAccount", namespace, name)
            && let Some(annotations) = At::new(account).at("metadata.annotations").node()
            && let Value::Mapping(entries) = &annotations.value
        {
            pod::role(entries, server);
        }
        if !super::access::access(self, name, namespace, server)
            && !server.fields.has("aws")
            && name != "default"
            && self.of_kind("ServiceAccount", namespace).next().is_none()
        {
            let text = format!(
                "the ServiceAccount {}, which is not among these files, with what it may do",
                quoted(name)
            );
            server.say(Kind::Lost, text);
        }
    }

    /// Every key of the Secret `name` as a variable.
    pub fn all_of_secret(
        &self,
        name: &str,
        namespace: &str,
        prefix: &str,
        node: &Node,
        server: &mut Server,
    ) {
        let Some(secret) = self.find("Secret", namespace, name) else {
            ask_for_keys("Secret", name, "`env` or `secrets`", node, server);
            return;
        };
        for key in keys(secret, &["data", "stringData"]) {
            pod::secret_key(server, &format!("{prefix}{key}"), name, key);
        }
    }

    /// Every key of the ConfigMap `name` as a variable.
    pub fn all_of_config_map(
        &self,
        name: &str,
        namespace: &str,
        prefix: &str,
        node: &Node,
        server: &mut Server,
    ) {
        let Some(map) = self.find("ConfigMap", namespace, name) else {
            ask_for_keys("ConfigMap", name, "`env`", node, server);
            return;
        };
        for (key, value) in At::new(map).get("data").entries() {
            server.variable(
                &format!("{prefix}{key}"),
                value.text().unwrap_or_default(),
                false,
            );
        }
    }

    /// Says in `draft` which objects no server uses, and keeps the values of Secrets out of it.
    pub fn close(&self, draft: &mut Draft) {
        let secrets = self.of_kind("Secret", "");
        draft.hidden.extend(secrets.flat_map(kept::values));
        let used = self.used.borrow();
        let mut own = Vec::new();
        let mut others = Vec::new();
        for (position, node) in self.nodes.iter().enumerate() {
            let text = |path| At::new(node).at(path).text().unwrap_or_default();
            let kind = text("kind");
            if used.contains(&position) || kind == "Namespace" {
                continue;
            }
            let name = format!("{kind} {}", text("metadata.name"));
            if OWN_KINDS.contains(&kind) {
                own.push(name);
            } else {
                others.push(name);
            }
        }
        for (names, why) in [
            (own, "mcpset writes its own"),
            (others, "no server here uses them"),
        ] {
            if !names.is_empty() {
                let text = format!("left out, as {why}: {}", listed(&names));
                draft.remarks.push(Remark::new(Kind::Lost, text));
            }
        }
    }
}

/// Says that the keys of an object that is not here are to be named in the `fields`.
fn ask_for_keys(kind: &str, name: &str, fields: &str, node: &Node, server: &mut Server) {
    let name = quoted(name);
    let text = format!("every key of the {kind} {name} was a variable: name them under {fields}");
    server.ask(node.place, text);
}

/// The keys of the mappings `fields` of `object`. Their values are never looked at.
fn keys<'n>(object: &'n Node, fields: &[&str]) -> Vec<&'n str> {
    let maps = fields.iter().map(|field| At::new(object).get(field));
    maps.flat_map(|map| map.entries().map(|(key, _)| key))
        .collect()
}
