//! `server.json` of the MCP registry, from its first schemas to that of 2025-12-11, alone or as the
//! registry's API wraps it.
//!
//! A server may be published in several ways. An image is what a cluster runs, best one that serves
//! HTTP; a package is the second choice, as somebody must build an image of it. The other ways are
//! named, and so is what runs elsewhere.

mod arguments;
mod inputs;

use super::client::elsewhere;
use super::draft::{Draft, Image, Server};
use super::fields::Fields;
use super::launch::{self, Package};
use super::remark::{Kind, Remark, listed, quoted};
use super::values::{Answer, Marks, Values};
use super::words::set_words;
use crate::credential::telling::holds_credential;
use crate::model::{HttpPath, ImageReference};
use crate::yaml::{Node, Value};
use arguments::arguments;
use inputs::{environment, question};

/// Fields of a `server.json` that tell nothing of how the server runs.
const IDLE: [&str; 12] = [
    "$schema",
    "repository",
    "websiteUrl",
    "icons",
    "icon",
    "status",
    "_meta",
    "meta",
    "title",
    "id",
    "versionDetail",
    "license",
];

/// Whether `document` is a `server.json`, or what the registry's API says of one or several.
#[must_use]
pub fn is_registry(document: &Node) -> bool {
    match document.get("servers").map(|servers| &servers.value) {
        Some(Value::Sequence(items)) => items.iter().any(is_registry),
        _ => document
            .get("server")
            .map_or_else(|| is_server(document), is_server),
    }
}

fn is_server(node: &Node) -> bool {
    let is_list = |key: &str| {
        matches!(
            node.get(key),
            Some(Node {
                value: Value::Sequence(_),
                ..
            })
        )
    };
    node.get("name").and_then(Node::text).is_some() && (is_list("packages") || is_list("remotes"))
}

/// Reads the servers in `document`.
pub fn read(document: &Node, draft: &mut Draft, values: &mut Values<'_>) {
    match document.get("servers").map(|servers| &servers.value) {
        Some(Value::Sequence(items)) => {
            for item in items {
                read(item, draft, values);
            }
        }
        _ => server(document.get("server").unwrap_or(document), draft, values),
    }
}

fn server(node: &Node, draft: &mut Draft, values: &mut Values<'_>) {
    let mut fields = Fields::new(node, "");
    let full = fields.text("name").unwrap_or("server");
    let detail = node
        .get("version_detail")
        .and_then(|detail| detail.get("version"));
    let version = fields
        .text("version")
        .or_else(|| detail.and_then(Node::text));
    let name = full
        .rsplit_once('/')
        .filter(|_| !holds_credential(full))
        .map_or(full, |(_, last)| last);
    let from = match version {
        Some(version) => format!("server.json {} {version}", quoted(full)),
        None => format!("server.json {}", quoted(full)),
    };
    let mut server = Server::new(name, node.place, from);
    if let Some(text) = fields.text("description") {
        server.describe(text);
    }
    let packages = fields.items("packages");
    let remotes = fields.items("remotes");
    let hosts: Vec<&str> = remotes
        .iter()
        .filter_map(|remote| remote.get("url")?.text())
        .collect();
    fields.skip(&IDLE);
    server.lost = fields.close();
    let mut ways: Vec<&Node> = packages.iter().collect();
    ways.sort_by_key(|package| rank(package));
    let Some((chosen, others)) = ways.split_first() else {
        if let Some(url) = hosts.first() {
            elsewhere(full, url, draft);
        } else {
            let text = format!(
                "left out, as it names neither packages nor remotes: {}",
                quoted(full)
            );
            draft.remarks.push(Remark::new(Kind::Lost, text));
        }
        return;
    };
    let others: Vec<String> = others.iter().map(|package| called(package)).collect();
    if !others.is_empty() {
        server.say(
            Kind::Lost,
            format!("it is also published as {}", listed(&others)),
        );
    }
    if !hosts.is_empty() {
        server.say(Kind::Lost, "it also runs elsewhere, as its `remotes` say");
    }
    package(chosen, version, &mut server, values);
    draft.servers.push(server);
}

/// How well a cluster can run a package; the lowest is the best.
fn rank(package: &Node) -> u8 {
    let mut fields = Fields::new(package, "");
    let kind = registry_type(&mut fields);
    let transport = fields
        .map("transport")
        .and_then(|mut transport| transport.text("type"));
    let is_http = matches!(transport, Some("streamable-http" | "sse" | "http"));
    match (kind.as_str(), is_http) {
        ("oci", true) => 0,
        ("oci", false) => 1,
        ("npm" | "pypi" | "nuget", true) => 2,
        ("npm" | "pypi" | "nuget", false) => 3,
        _ => 4,
    }
}

/// `oci`, `npm` and so on, also as the first schemas spelled it.
fn registry_type(fields: &mut Fields<'_>) -> String {
    let kind = fields
        .text("registryType")
        .or_else(|| fields.text("registryName"));
    match kind.unwrap_or_default() {
        "docker" | "docker-hub" | "oci" => "oci".to_owned(),
        other => other.to_owned(),
    }
}

/// A package as a sentence names it: "npm x".
fn called(package: &Node) -> String {
    let mut fields = Fields::new(package, "");
    let kind = registry_type(&mut fields);
    let name = fields.text("identifier").or_else(|| fields.text("name"));
    format!("{kind} {}", name.unwrap_or_default())
}

/// Lets `server`, whose own version is `version`, be the package `node`.
fn package(node: &Node, version: Option<&str>, server: &mut Server, values: &mut Values<'_>) {
    let mut fields = Fields::new(node, "packages");
    let kind = registry_type(&mut fields);
    let identifier = fields
        .text("identifier")
        .or_else(|| fields.text("name"))
        .unwrap_or_default();
    let own = fields.text("version").filter(|version| !version.is_empty());
    let version = own.or(version).map(str::to_owned);
    fields.skip(&[
        "registryBaseUrl",
        "runtimeHint",
        "fileSha256",
        "registryName",
    ]);
    let (runtime, secrets) = arguments(fields.items("runtimeArguments"), values);
    let (own_arguments, _) = arguments(fields.items("packageArguments"), values);
    let mut ports = launch::Publish::default();
    match kind.as_str() {
        "oci" => {
            let rest = launch::flags(server, &runtime, &secrets, &mut ports);
            set_words(server, "args", rest);
            server.image = image(&mut fields, identifier, version);
            set_words(server, "args", &own_arguments);
        }
        "npm" | "pypi" | "nuget" => {
            let kind = match kind.as_str() {
                "npm" => launch::Kind::Npm,
                "pypi" => launch::Kind::PyPi,
                _ => launch::Kind::NuGet,
            };
            let package = Package {
                kind,
                name: identifier.to_owned(),
                version,
                program: None,
            };
            package.start(server);
            set_words(server, "args", &own_arguments);
            if !runtime.is_empty() {
                server.lost.push("packages.runtimeArguments".to_owned());
            }
        }
        other => {
            server.image = Image::Built {
                name: server.name.clone(),
                version,
                how: format!(
                    "one with the server of {} package {}",
                    quoted(other),
                    quoted(identifier)
                ),
            };
            set_words(server, "args", &own_arguments);
            server.speaks_stdio(Vec::new());
            server.ask(
                node.place,
                "write under `command` what starts it in that image",
            );
        }
    }
    environment(fields.items("environmentVariables"), server, values);
    transport(&mut fields, server, values, &ports, kind == "oci");
    server.lost.extend(fields.close());
}

/// The image of an `oci` package; the first schemas kept registry and version in fields of their own.
fn image(fields: &mut Fields<'_>, identifier: &str, version: Option<String>) -> Image {
    let base = fields.text("registryBaseUrl").unwrap_or_default();
    let host = base
        .split_once("://")
        .map_or(base, |(_, rest)| rest)
        .trim_end_matches('/');
    let has_host =
        ImageReference::parse(identifier).is_ok_and(|image| image.name().registry().is_some());
    let text = if host.is_empty() || has_host {
        identifier.to_owned()
    } else {
        format!("{host}/{identifier}")
    };
    Image::Reference { text, version }
}

/// How the server is called: by standard input, or at a path and port.
fn transport(
    fields: &mut Fields<'_>,
    server: &mut Server,
    values: &mut Values<'_>,
    ports: &launch::Publish,
    is_image: bool,
) {
    let Some(mut transport) = fields.map("transport") else {
        if is_image {
            server.speaks_stdio(Vec::new());
            server.say(Kind::Guessed, "it speaks stdio, as no transport is named");
        }
        return;
    };
    let kind = transport.text("type").unwrap_or("stdio");
    if kind == "stdio" {
        if is_image {
            server.speaks_stdio(Vec::new());
        }
        transport.skip(&["url"]);
        fields.absorb(transport);
        return;
    }
    server
        .fields
        .set("transport", if kind == "sse" { "sse" } else { "http" });
    let url = transport.text("url").unwrap_or_default();
    let variables = transport.node("variables");
    let asked = |name: &str| Some(question(name, variables?.get(name)?));
    let port_in = |text: &str| {
        let (_, authority) = text.split_once("://")?;
        let authority = authority.split(['/', '?']).next()?;
        authority.rsplit_once(':')?.1.parse::<i64>().ok()
    };
    let (url, path) = match Marks::REGISTRY.fill(url, transport.place, values, asked) {
        Answer::Text(url) => {
            let rest = url.split_once("://").map_or("", |(_, rest)| rest);
            let path = rest
                .find('/')
                .and_then(|at| rest.get(at..))
                .unwrap_or("/")
                .to_owned();
            (url, path)
        }
        Answer::Secret | Answer::Missing => (String::new(), String::new()),
    };
    let path = path.split(['?', '#']).next().unwrap_or_default();
    if HttpPath::parse(path).is_ok() && !holds_credential(&url) {
        server.fields.set("path", path);
    }
    match port_in(&url).or_else(|| ports.ports.first().copied()) {
        Some(port) if (1..=65535).contains(&port) => server.fields.set("port", port),
        _ => server.say(Kind::Guessed, "its port is 8080, as none is named"),
    }
    if !transport.items("headers").is_empty() {
        server.lost.push("packages.transport.headers".to_owned());
    }
    fields.absorb(transport);
}
