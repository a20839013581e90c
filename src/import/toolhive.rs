//! ToolHive's `MCPServer`.
//!
//! Its operator puts a proxy in front of every server, which mcpset does only for those that speak
//! standard input and output. What is said of the proxy is therefore lost, and named.

use super::draft::{Draft, Image, Server};
use super::fields::Fields;
use super::object::Resource;
use super::pod;
use super::remark::{Kind, Remark, quoted};
use super::words::set_words;
use super::workload::Objects;
use crate::yaml::Node;

/// The API group.
pub const GROUP: &str = "toolhive.stacklok.dev";
/// The container that a `podTemplateSpec` means by the server.
const CONTAINER: &str = "mcp";

/// Reads the `MCPServer` in `document`; its ServiceAccount may be among `objects`.
pub fn read(document: &Node, objects: &Objects<'_>, draft: &mut Draft) {
    let Some(mut resource) = Resource::open(document, "ToolHive's", draft) else {
        return;
    };
    let namespace = resource.namespace;
    let (spec, server) = (&mut resource.spec, &mut resource.server);
    if let Some(image) = spec.text("image") {
        server.image = Image::Reference {
            text: image.to_owned(),
            version: None,
        };
    }
    let args = pod::words(spec, "args");
    set_words(server, "args", &args);
    transport(spec, server);
    for item in spec.items("env") {
        let mut fields = Fields::new(item, "spec.env");
        if let (Some(name), value) = (fields.text("name"), fields.text("value")) {
            server.variable(name, value.unwrap_or_default(), false);
        }
        spec.absorb(fields);
    }
    for item in spec.items("secrets") {
        let text = |key: &str| item.get(key).and_then(Node::text);
        let (Some(secret), Some(key)) = (text("name"), text("key")) else {
            server
                .lost
                .push("spec.secrets without name and key".to_owned());
            continue;
        };
        pod::secret_key(server, text("targetEnvName").unwrap_or(key), secret, key);
    }
    pod::resources(spec, server);
    pod::replicas(spec, "replicas", server);
    if let Some(account) = spec.text("serviceAccount") {
        objects.account(account, namespace, server);
    }
    if let Some(template) = spec.map("podTemplateSpec") {
        pod_template(template, spec, server);
    }
    permissions(spec, server);
    resource.close(draft);
}

fn transport(spec: &mut Fields<'_>, server: &mut Server) {
    let transport = spec.text("transport").unwrap_or("stdio");
    // The proxy's own port and mode end with the proxy.
    spec.skip(&["proxyPort", "port", "proxyMode"]);
    let port = spec.number("mcpPort").or_else(|| spec.number("targetPort"));
    match transport {
        "sse" | "streamable-http" => {
            server
                .fields
                .set("transport", if transport == "sse" { "sse" } else { "http" });
            let port = port
                .filter(|port| (1..=65535).contains(port))
                .unwrap_or(8080);
            server.fields.set("port", port);
            // pkg/environment of ToolHive.
            let told = [
                ("MCP_TRANSPORT", transport.to_owned()),
                ("MCP_HOST", "0.0.0.0".to_owned()),
                ("MCP_PORT", port.to_string()),
                ("FASTMCP_PORT", port.to_string()),
            ];
            for (name, value) in told {
                server.variable(name, &value, false);
            }
            let text = "ToolHive itself tells every server MCP_TRANSPORT, MCP_HOST, MCP_PORT and FASTMCP_PORT";
            server.say_at("env", Remark::new(Kind::Guessed, text));
        }
        _ => server.speaks_stdio(Vec::new()),
    }
}

/// What the pod template changes of the server's pod.
fn pod_template<'n>(mut template: Fields<'n>, parent: &mut Fields<'n>, server: &mut Server) {
    if let Some(mut metadata) = template.map("metadata") {
        pod::marks(&mut metadata, "labels", "labels", server, &[]);
        pod::marks(&mut metadata, "annotations", "annotations", server, &[]);
        template.absorb(metadata);
    }
    if let Some(mut spec) = template.map("spec") {
        pod::scheduling(&mut spec, server);
        for item in spec.items("containers") {
            let mut container = Fields::new(item, "spec.podTemplateSpec.spec.containers");
            if container.text("name") == Some(CONTAINER) {
                pod::security(&mut container, "securityContext", server);
                pod::resources(&mut container, server);
                pod::pull_policy(&mut container, server);
            }
            spec.absorb(container);
        }
        pod::security(&mut spec, "securityContext", server);
        template.absorb(spec);
    }
    parent.absorb(template);
}

/// Where the server may connect to, as far as that is a list of hosts.
fn permissions(spec: &mut Fields<'_>, server: &mut Server) {
    let Some(mut profile) = spec.map("permissionProfile") else {
        return;
    };
    match (profile.text("type"), profile.text("name")) {
        (Some("builtin"), Some("network")) => {}
        (_, Some(name)) => {
            let text = format!(
                "the permission profile {}: write under `egress` what the server may reach",
                quoted(name)
            );
            server.say(Kind::Lost, text);
        }
        _ => {}
    }
    profile.skip(&["key"]);
    spec.absorb(profile);
}
