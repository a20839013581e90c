//! `McpServerSet` as a person writes it; no logic.
//!
//! Every doc comment here is also the field's description in the JSON schema. What an absent
//! field means is said in the comment and decided in `resolve`.

mod field;
mod platform;
mod server;

use schemars::JsonSchema;
use serde::Deserialize;

pub use field::{Entries, Field, List, Off, Placed};
pub use platform::{
    AllowedRepos, HostnameFilter, LiteLlm, Monitoring, NamespaceObject, Network, OtlpProtocol,
    Platform, Policy, Reload, Secrets, StoreKind, StoreRef, Tracing, TracingSettings,
};
pub use server::{
    Aws, Egress, EgressRule, EgressWord, EnvSource, EnvValue, HttpProbes, Metrics, MetricsEndpoint,
    Probes, ProbesWord, Protocol, PullPolicy, Resources, Secret, SecretAs, SecretSource, Server,
    Session, Toleration, Transport, User,
};

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
pub struct McpServerSet {
    /// Always `mcpset.dev/v1alpha1`.
    #[schemars(required)]
    pub api_version: Field<String>,
    /// Always `McpServerSet`.
    #[schemars(required)]
    pub kind: Field<String>,
    /// Name and namespace.
    #[schemars(required)]
    pub metadata: Field<Metadata>,
    /// What runs, and where.
    #[schemars(required)]
    pub spec: Field<Spec>,
}

/// Name and namespace of the set.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Metadata {
    /// Name of the set: `app.kubernetes.io/part-of` of every object, and the first part of the
    /// names of what exists once a set (`mcp-servers`, `mcp-default-deny`).
    #[schemars(required)]
    pub name: Field<String>,
    /// The namespace in which the servers run. It stands here and not in a kustomization, because
    /// URLs and network policies contain it.
    #[schemars(required)]
    pub namespace: Field<String>,
    /// Labels of the set itself; no object inherits them.
    pub labels: Field<Entries<String>>,
    /// Annotations of the set itself, such as `config.kubernetes.io/function`; no object inherits
    /// them.
    pub annotations: Field<Entries<String>>,
}

/// What runs, and where.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Spec {
    /// First part of every server's object names. Default `mcp-`.
    pub name_prefix: Field<String>,
    /// What the platform team sets once.
    pub platform: Field<Platform>,
    /// Any server field but `name` and `image`, for all servers that do not say otherwise.
    /// Mappings with free keys (`env`, `labels`, …), `resources` and `probes` merge key by key;
    /// everything else is replaced.
    pub defaults: Field<Server>,
    /// The servers, at least one.
    #[schemars(required)]
    pub servers: Field<List<Server>>,
}
