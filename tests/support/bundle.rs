//! One bundle: the documents that mcpset wrote for one config.

use std::fmt;

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{Container, PodSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta};
use k8s_openapi::{Metadata, Resource};
use mcpset::overrides::Overrides;
use mcpset::problem::Problems;
use mcpset::resources::objects;
use mcpset::yaml::{self, Dialect};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::config;

/// What mcpset makes of one config.
#[derive(Clone)]
pub struct Bundle {
    /// The config, as an independent reader takes it.
    pub config: Value,
    /// The text that `mcpset render` prints.
    pub text: String,
    /// The documents in it, as an independent reader takes them.
    pub documents: Vec<Value>,
    /// The same objects without a detour through YAML.
    pub objects: Vec<Value>,
}

impl fmt::Debug for Bundle {
    /// The config alone: what a failing property prints is a file to run mcpset with.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the config\n")?;
        f.write_str(&config::yaml(&self.config, config::Order::Sorted))
    }
}

impl Bundle {
    /// What mcpset makes of `config`, or what it says against it.
    pub fn of(config: &str) -> Result<Self, String> {
        let mut problems = Problems::default();
        let nodes = yaml::parse(config, 0, &mut problems);
        let mut sets: Vec<_> = nodes
            .iter()
            .map(|node| {
                mcpset::expand(node, Dialect::Written, &Overrides::default(), &mut problems)
            })
            .collect();
        if problems.has_errors() {
            let said = problems.into_sorted();
            let said = said.iter().map(|p| format!("{}: {}\n", p.code, p.message));
            return Err(said.collect());
        }
        let (1, Some(Some(set))) = (sets.len(), sets.pop()) else {
            panic!("a test config holds one McpServerSet");
        };
        let mut text = String::new();
        let mut values = Vec::new();
        for object in objects(&set) {
            text.push_str("---\n");
            yaml::document(&mut text, &object).unwrap();
            values.push(serde_json::to_value(&object).unwrap());
        }
        Ok(Self {
            config: read(config).remove(0),
            documents: read(&text),
            objects: values,
            text,
        })
    }

    /// The documents of `kind`.
    pub fn of_kind(&self, kind: &str) -> Vec<&Value> {
        self.documents
            .iter()
            .filter(|document| document["kind"] == kind)
            .collect()
    }

    /// The objects of type `T`.
    pub fn all<T: Resource + Metadata<Ty = ObjectMeta> + DeserializeOwned>(&self) -> Vec<T> {
        self.documents
            .iter()
            .filter(|document| {
                document["kind"] == T::KIND && document["apiVersion"] == T::API_VERSION
            })
            .map(|document| serde_json::from_value(document.clone()).unwrap())
            .collect()
    }

    /// Every pod that the bundle starts, with the Deployment it belongs to.
    pub fn pods(&self) -> Vec<Pod> {
        self.all::<Deployment>()
            .into_iter()
            .map(|deployment| {
                let template = deployment.spec.clone().unwrap().template;
                Pod {
                    name: name(&deployment),
                    namespace: deployment.metadata.namespace.clone().unwrap_or_default(),
                    labels: template
                        .metadata
                        .clone()
                        .unwrap()
                        .labels
                        .unwrap_or_default(),
                    annotations: template.metadata.unwrap().annotations.unwrap_or_default(),
                    spec: template.spec.unwrap(),
                    deployment,
                }
            })
            .collect()
    }

    /// Replaces what stands at `pointer` (RFC 6901; `-` appends to a list) in the object of
    /// `kind` and `name`: how a test spoils a good bundle.
    pub fn set(&mut self, kind: &str, name: &str, pointer: &str, value: Value) {
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        let key = key.replace("~1", "/").replace("~0", "~");
        match self.at(kind, name, parent) {
            Value::Object(map) => {
                map.insert(key, value);
            }
            Value::Array(items) if key == "-" => items.push(value),
            Value::Array(items) => items[key.parse::<usize>().unwrap()] = value,
            other => panic!("{pointer} of {kind} {name}: {other} has no parts"),
        }
    }

    /// Takes away the field at `pointer`.
    pub fn remove(&mut self, kind: &str, name: &str, pointer: &str) {
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        let removed = match self.at(kind, name, parent) {
            Value::Object(map) => map.remove(&key.replace("~1", "/")),
            Value::Array(items) => Some(items.remove(key.parse().unwrap())),
            _ => None,
        };
        assert!(removed.is_some(), "{kind} {name} has no {pointer}");
    }

    /// Takes the object of `kind` and `name` away.
    pub fn drop_object(&mut self, kind: &str, name: &str) {
        let before = self.documents.len();
        self.documents
            .retain(|document| document["kind"] != kind || document["metadata"]["name"] != name);
        assert_eq!(self.documents.len() + 1, before, "{kind} {name}");
    }

    fn at(&mut self, kind: &str, name: &str, pointer: &str) -> &mut Value {
        self.documents
            .iter_mut()
            .find(|document| document["kind"] == kind && document["metadata"]["name"] == name)
            .unwrap_or_else(|| panic!("no {kind} {name}"))
            .pointer_mut(pointer)
            .unwrap_or_else(|| panic!("{kind} {name} has no {pointer}"))
    }
}

/// The pods of one Deployment.
#[derive(Debug, Clone)]
pub struct Pod {
    /// The Deployment's name.
    pub name: String,
    /// Their namespace.
    pub namespace: String,
    /// Their labels.
    pub labels: Labels,
    /// Their annotations.
    pub annotations: Labels,
    /// What they run.
    pub spec: PodSpec,
    /// What starts them.
    pub deployment: Deployment,
}

impl Pod {
    /// The one container of an MCP server's pod that stays.
    pub fn container(&self) -> &Container {
        assert_eq!(self.spec.containers.len(), 1);
        &self.spec.containers[0]
    }
}

/// Names and texts, as labels and annotations are.
pub type Labels = std::collections::BTreeMap<String, String>;

/// The documents of `text`, as an independent reader takes them.
pub fn read(text: &str) -> Vec<Value> {
    serde_yaml::Deserializer::from_str(text)
        .map(|document| Value::deserialize(document).unwrap_or_else(|e| panic!("{e} in\n{text}")))
        .collect()
}

/// `Deployment tools-github`.
pub fn id(document: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or("?").to_owned();
    format!(
        "{} {}",
        text(&document["kind"]),
        text(&document["metadata"]["name"])
    )
}

/// The name of an object.
pub fn name<T: Metadata<Ty = ObjectMeta>>(object: &T) -> String {
    object.metadata().name.clone().unwrap_or_default()
}

/// Whether `selector` finds an object with `labels`.
pub fn selects(selector: &LabelSelector, labels: &Labels) -> bool {
    let labelled = |(key, value): (&String, &String)| labels.get(key) == Some(value);
    let required = |requirement: &_| {
        let k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelectorRequirement {
            key,
            operator,
            values,
        } = requirement;
        let is_in = |value: &String| values.as_ref().is_some_and(|values| values.contains(value));
        match operator.as_str() {
            "In" => labels.get(key).is_some_and(is_in),
            "NotIn" => !labels.get(key).is_some_and(is_in),
            "Exists" => labels.contains_key(key),
            "DoesNotExist" => !labels.contains_key(key),
            other => panic!("the API server knows no operator {other}"),
        }
    };
    selector.match_labels.iter().flatten().all(labelled)
        && selector.match_expressions.iter().flatten().all(required)
}

/// Calls `visit` with every mapping in `value` and its path.
pub fn visit_mappings(
    value: &Value,
    path: &str,
    visit: &mut impl FnMut(&str, &Map<String, Value>),
) {
    match value {
        Value::Object(map) => {
            visit(path, map);
            for (key, value) in map {
                visit_mappings(value, &format!("{path}/{key}"), visit);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                visit_mappings(value, &format!("{path}/{index}"), visit);
            }
        }
        _ => {}
    }
}

/// Calls `visit` with every text in `value`, keys included.
pub fn visit_texts(value: &Value, visit: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) => visit(text),
        Value::Array(items) => items.iter().for_each(|item| visit_texts(item, visit)),
        Value::Object(map) => {
            for (key, value) in map {
                visit(key);
                visit_texts(value, visit);
            }
        }
        _ => {}
    }
}
