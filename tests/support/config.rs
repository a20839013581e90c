//! A config as a tree: what a test reads from it, and how it is written down.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::LazyLock;

use mcpset::profiles::{self, Profile};
use serde_json::{Map, Value};

/// The order in which the keys of a mapping are written.
#[derive(Debug, Clone, Copy)]
pub enum Order {
    /// As kustomize hands them over.
    Sorted,
    /// The other way round.
    Reversed,
    /// Any way, but for one number always the same.
    Shuffled(u64),
}

/// `config` as block YAML. Every text stands in double quotes, so that no reader takes it for
/// something else.
pub fn yaml(config: &Value, order: Order) -> String {
    let mut out = String::new();
    write(&mut out, config, 0, order);
    out.trim_start().to_owned() + "\n"
}

fn write(out: &mut String, value: &Value, level: usize, order: Order) {
    let line = |out: &mut String| {
        let _ = write!(out, "\n{:level$}", "", level = level * 2);
    };
    match value {
        Value::Object(map) if !map.is_empty() => {
            for (key, value) in ordered(map, order) {
                line(out);
                let _ = write!(out, "{}:", quoted(key));
                write(out, value, level + 1, order);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for item in items {
                line(out);
                out.push('-');
                write(out, item, level + 1, order);
            }
        }
        Value::String(text) => {
            let _ = write!(out, " {}", quoted(text));
        }
        leaf => {
            let _ = write!(out, " {leaf}");
        }
    }
}

/// `text` in double quotes, in JSON and YAML at once.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            // What YAML takes for a line break, or does not let into a text at all.
            '\0'..' '
            | '\u{7f}'..='\u{9f}'
            | '\u{2028}'
            | '\u{2029}'
            | '\u{feff}'
            | '\u{fffe}'
            | '\u{ffff}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            _ => out.push(c),
        }
    }
    out + "\""
}

fn ordered(map: &Map<String, Value>, order: Order) -> Vec<(&String, &Value)> {
    let mut entries: Vec<_> = map.iter().collect();
    match order {
        Order::Sorted => entries.sort_by_key(|(key, _)| *key),
        Order::Reversed => entries.sort_by_key(|(key, _)| std::cmp::Reverse(*key)),
        Order::Shuffled(seed) => entries.sort_by_key(|(key, _)| {
            let mut hasher = DefaultHasher::new();
            (seed, key).hash(&mut hasher);
            hasher.finish()
        }),
    }
    entries
}

/// One server of a config, with what it takes from the defaults.
#[derive(Debug, Clone, Copy)]
pub struct Server<'c> {
    own: &'c Value,
    profile: &'c Value,
    defaults: &'c Value,
    prefix: &'c str,
}

/// The servers of `config`.
pub fn servers(config: &Value) -> Vec<Server<'_>> {
    let spec = &config["spec"];
    spec["servers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|own| Server {
            own,
            profile: profile(own, &spec["defaults"]),
            defaults: &spec["defaults"],
            prefix: spec["namePrefix"].as_str().unwrap_or("mcp-"),
        })
        .collect()
}

/// The fields of every profile, as an independent reader sees them.
static PROFILES: LazyLock<BTreeMap<&str, Value>> = LazyLock::new(|| {
    let read = |profile: &Profile| serde_yaml::from_str(&profile.server()).unwrap();
    let profiles = profiles::PROFILES.iter();
    profiles
        .map(|profile| (profile.name, read(profile)))
        .collect()
});

/// What the profile that a server names says of it.
fn profile(own: &Value, defaults: &Value) -> &'static Value {
    let name = own["profile"].as_str().or(defaults["profile"].as_str());
    name.map_or(&Value::Null, |name| &PROFILES[name])
}

impl<'c> Server<'c> {
    /// The name of its Deployment and Service.
    pub fn workload(&self) -> String {
        format!("{}{}", self.prefix, self.own["name"].as_str().unwrap())
    }

    /// A field that is replaced as a whole: the server's, its profile's, or the default's.
    pub fn field(&self, name: &str) -> Option<&'c Value> {
        let given = |value: &'c Value| Some(&value[name]).filter(|value| !value.is_null());
        [self.own, self.profile, self.defaults]
            .into_iter()
            .find_map(given)
    }

    /// A mapping that is merged key by key.
    pub fn entries(&self, name: &str) -> Map<String, Value> {
        let mut merged = Map::new();
        for from in [self.defaults, self.profile, self.own] {
            if let Value::Object(entries) = &from[name] {
                merged.extend(entries.clone());
            }
        }
        merged
    }

    /// The program that calls it, where it reads standard input.
    pub fn bridge(&self) -> Option<String> {
        let stdio = self.entries("stdio");
        let is_stdio = self.field("transport")? == "stdio";
        is_stdio.then(|| stdio["bridge"]["program"].as_str().unwrap().to_owned())
    }

    /// Whether each of its sessions is a process of one pod.
    pub fn is_alone(&self) -> bool {
        let is_stateless = self
            .field("session")
            .is_some_and(|word| word == "stateless");
        self.bridge().is_some() && !is_stateless
    }

    /// Whether Prometheus finds metrics here.
    pub fn has_metrics(&self) -> bool {
        match self.field("metrics") {
            None => self.bridge().is_none(),
            Some(metrics) => *metrics != Value::Bool(false),
        }
    }

    /// Whether the kubelet only connects. Who says a path himself has no default's word against it.
    pub fn connects(&self) -> bool {
        let own = [self.own, self.profile, self.defaults].into_iter();
        let mut own = own.map(|from| &from["probes"]).filter(|own| !own.is_null());
        let asks = |probes: &Value| {
            ["liveness", "readiness", "host"]
                .iter()
                .any(|field| !probes[field].is_null())
        };
        own.find_map(|probes| {
            let is_tcp = *probes == "tcp" || probes["tcp"] == true;
            (is_tcp || asks(probes)).then_some(is_tcp)
        })
        .unwrap_or(false)
    }

    /// Whether its pods have a token of the Kubernetes API.
    pub fn uses_cluster(&self) -> bool {
        let access = self.field("access").and_then(Value::as_array);
        access.is_some_and(|access| !access.is_empty())
    }

    /// Its number of pods; the fewest, where an autoscaler decides.
    pub fn replicas(&self) -> i64 {
        let said = [self.own, self.profile, self.defaults]
            .into_iter()
            .find_map(|from| {
                let (scaling, replicas) = (&from["autoscaling"], &from["replicas"]);
                let number = if scaling.is_null() {
                    replicas
                } else {
                    &scaling["min"]
                };
                (!scaling.is_null() || !replicas.is_null()).then_some(number)
            });
        said.and_then(Value::as_i64)
            .unwrap_or(if self.is_alone() { 1 } else { 2 })
    }
}

/// The Secrets and ConfigMaps that `config` says exist outside the bundle, as kind and name.
pub fn outside(config: &Value) -> BTreeSet<(&'static str, String)> {
    let mut found = BTreeSet::new();
    for server in servers(config) {
        for value in server.entries("env").values() {
            for (field, kind) in [("secret", "Secret"), ("configMap", "ConfigMap")] {
                if let Some(name) = value[field].as_str() {
                    found.insert((kind, name.to_owned()));
                }
            }
        }
    }
    found
}

/// A set of a hundred servers behind `spec`, each an item of one or more lines.
pub fn hundred(spec: &str, item: impl Fn(usize) -> String) -> String {
    let items = (0..100).map(|server| format!("  - {}", item(server)));
    let items: String = items.collect();
    format!(
        "\
apiVersion: mcpset.dev/v1alpha1
kind: McpServerSet
metadata: {{name: mcp, namespace: litellm}}
spec:
{spec}  servers:
{items}"
    )
}
