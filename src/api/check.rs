//! `McpServerSetCheck`: what the checks must know, for kustomize's validators and `mcpset check`.

use schemars::JsonSchema;
use serde::Deserialize;

use super::Metadata;
use super::field::{Field, List};

/// What the checks must know beside the manifests.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("required" = ["apiVersion", "kind"]))]
pub struct McpServerSetCheck {
    /// Always `mcpset.dev/v1alpha1`.
    pub api_version: Field<String>,
    /// Always `McpServerSetCheck`.
    pub kind: Field<String>,
    /// Name, and annotations such as `config.kubernetes.io/function`.
    pub metadata: Field<Metadata>,
    /// What the checks must know.
    pub spec: Field<CheckSpec>,
}

/// What the checks must know.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct CheckSpec {
    /// Registries and repository prefixes from which images may come. Default: any that is not
    /// public; those of sets that are checked are added.
    pub approved_registries: Field<List<String>>,
    /// Objects that exist elsewhere.
    pub external: Field<List<ExternalObject>>,
    /// Rules that may be broken, each with a reason.
    pub exceptions: Field<List<CheckException>>,
    /// Whether a warning stops the build as an error does. Default `false`.
    pub deny_warnings: Field<bool>,
}

/// An object that exists elsewhere: in the cluster, or made by somebody else.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("required" = ["kind", "name"]))]
pub struct ExternalObject {
    /// Its kind, such as `Secret`.
    pub kind: Field<String>,
    /// Its name.
    pub name: Field<String>,
}

/// A rule that may be broken.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("required" = ["rule", "reason"]))]
pub struct CheckException {
    /// The rule: its id or name, such as `MCP030` or `replicas`.
    pub rule: Field<String>,
    /// The object that may break it: its name, or `Kind/name`. Default: every object.
    pub object: Field<String>,
    /// Why, for whoever reads the report.
    pub reason: Field<String>,
}
