//! A draft as the config that a person goes on with: YAML with comments.

use super::draft::{Draft, Server};
use super::image::{PLACEHOLDER, Written, common_registry, images};
use super::known;
use super::names::names;
use super::print::Printer;
use super::remark::{Kind, Remark, quoted};
use super::tree::{Map, Value};
use super::ways;
use crate::api::{API_VERSION, KIND};
use crate::model::{EnvName, NamespaceName, RegistryPrefix};
use crate::problem::{Code, Problem, Problems};

/// The namespace of sets of which nobody said one.
const NAMESPACE: &str = "mcp";

/// What no object of a workload says.
const API_SERVER: &str = "name the addresses of the API server in `platform.network.apiServerCidrs`, as a network policy knows it by these alone";

/// The fields of a server, in the order in which they are written.
const ORDER: [&str; 34] = [
    "name",
    "profile",
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
        known::know(server);
        server.say_to_do("access", API_SERVER);
        ways::ask(server);
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
    let decided = draft.servers.iter_mut().zip(names).zip(images);
    let servers: Vec<Map> = decided
        .map(|((server, name), image)| finished(server, &name, image))
        .collect();

    let mut set = Map::default();
    set.set("apiVersion", API_VERSION);
    set.set("kind", KIND);
    set.set("metadata", metadata(&draft.namespaces, wanted));
    set.set("spec", spec);
    let mut printer = Printer::new(&draft.hidden);
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
            let text = "nothing names a namespace";
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
    // A profile says both, and of a bridge both are known.
    let lacks = |key: &str| {
        let is_told = |server: &Server| server.fields.has(key) || server.fields.has("profile");
        servers
            .iter()
            .any(|server| !is_told(server) && !server.is_stdio())
    };
    let mut defaults = Map::default();
    if servers.iter().any(Server::is_stdio) {
        let mut bridge = Map::default();
        bridge.set("program", "agentgateway");
        bridge.set("image", "agentgateway");
        let text = "mirror a musl image of agentgateway, 1.4 or later, and write its tag; or take another program";
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
