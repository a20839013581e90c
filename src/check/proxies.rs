//! What LiteLLM's proxies of the input are told: their configs, and their variables.
//!
//! A config is a text in a ConfigMap or Secret, or part of the values of LiteLLM's charts, which may
//! be such a text as well. Other programs have `mcp_servers`, too: a text counts when something else
//! of it is LiteLLM's.

use std::collections::BTreeMap;

use super::conventions::is_proxy;
use super::input::Input;
use super::variables::{expanded, given};
use crate::manifest::{At, Object, Pod, Pods};
use crate::model::REFERENCE;
use crate::problem::{Inside, Problems};
use crate::source::Place;
use crate::yaml::{self, Node, Value};

/// The key that holds the servers.
const SERVERS: &str = "mcp_servers";
/// What the charts call the config.
const IN_VALUES: &str = "proxy_config";
/// Keys of LiteLLM's config that others do not have.
const OWN: [&str; 4] = [
    "general_settings",
    "litellm_settings",
    "model_list",
    "router_settings",
];
/// Mappings in each other, from the root of values to a chart's `proxy_config`.
const DEPTH: usize = 5;

/// A place, and where in its value when that is a text of several lines.
#[derive(Debug, Clone, Copy)]
pub struct Spot {
    /// The place.
    pub place: Place,
    /// Where in its value.
    pub inside: Option<Inside>,
}

impl From<Place> for Spot {
    fn from(place: Place) -> Self {
        Self {
            place,
            inside: None,
        }
    }
}

/// A config of LiteLLM.
#[derive(Debug)]
pub struct ProxyConfig<'m> {
    /// The object that holds it.
    pub object: &'m Object,
    /// The text in it, or the values.
    pub at: At<'m>,
    /// The namespace of the proxy.
    pub namespace: &'m str,
    /// The config.
    config: Node,
    /// Variables that stand beside it in the values, with the values that are written.
    values: BTreeMap<String, Option<String>>,
    /// Whether the values take variables from what is not here.
    is_open: bool,
}

/// All configs in `manifests`.
#[must_use]
pub fn configs<'m>(input: &Input<'m>) -> Vec<ProxyConfig<'m>> {
    let manifests = input.manifests;
    let mut found = Vec::new();
    for (kind, field) in [("ConfigMap", "data"), ("Secret", "stringData")] {
        for object in manifests.of_kind(kind) {
            for (_, at) in object.at(field).entries() {
                // Most texts are something else, and are not worth reading.
                let text = at.text().filter(|text| text.contains(SERVERS));
                let mut problems = Problems::default();
                let nodes = text.map(|text| yaml::parse(text, 0, &mut problems));
                if !problems.has_errors() {
                    for root in nodes.into_iter().flatten() {
                        add(&mut found, input, object, at, &root);
                    }
                }
            }
        }
    }
    for release in manifests.of_kind("HelmRelease") {
        let at = release.at("spec.values");
        if let Some(root) = at.node() {
            add(&mut found, input, release, at, root);
        }
    }
    found
}

/// Adds the configs in `root`, which stands at `at`.
fn add<'m>(
    found: &mut Vec<ProxyConfig<'m>>,
    input: &Input<'_>,
    object: &'m Object,
    at: At<'m>,
    root: &Node,
) {
    let mut values = Values::default();
    values.collect(root, 0);
    let mut roots = values.configs;
    if roots.is_empty() && is_config(root) && is_litellm(input, object, at, root) {
        roots.push(root.clone());
    }
    let target = object.at("spec.targetNamespace").text();
    for config in roots {
        found.push(ProxyConfig {
            object,
            at,
            namespace: target.unwrap_or(object.namespace()),
            config,
            values: values.variables.clone(),
            is_open: values.is_open,
        });
    }
}

fn is_config(node: &Node) -> bool {
    let settings = node.get("litellm_settings");
    let nested = settings.and_then(|settings| settings.get(SERVERS));
    node.get(SERVERS).or(nested).is_some()
}

/// Whether `root`, a text of `object`, is LiteLLM's and no other program's.
fn is_litellm(input: &Input<'_>, object: &Object, at: At<'_>, root: &Node) -> bool {
    OWN.iter().any(|key| root.get(key).is_some())
        || at.text().is_some_and(|text| text.contains(REFERENCE))
        || object.name().contains("litellm")
        || proxies(&input.pods).any(|pod| mounts(pod, object))
}

/// What values of LiteLLM's charts hold, wherever an umbrella chart has put them.
#[derive(Default)]
struct Values {
    configs: Vec<Node>,
    variables: BTreeMap<String, Option<String>>,
    is_open: bool,
}

impl Values {
    fn collect(&mut self, node: &Node, depth: usize) {
        let Value::Mapping(entries) = &node.value else {
            return;
        };
        for entry in entries {
            let at = At::new(&entry.value);
            match entry.name() {
                IN_VALUES if is_config(&entry.value) => self.configs.push(entry.value.clone()),
                "envVars" => {
                    let variables = at.entries();
                    let variables = variables.map(|(name, at)| (name.to_owned(), value(at)));
                    self.variables.extend(variables);
                }
                "extraEnv" | "extraEnvVars" => self.variables.extend(at.items().filter_map(named)),
                "environmentSecrets" | "environmentConfigMaps" | "envSecrets" => {
                    self.is_open |= at.items().next().is_some();
                }
                _ if depth < DEPTH => self.collect(&entry.value, depth + 1),
                _ => {}
            }
        }
    }
}

/// A container's variable, and the value that is written.
fn named(variable: At<'_>) -> Option<(String, Option<String>)> {
    let name = variable.get("name").text()?.to_owned();
    Some((name, value(variable.get("value"))))
}

/// The value of a container's variable, which is written at `at`; `None` where it takes others.
#[must_use]
pub fn value(at: At<'_>) -> Option<String> {
    at.text().and_then(expanded)
}

/// The pods of LiteLLM's proxies.
pub fn proxies<'n, 'm>(pods: &'n Pods<'m>) -> impl Iterator<Item = &'n Pod<'m>> {
    pods.iter().filter(|pod| is_proxy(pod))
}

/// Whether `pod` has a volume of `object`.
fn mounts(pod: &Pod<'_>, object: &Object) -> bool {
    let (field, name) = match object.kind() {
        "ConfigMap" => ("configMap", "name"),
        _ => ("secret", "secretName"),
    };
    let mut volumes = pod.spec.get("volumes").items();
    pod.namespace() == object.namespace()
        && volumes.any(|volume| {
            let mut projected = volume.at("projected.sources").items();
            volume.get(field).get(name).text() == Some(object.name())
                || projected
                    .any(|source| source.get(field).get("name").text() == Some(object.name()))
        })
}

impl<'m> ProxyConfig<'m> {
    /// The config.
    #[must_use]
    pub fn root(&self) -> At<'_> {
        At::new(&self.config)
    }

    /// Where the value at `place` of the config stands: in a text, that and where in it.
    #[must_use]
    pub fn spot(&self, place: Place) -> Spot {
        match self.at.text() {
            Some(text) => Spot {
                place: self.at.place(),
                inside: Some(yaml::inside(text, place.start as usize)),
            },
            None => place.into(),
        }
    }

    /// The same of the name of the server `name`.
    #[must_use]
    pub fn spot_of(&self, name: &str) -> Spot {
        let servers = self.root().get(SERVERS);
        let entries = match servers.node().map(|node| &node.value) {
            Some(Value::Mapping(entries)) => entries.as_slice(),
            _ => &[],
        };
        let entry = entries.iter().find(|entry| entry.name() == name);
        self.spot(entry.map_or(servers.place(), |entry| entry.key.place))
    }

    /// The servers as LiteLLM reads them: a mapping by name.
    pub fn servers(&self) -> impl Iterator<Item = (&str, At<'_>)> {
        self.root().get(SERVERS).entries()
    }

    /// The pods that read it: those that mount it, or else LiteLLM's own of its namespace.
    #[must_use]
    pub fn pods(&self, input: &'m Input<'m>) -> Vec<&'m Pod<'m>> {
        let residents = input.pods.of_namespace(self.object.namespace());
        let readers: Vec<&Pod<'m>> = residents.filter(|pod| mounts(pod, self.object)).collect();
        if !readers.is_empty() {
            return readers;
        }
        let beside = input.pods.of_namespace(self.namespace);
        beside.filter(|pod| is_proxy(pod)).collect()
    }

    /// The variables that the proxy has, with the values that are written; `None` where it may have
    /// others.
    #[must_use]
    pub fn variables(&self, input: &'m Input<'m>) -> Option<BTreeMap<String, Option<String>>> {
        let pods = self.pods(input);
        let settings = self.root().get("general_settings");
        // LiteLLM then asks a secret manager for what is no variable.
        if self.is_open || pods.is_empty() || settings.get("key_management_system").exists() {
            return None;
        }
        let mut all = self.written(&pods);
        for pod in &pods {
            for container in pod.containers() {
                let names = given(input, pod, container)?;
                all.extend(names.into_iter().map(|name| (name, None)));
            }
        }
        Some(all)
    }

    /// The variables that are written here, and in the proxy's `pods`.
    #[must_use]
    pub fn written(&self, pods: &[&Pod<'_>]) -> BTreeMap<String, Option<String>> {
        let mut all = self.values.clone();
        let own = self.root().get("environment_variables").entries();
        all.extend(own.map(|(name, at)| (name.to_owned(), at.text().map(str::to_owned))));
        for container in pods.iter().flat_map(|pod| pod.containers()) {
            all.extend(container.at.get("env").items().filter_map(named));
        }
        all
    }

    /// The variables that the config refers to, with the first place of each.
    #[must_use]
    pub fn references(&self) -> BTreeMap<&str, Place> {
        let mut found = BTreeMap::new();
        refer(&self.config, &mut found);
        found
    }
}

fn refer<'n>(node: &'n Node, found: &mut BTreeMap<&'n str, Place>) {
    match &node.value {
        Value::Scalar(scalar) => {
            if let Some(name) = scalar.text.strip_prefix(REFERENCE) {
                found.entry(name).or_insert(node.place);
            }
        }
        Value::Sequence(items) => items.iter().for_each(|item| refer(item, found)),
        Value::Mapping(entries) => entries.iter().for_each(|entry| refer(&entry.value, found)),
    }
}
