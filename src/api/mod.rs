//! `McpServerSet` as a person writes it; no logic.
//!
//! Every doc comment here is also the field's description in the JSON schema. What an absent
//! field means is said in the comment and decided in `resolve`.

mod access;
mod autoscaling;
mod aws;
mod check;
mod field;
mod from;
mod litellm;
mod patch;
mod pattern;
mod platform;
mod profile;
mod server;
mod serving;
mod stdio;
mod variables;

use schemars::{JsonSchema, Schema};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::yaml::{self, Node};

pub use access::{Access, AccessRule};
pub use autoscaling::Autoscaling;
pub use aws::{Aws, AwsPlatform, ConditionValues, Statement};
pub use check::{CheckException, CheckSpec, ExternalObject, McpServerSetCheck};
pub use field::{Entries, Field, Later, List, Off, Placed};
pub use litellm::{
    AuthType, HeaderSource, HeaderValue, LiteLlm, ProxyChart, Registration, RegistrationObject,
    UserIdentity,
};
pub use patch::{Free, Patch};
pub use platform::{
    AllowedRepos, DashboardObject, HostnameFilter, MetricsProfile, Monitoring, NamespaceObject,
    Network, OtlpProtocol, Platform, Policy, PolicyException, Reload, Secrets, StoreKind, StoreRef,
    Tracing, TracingSettings,
};
pub use profile::{Need, NeededField, Profile};
pub use server::{Egress, EgressRule, EgressWord, PullPolicy, Resources, Server, Toleration, User};
pub use serving::{
    HttpProbes, Metrics, MetricsEndpoint, Objectives, Probes, ProbesWord, Protocol, Session,
    Transport,
};
pub use stdio::{Bridge, Program, Stdio};
pub use variables::{EnvSource, EnvValue, Secret, SecretAs, SecretSource};

/// The API version of [`McpServerSet`].
pub const API_VERSION: &str = "mcpset.dev/v1alpha1";
/// The kind of [`McpServerSet`].
pub const KIND: &str = "McpServerSet";
/// The kind that makes mcpset expand the sets among a kustomization's resources.
pub const TRANSFORMER_KIND: &str = "McpServerSetTransformer";
/// The kind that makes mcpset check a kustomization's resources.
pub const CHECK_KIND: &str = "McpServerSetCheck";

/// A set of MCP servers that run in one namespace beside a LiteLLM proxy.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("required" = ["apiVersion", "kind", "metadata", "spec"]))]
pub struct McpServerSet {
    /// Always `mcpset.dev/v1alpha1`.
    #[schemars(extend("const" = API_VERSION, "examples" = [API_VERSION]))]
    pub api_version: Field<String>,
    /// Always `McpServerSet`.
    #[schemars(extend("const" = KIND, "examples" = [KIND]))]
    pub kind: Field<String>,
    /// Name and namespace.
    #[schemars(extend("examples" = [{"name": "mcp", "namespace": "litellm"}]))]
    pub metadata: Field<Metadata>,
    /// What runs, and where.
    pub spec: Field<Spec>,
}

/// Name and namespace of the set.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("required" = ["name", "namespace"]))]
pub struct Metadata {
    /// Name of the set: `app.kubernetes.io/part-of` of every object, and the first part of the
    /// names of what exists once a set (`mcp-servers`, `mcp-default-deny`).
    #[schemars(length(max = 63), regex(pattern = pattern::DNS_LABEL), extend("examples" = ["mcp"]))]
    pub name: Field<String>,
    /// The namespace in which the servers run. It stands here and not in a kustomization, because
    /// URLs and network policies contain it.
    #[schemars(length(max = 63), regex(pattern = pattern::DNS_LABEL))]
    #[schemars(extend("examples" = ["litellm"]))]
    pub namespace: Field<String>,
    /// Labels of the set itself; no object inherits them.
    #[schemars(extend("examples" = [{"team": "platform"}]))]
    pub labels: Field<Entries<String>>,
    /// Annotations of the set itself, such as `config.kubernetes.io/function`; no object inherits
    /// them.
    #[schemars(extend("examples" = [{"config.kubernetes.io/function": "exec: {path: mcpset}"}]))]
    pub annotations: Field<Entries<String>>,
}

/// What runs, and where.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("required" = ["servers"]))]
pub struct Spec {
    /// First part of every server's object names.
    #[schemars(regex(pattern = pattern::NAME_PREFIX))]
    #[schemars(extend("default" = "mcp-", "x-default-from" = from::GUIDE_NAMES))]
    #[schemars(extend("examples" = ["tools-"]))]
    pub name_prefix: Field<String>,
    /// What the platform team sets once.
    #[schemars(extend("examples" = [{"registry": "123456789012.dkr.ecr.us-east-1.amazonaws.com"}]))]
    pub platform: Field<Platform>,
    /// Any server field but `name` and `image`, for all servers that do not say otherwise.
    /// Mappings with free keys (`env`, `labels`, …), `resources`, `probes`, `objectives`, `stdio` and
    /// `litellm` merge key by key; `patches` are applied before a server's own; everything else is
    /// replaced. `stdio` is for those of `transport: stdio` alone.
    #[schemars(transform = anonymous)]
    #[schemars(extend("examples" = [{"longestCall": "2m", "litellm": {"accessGroups": ["litellm-developers"]}}]))]
    pub defaults: Field<Server>,
    /// The servers, at least one.
    #[schemars(transform = identified)]
    #[schemars(extend("examples" = [[{"name": "github", "image": "mcp-github:1.0.0"}]]))]
    pub servers: Field<List<Later<Server>>>,
}

/// The servers in a `document`, which `spec.servers` reads later: typed, each takes several times the memory
/// that it takes here.
#[must_use]
pub fn servers(document: &Node) -> &[Node] {
    let spec = document.get("spec");
    match spec.and_then(|spec| Some(&spec.get("servers")?.value)) {
        Some(yaml::Value::Sequence(servers)) => servers,
        _ => &[],
    }
}

/// What tells servers apart.
const IDENTITY: [&str; 2] = ["name", "image"];

/// Says in the schema of `servers` that there is one, that each has an identity (`defaults` shares the
/// type, so the type cannot say it), and that the name is what patches merge them by.
fn identified(servers: &mut Schema) {
    for (key, value) in [
        ("minItems", json!(1)),
        ("x-kubernetes-list-type", json!("map")),
        ("x-kubernetes-list-map-keys", json!(["name"])),
        ("x-kubernetes-patch-strategy", json!("merge")),
        ("x-kubernetes-patch-merge-key", json!("name")),
    ] {
        servers.insert(key.into(), value);
    }
    if let Some(server) = servers.get_mut("items").and_then(Value::as_object_mut) {
        server.insert("required".into(), json!(IDENTITY));
    }
}

/// Says in the schema of `defaults` that it has no identity.
fn anonymous(defaults: &mut Schema) {
    let given = IDENTITY.map(|field| json!({ "required": [field] }));
    defaults.insert("not".into(), json!({ "anyOf": given }));
}
