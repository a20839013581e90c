//! Deployments that exist, with the Services, ConfigMaps, ServiceAccounts and autoscalers around them.
//!
//! Nothing in a Deployment says that it serves MCP. So every Deployment of one container that listens
//! on a port is taken for a server; the others are named as left out.

mod access;
mod environment;
mod expand;
mod health;
mod kept;
mod objects;
mod scaling;

pub use environment::{variables, volumes};
pub use objects::Objects;

use expand::expanded;

use super::draft::{Draft, Image, Server};
use super::fields::Fields;
use super::pod;
use super::remark::{Kind, Remark, quoted};
use super::words::{Word, set_words};
use crate::manifest::{At, Labels};
use crate::yaml::Node;

/// Seconds of a pod's end that are no call's: the wait before it and the margin behind it.
const AROUND_CALLS: i64 = 20;
/// The longest call that is expected anyway, in seconds.
const USUAL_CALL: i64 = 60;

/// Whether `document` is a Deployment.
#[must_use]
pub fn is_deployment(document: &Node) -> bool {
    let text = |key: &str| document.get(key).and_then(Node::text).unwrap_or_default();
    text("kind") == "Deployment" && text("apiVersion").starts_with("apps/")
}

/// Reads the Deployment in `document`, if it looks like a server.
pub fn read(document: &Node, objects: &Objects<'_>, draft: &mut Draft) {
    objects.used(document);
    let at = At::new(document);
    let name = at.at("metadata.name").text().unwrap_or("server");
    let namespace = at.at("metadata.namespace").text().unwrap_or_default();
    let containers: Vec<At<'_>> = at.at("spec.template.spec.containers").items().collect();
    let service = service(document, namespace, objects);
    let has_ports = containers
        .iter()
        .any(|container| container.get("ports").items().next().is_some());
    let why = match containers.len() {
        0 => Some("it has no container"),
        1 if !has_ports && service.is_none() => {
            Some("it listens on no port and no Service calls it")
        }
        1 => None,
        _ => Some("it has several containers, and a server has one"),
    };
    if let Some(why) = why {
        let text = format!("the Deployment {} was left out: {why}", quoted(name));
        draft.remarks.push(Remark {
            place: Some(document.place),
            ..Remark::new(Kind::Lost, text)
        });
        return;
    }
    if !namespace.is_empty() {
        draft.namespaces.push(namespace.to_owned());
    }
    let mut server = Server::new(
        name,
        document.place,
        format!("the Deployment {}", quoted(name)),
    );
    let mut root = Fields::new(document, "");
    root.skip(&["apiVersion", "kind", "metadata", "status"]);
    if let Some(mut spec) = root.map("spec") {
        spec.skip(&[
            "selector",
            "strategy",
            "revisionHistoryLimit",
            "progressDeadlineSeconds",
            "minReadySeconds",
        ]);
        pod::replicas(&mut spec, "replicas", &mut server);
        if let Some(mut template) = spec.map("template") {
            pod_template(&mut template, document, namespace, objects, &mut server);
            spec.absorb(template);
        }
        root.absorb(spec);
    }
    if let Some(service) = service {
        called(service, name, objects, &mut server);
    }
    scaling::autoscaling(objects, name, namespace, &mut server);
    server.lost.extend(root.close());
    draft.servers.push(server);
}

fn pod_template(
    template: &mut Fields<'_>,
    document: &Node,
    namespace: &str,
    objects: &Objects<'_>,
    server: &mut Server,
) {
    let at = At::new(document);
    let selected: Vec<&str> = at
        .at("spec.selector.matchLabels")
        .entries()
        .map(|(key, _)| key)
        .collect();
    if let Some(mut metadata) = template.map("metadata") {
        metadata.skip(&["creationTimestamp", "name", "namespace"]);
        pod::marks(&mut metadata, "labels", "labels", server, &selected);
        pod::marks(&mut metadata, "annotations", "annotations", server, &[]);
        template.absorb(metadata);
    }
    let Some(mut spec) = template.map("spec") else {
        return;
    };
    spec.skip(&[
        "restartPolicy",
        "dnsPolicy",
        "schedulerName",
        "automountServiceAccountToken",
        "enableServiceLinks",
        "topologySpreadConstraints",
        "affinity",
        "serviceAccount",
    ]);
    pod::scheduling(&mut spec, server);
    if let Some(account) = spec.text("serviceAccountName") {
        objects.account(account, namespace, server);
    }
    if let Some(grace) = spec.number("terminationGracePeriodSeconds") {
        let call = grace.saturating_sub(AROUND_CALLS);
        if (USUAL_CALL + 1..=i64::from(i32::MAX)).contains(&call) {
            server.fields.set("longestCall", format!("{call}s"));
            let text =
                format!("a pod had {grace}s to end, less {AROUND_CALLS}s that are no call's");
            server.say_at("longestCall", Remark::new(Kind::Guessed, text));
        }
    }
    let volumes = spec.items("volumes");
    if let Some(item) = spec.items("containers").first() {
        let mut container = Fields::new(item, "spec.template.spec.containers[0]");
        read_container(&mut container, document, namespace, objects, server);
        environment::volumes(
            container.items("volumeMounts"),
            volumes,
            namespace,
            objects,
            server,
        );
        spec.absorb(container);
    }
    pod::security(&mut spec, "securityContext", server);
    template.absorb(spec);
}

fn read_container(
    container: &mut Fields<'_>,
    document: &Node,
    namespace: &str,
    objects: &Objects<'_>,
    server: &mut Server,
) {
    container.skip(&["name", "terminationMessagePath", "terminationMessagePolicy"]);
    if let Some(image) = container.text("image") {
        server.image = Image::Reference {
            text: image.to_owned(),
            version: None,
        };
    }
    variables(container, namespace, objects, server);
    for key in ["command", "args"] {
        let mut words = Vec::new();
        let mut open = None;
        for word in pod::words(container, key) {
            match word.as_str().map(|text| expanded(text, server)) {
                Some(Some(expanded)) => {
                    open = open.or(expanded.is_open.then_some(word.place));
                    words.push(Word::known(expanded.text, word.place));
                }
                Some(None) => server
                    .lost
                    .push(format!("a word of `{key}`, which references make too long")),
                None => words.push(word),
            }
        }
        set_words(server, key, &words);
        if let Some(open) = open {
            let text = "the kubelet replaced `$(…)` here, and mcpset passes it literally";
            server.say_at(key, Remark::to_do(open, text));
        }
    }
    let ports = health::ports(container.items("ports"));
    let service = service(document, namespace, objects).map(At::new);
    let port = health::serving(&ports, service);
    let annotations = At::new(document).at("spec.template.metadata.annotations");
    if let Some(port) = port {
        server.fields.set("port", port);
    }
    health::probes(container, port, &ports, server);
    health::metrics(annotations, &ports, port, server);
    transport(server);
    pod::pull_policy(container, server);
    pod::resources(container, server);
    pod::security(container, "securityContext", server);
}

/// How the server is called, as its arguments and variables tell.
fn transport(server: &mut Server) {
    let mut told = String::new();
    for key in ["command", "args", "env"] {
        if let Some(value) = server.fields.get(key) {
            told.push_str(&format!("{value:?}").to_ascii_lowercase());
        }
    }
    let is_http = told.contains("streamable") || told.contains("\"http\"");
    if told.contains("\"sse\"") && !is_http {
        server.fields.set("transport", "sse");
        server.say_at(
            "transport",
            Remark::new(
                Kind::Guessed,
                "its arguments or variables say `sse`; the path is /sse",
            ),
        );
    } else {
        server.say(
            Kind::Guessed,
            "it is called by streamable HTTP at /mcp: nothing says a path",
        );
    }
}

/// The Service that selects the pods of `deployment`.
fn service<'n>(deployment: &Node, namespace: &str, objects: &Objects<'n>) -> Option<&'n Node> {
    let pods = Labels::of(At::new(deployment).at("spec.template.metadata.labels"));
    let mut services = objects.of_kind("Service", namespace);
    services.find(|service| {
        let selector = Labels::of(At::new(service).at("spec.selector"));
        !selector.is_empty() && pods.has_all(&selector)
    })
}

/// Says what changes for those who call the server named `name` by `service`.
fn called(service: &Node, name: &str, objects: &Objects<'_>, server: &mut Server) {
    objects.used(service);
    let at = At::new(service);
    let own = at.at("metadata.name").text().unwrap_or_default();
    let ports: Vec<i64> = at
        .at("spec.ports")
        .items()
        .filter_map(|port| port.get("port").number())
        .collect();
    let port = match server.fields.get("port") {
        Some(super::tree::Value::Number(port)) => *port,
        _ => 8080,
    };
    let mut changes = Vec::new();
    let new = format!("mcp-{}", super::names::label(name));
    if own != new {
        changes.push(format!(
            "the Service {} is called {} now",
            quoted(own),
            quoted(&new)
        ));
    }
    if let Some(old) = ports
        .first()
        .filter(|old| **old != port && !ports.contains(&port))
    {
        changes.push(format!("its port {old} is {port}"));
    }
    if let Some(kind @ ("NodePort" | "LoadBalancer")) = at.at("spec.type").text() {
        changes.push(format!("it is no {kind}"));
    }
    if !changes.is_empty() {
        server.say(Kind::Lost, changes.join("; "));
    }
}
