//! kmcp's `MCPServer`, which kagent runs.

use super::draft::{Draft, Image, Server};
use super::fields::Fields;
use super::launch::launch;
use super::object::Resource;
use super::pod;
use super::remark::{Kind, Remark};
use super::words::{Word, set_words};
use super::workload::{Objects, variables, volumes};
use crate::model::HttpPath;
use crate::yaml::{Node, Value};

/// The API group.
pub const GROUP: &str = "kagent.dev";
/// Where kmcp's bridge, or the server, listens unless something else is said.
const PORT: i64 = 3000;

/// Reads the `MCPServer` in `document`; what it refers to may be among `objects`.
pub fn read(document: &Node, objects: &Objects<'_>, draft: &mut Draft) {
    let Some(mut resource) = Resource::open(document, "kmcp's", draft) else {
        return;
    };
    let namespace = resource.namespace;
    let (spec, server) = (&mut resource.spec, &mut resource.server);
    let mut deployment = spec
        .map("deployment")
        .unwrap_or_else(|| Fields::new(document, "spec.deployment"));
    let mut http = spec
        .map("httpTransport")
        .unwrap_or_else(|| Fields::new(document, "spec.httpTransport"));
    let is_http = spec.text("transportType").map_or_else(
        || {
            document
                .get("spec")
                .and_then(|spec| spec.get("httpTransport"))
                .is_some()
        },
        |kind| kind == "http",
    );
    spec.skip(&["stdioTransport"]);
    command(&mut deployment, is_http, server);
    let port = http
        .number("targetPort")
        .or_else(|| deployment.number("port"));
    deployment.skip(&["port"]);
    if is_http {
        let path = http
            .text("path")
            .filter(|path| HttpPath::parse(path).is_ok());
        server.fields.set("transport", "http");
        server.fields.set(
            "port",
            port.filter(|port| (1..=65535).contains(port))
                .unwrap_or(PORT),
        );
        if let Some(path) = path {
            server.fields.set("path", path);
        }
    }
    environment(&mut deployment, namespace, objects, server);
    settings(&mut deployment, namespace, objects, server);
    if document
        .get("spec")
        .and_then(|spec| spec.get("httpTransport"))
        .is_some()
    {
        spec.absorb(http);
    }
    if document
        .get("spec")
        .and_then(|spec| spec.get("deployment"))
        .is_some()
    {
        spec.absorb(deployment);
    }
    resource.close(draft);
}

/// What is started: in an image, or by kmcp's own images for npx and uvx.
fn command(deployment: &mut Fields<'_>, is_http: bool, server: &mut Server) {
    let place = deployment.place;
    let command = deployment.text("cmd").map(|text| Word::known(text, place));
    let args = pod::words(deployment, "args");
    let Some(image) = deployment.text("image").filter(|image| !image.is_empty()) else {
        let words: Vec<Word> = command.into_iter().chain(args).collect();
        launch(server, &words, &[]);
        return;
    };
    server.image = Image::Reference {
        text: image.to_owned(),
        version: None,
    };
    set_words(server, "command", command.as_slice());
    set_words(server, "args", &args);
    if !is_http {
        server.speaks_stdio(Vec::new());
    }
}

/// `env`, which is a mapping, and the Secrets and ConfigMaps of which every key is a variable.
fn environment(
    deployment: &mut Fields<'_>,
    namespace: &str,
    objects: &Objects<'_>,
    server: &mut Server,
) {
    for entry in deployment.entries("env") {
        if let Value::Scalar(scalar) = &entry.value.value {
            server.variable(entry.name(), &scalar.text, false);
        }
    }
    // As samples have it, against the schema.
    variables(deployment, namespace, objects, server);
    for item in deployment.items("secretRefs") {
        let text = |key: &str| item.get(key).and_then(Node::text);
        let Some(secret) = text("name") else { continue };
        match (text("key"), text("envName")) {
            (Some(key), variable) => pod::secret_key(server, variable.unwrap_or(key), secret, key),
            _ => objects.all_of_secret(secret, namespace, "", item, server),
        }
    }
    for item in deployment.items("configMapRefs") {
        if let Some(map) = item.get("name").and_then(Node::text) {
            objects.all_of_config_map(map, namespace, "", item, server);
        }
    }
}

/// What is said of the pod.
fn settings(
    deployment: &mut Fields<'_>,
    namespace: &str,
    objects: &Objects<'_>,
    server: &mut Server,
) {
    pod::pull_policy(deployment, server);
    pod::resources(deployment, server);
    pod::security(deployment, "securityContext", server);
    pod::security(deployment, "podSecurityContext", server);
    pod::scheduling(deployment, server);
    pod::replicas(deployment, "replicas", server);
    pod::marks(deployment, "labels", "labels", server, &[]);
    pod::marks(deployment, "annotations", "annotations", server, &[]);
    if let Some(name) = deployment.text("serviceAccountName") {
        objects.account(name, namespace, server);
    }
    if let Some(mut account) = deployment.map("serviceAccount") {
        pod::role(account.entries("annotations"), server);
        let others = account.entries("annotations").iter();
        let others: Vec<&str> = others
            .map(crate::yaml::Entry::name)
            .filter(|name| *name != pod::ROLE)
            .collect();
        server.lost.extend(
            others
                .iter()
                .map(|name| format!("the ServiceAccount's annotation {name}")),
        );
        deployment.absorb(account);
    }
    if deployment.node("initContainer").is_some() {
        let text = "kmcp's init container, which handed its bridge over";
        server.remarks.push(Remark::new(Kind::Lost, text));
    }
    let mounts = deployment.items("volumeMounts");
    let found = deployment.items("volumes");
    volumes(mounts, found, namespace, objects, server);
}
