//! A draft as the config that a person goes on with: YAML with comments.

use super::draft::{Draft, Server};
use super::image::{PLACEHOLDER, Written, common_registry, images};
use super::names::names;
use super::remark::{Kind, Remark, quoted};
use super::tree::{Entry, Map, Value};
use crate::api::{API_VERSION, KIND};
use crate::model::{EnvName, NamespaceName, RegistryPrefix};
use crate::problem::{Code, Problem, Problems};
use crate::yaml::{comment, scalar, text_value};

/// The namespace of sets of which nobody said one.
const NAMESPACE: &str = "mcp";
/// Longest line of a list or mapping that is written on one, in characters.
const WIDEST: usize = 100;
/// Columns per level.
const STEP: usize = 2;

/// The fields of a server, in the order in which they are written.
const ORDER: [&str; 33] = [
    "name",
    "description",
    "image",
    "imagePullPolicy",
    "imagePullSecrets",
    "command",
    "args",
    "env",
    "secrets",
    "config",
    "transport",
    "stdio",
    "path",
    "port",
    "session",
    "protocol",
    "replicas",
    "autoscaling",
    "resources",
    "probes",
    "metrics",
    "writable",
    "user",
    "longestCall",
    "aws",
    "access",
    "rules",
    "egress",
    "labels",
    "annotations",
    "nodeSelector",
    "tolerations",
    "priorityClassName",
];

/// What the command line says of the set.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Its name.
    pub name: String,
    /// Its namespace.
    pub namespace: Option<NamespaceName>,
    /// The platform's registry.
    pub registry: Option<RegistryPrefix>,
}

/// `draft` as YAML. What is to be done goes to `problems`, too.
pub fn write(mut draft: Draft, wanted: &Wanted, problems: &mut Problems) -> String {
    for server in &mut draft.servers {
        server.close();
        draft.hidden.append(&mut server.hidden);
    }
    let names = names(&wanted.name, &mut draft.servers);
    let found = common_registry(&draft.servers).filter(|_| wanted.registry.is_none());
    let registry = wanted.registry.as_ref().or(found.as_ref());
    let images = images(&draft.servers, &names, registry);

    let mut spec = Map::default();
    let mut platform = Map::default();
    platform.set(
        "registry",
        registry.map_or_else(|| PLACEHOLDER.to_owned(), ToString::to_string),
    );
    let remark = match (&wanted.registry, &found) {
        (Some(_), _) => None,
        (None, Some(_)) => Some(Remark::new(Kind::Guessed, "images come from there already")),
        (None, None) => Some(Remark::new(
            Kind::ToDo,
            "a placeholder: write your platform's registry here, or import with --registry",
        )),
    };
    if let Some(remark) = remark {
        platform.remark("registry", remark);
    }
    spec.set("platform", platform);
    let defaults = defaults(&draft.servers);
    if !defaults.is_empty() {
        spec.set("defaults", defaults);
    }
    let named = draft.servers.iter_mut().zip(names).zip(images);
    let servers: Vec<Map> = named
        .map(|((server, name), image)| finished(server, &name, image))
        .collect();

    let mut set = Map::default();
    set.set("apiVersion", API_VERSION);
    set.set("kind", KIND);
    set.set("metadata", metadata(&draft.namespaces, wanted));
    set.set("spec", spec);
    let mut printer = Printer {
        out: String::new(),
        hidden: hidden(&draft.hidden),
        to_do: Vec::new(),
    };
    for remark in &draft.remarks {
        printer.remark(0, remark);
    }
    printer.map(0, &set);
    printer.out.push_str("  servers:\n");
    for (server, map) in draft.servers.iter().zip(&servers) {
        printer.server(server, map);
    }
    for remark in printer.to_do {
        problems.push(
            Problem::warning(Code::Unfinished, remark.place, remark.text)
                .help("the comment `to do` in the output stands where it belongs"),
        );
    }
    printer.out
}

fn metadata(namespaces: &[String], wanted: &Wanted) -> Map {
    let mut metadata = Map::default();
    metadata.set("name", wanted.name.as_str());
    let found = namespaces
        .iter()
        .find(|text| NamespaceName::parse(text).is_ok());
    let (namespace, remark) = match (&wanted.namespace, found) {
        (Some(namespace), _) => (namespace.to_string(), None),
        (None, Some(found)) => {
            let others: Vec<String> = namespaces
                .iter()
                .filter(|other| *other != found)
                .map(|other| quoted(other))
                .collect();
            let text = format!("other objects are in {}", others.join(", "));
            let remark = (!others.is_empty()).then(|| Remark::new(Kind::Guessed, text));
            (found.clone(), remark)
        }
        (None, None) => {
            let text = "nothing names a namespace; LiteLLM's own is usual";
            (NAMESPACE.to_owned(), Some(Remark::new(Kind::Guessed, text)))
        }
    };
    metadata.set("namespace", namespace);
    if let Some(remark) = remark {
        metadata.remark("namespace", remark);
    }
    metadata
}

/// What the servers share of which their sources say nothing.
fn defaults(servers: &[Server]) -> Map {
    let lacks = |key: &str| servers.iter().any(|server| !server.fields.has(key));
    let is_stdio = |server: &Server| matches!(server.fields.get("transport"), Some(Value::Text(text)) if text == "stdio");
    let mut defaults = Map::default();
    if servers.iter().any(is_stdio) {
        let mut bridge = Map::default();
        bridge.set("program", "agentgateway");
        bridge.set("image", "agentgateway");
        let text = "mirror a musl image of agentgateway, 0.9 or later, and write its tag; or take another program";
        bridge.remark("image", Remark::new(Kind::ToDo, text));
        defaults.set_in("stdio", "bridge", bridge);
    }
    if lacks("probes") {
        defaults.set("probes", "tcp");
        defaults.remark(
            "probes",
            Remark::new(Kind::Guessed, "no paths for probes are named"),
        );
    }
    if lacks("metrics") {
        defaults.set("metrics", Value::Off);
        defaults.remark(
            "metrics",
            Remark::new(Kind::Guessed, "no metrics are named"),
        );
    }
    defaults
}

/// The fields of `server` with what all servers together decided.
fn finished(server: &mut Server, name: &str, image: Written) -> Map {
    let mut map = std::mem::take(&mut server.fields);
    map.set("image", image.text);
    for remark in image.remarks {
        map.remark("image", remark);
    }
    for (variable, remarks) in std::mem::take(&mut server.secrets) {
        let Ok(parsed) = EnvName::parse(&variable) else {
            continue;
        };
        let path = format!("mcp/{name}/{}", parsed.secret_key());
        map.edit("secrets", |secrets| {
            secrets.set(&variable, path);
            for remark in remarks {
                secrets.remark(&variable, remark);
            }
        });
    }
    map.set("name", name);
    map.sort_by(&ORDER);
    map
}

/// The values that nothing may repeat. Short and common words are left out, as they give nothing away
/// and stand everywhere.
fn hidden(values: &[String]) -> Vec<String> {
    let is_telling =
        |value: &str| value.len() >= 6 && !value.chars().all(|c| c.is_ascii_lowercase());
    let values = values.iter().map(|value| value.trim());
    let mut hidden: Vec<String> = values
        .filter(|value| is_telling(value))
        .map(str::to_owned)
        .collect();
    // The longest first, so that none of its rest stays.
    hidden.sort_by_key(|value| std::cmp::Reverse(value.len()));
    hidden
}

struct Printer {
    out: String,
    hidden: Vec<String>,
    to_do: Vec<Remark>,
}

impl Printer {
    /// A server as an item of the list.
    fn server(&mut self, server: &Server, map: &Map) {
        for remark in &server.remarks {
            self.remark(STEP, remark);
        }
        let start = self.out.len();
        self.map(2 * STEP, map);
        // The name comes first, and no remark stands above it.
        if self.out.get(start + STEP..start + 2 * STEP).is_some() {
            self.out.replace_range(start + STEP..start + 2 * STEP, "- ");
        }
    }

    fn map(&mut self, indent: usize, map: &Map) {
        for entry in map.iter() {
            for remark in &entry.remarks {
                self.remark(indent, remark);
            }
            self.out.extend(std::iter::repeat_n(' ', indent));
            let key = self.masked(&entry.key);
            scalar(&mut self.out, &key);
            self.out.push(':');
            self.value(indent, entry);
        }
    }

    fn value(&mut self, indent: usize, entry: &Entry) {
        match &entry.value {
            Value::Text(text) => {
                let text = self.masked(text);
                text_value(&mut self.out, indent, &text);
                self.out.push('\n');
                return;
            }
            Value::Map(map) if !map.is_empty() && self.flow(&entry.value, indent).is_none() => {
                self.out.push('\n');
                self.map(indent + STEP, map);
                return;
            }
            Value::List(items)
                if !items.is_empty() && self.flow(&entry.value, indent).is_none() =>
            {
                self.out.push('\n');
                for item in items {
                    self.item(indent, item);
                }
                return;
            }
            _ => {}
        }
        let text = self
            .flow(&entry.value, indent)
            .unwrap_or_else(|| "{}".to_owned());
        self.out.push(' ');
        self.out.push_str(&text);
        self.out.push('\n');
    }

    fn item(&mut self, indent: usize, item: &Value) {
        let start = self.out.len();
        if let Value::Map(map) = item
            && !map.is_empty()
        {
            self.map(indent + STEP, map);
            self.out
                .replace_range(start + indent..start + indent + STEP, "- ");
            return;
        }
        self.out.extend(std::iter::repeat_n(' ', indent));
        self.out.push('-');
        if let Value::Text(text) = item {
            let text = self.masked(text);
            text_value(&mut self.out, indent, &text);
        } else {
            let text = self.flow(item, 0).unwrap_or_else(|| "[]".to_owned());
            self.out.push(' ');
            self.out.push_str(&text);
        }
        self.out.push('\n');
    }

    /// `value` on one line, if that is short and nothing is said inside it.
    fn flow(&self, value: &Value, indent: usize) -> Option<String> {
        let mut text = String::new();
        match value {
            Value::Text(word) => scalar(&mut text, &self.masked(word)),
            Value::Number(number) => text = number.to_string(),
            Value::Off => text.push_str("false"),
            Value::List(items) => {
                let items: Option<Vec<String>> = items
                    .iter()
                    .map(|item| {
                        self.flow(item, indent)
                            .filter(|_| !matches!(item, Value::Map(_)))
                    })
                    .collect();
                text = format!("[{}]", items?.join(", "));
            }
            Value::Map(map) => {
                /// More are easier to read below each other.
                const FEW: usize = 3;
                let is_plain = |entry: &Entry| {
                    entry.remarks.is_empty() && !matches!(entry.value, Value::Map(_))
                };
                if map.len() > FEW || !map.iter().all(is_plain) {
                    return None;
                }
                let entries: Option<Vec<String>> = map
                    .iter()
                    .map(|entry| {
                        let mut text = String::new();
                        scalar(&mut text, &self.masked(&entry.key));
                        Some(format!("{text}: {}", self.flow(&entry.value, indent)?))
                    })
                    .collect();
                text = format!("{{{}}}", entries?.join(", "));
            }
        }
        (text.chars().count() + indent <= WIDEST && !text.contains('\n')).then_some(text)
    }

    fn remark(&mut self, indent: usize, remark: &Remark) {
        let text = self.masked(&remark.text);
        comment(
            &mut self.out,
            indent,
            &format!("{}: {text}", remark.kind.word()),
        );
        if remark.kind == Kind::ToDo {
            self.to_do.push(Remark {
                text,
                ..remark.clone()
            });
        }
    }

    /// `text` without the values of credentials.
    fn masked(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for value in &self.hidden {
            if text.contains(value.as_str()) {
                text = text.replace(value.as_str(), "REMOVED");
            }
        }
        text
    }
}
