//! `McpServerSetCheck`: what the checks must know, for kustomize's validators and `mcpset check`.

use schemars::JsonSchema;
use serde::Deserialize;

use super::field::{Field, List};
use super::{API_VERSION, CHECK_KIND, Metadata};
use super::{from, pattern};

/// What the checks must know beside the manifests.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("required" = ["apiVersion", "kind"]))]
pub struct McpServerSetCheck {
    /// Always `mcpset.dev/v1alpha1`.
    #[schemars(extend("const" = API_VERSION, "examples" = [API_VERSION]))]
    pub api_version: Field<String>,
    /// Always `McpServerSetCheck`.
    #[schemars(extend("const" = CHECK_KIND, "examples" = [CHECK_KIND]))]
    pub kind: Field<String>,
    /// Name, and annotations such as `config.kubernetes.io/function`.
    #[schemars(extend("examples" = [{"name": "checks"}]))]
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
    #[schemars(inner(regex(pattern = pattern::WORD)))]
    #[schemars(extend("examples" = [["123456789012.dkr.ecr.us-east-1.amazonaws.com"]]))]
    pub approved_registries: Field<List<String>>,
    /// Objects that exist elsewhere.
    #[schemars(extend("examples" = [[{"kind": "Secret", "name": "registry-credentials"}]]))]
    pub external: Field<List<ExternalObject>>,
    /// Rules that may be broken, each with a reason.
    #[schemars(extend("examples" = [[{"rule": "replicas", "object": "Deployment/batch", "reason": "a batch job has one pod"}]]))]
    pub exceptions: Field<List<CheckException>>,
    /// Whether a warning stops the build as an error does.
    #[schemars(extend("default" = false, "x-default-from" = from::USUAL, "examples" = [true]))]
    pub deny_warnings: Field<bool>,
}

/// An object that exists elsewhere: in the cluster, or made by somebody else.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("required" = ["kind", "name"]))]
pub struct ExternalObject {
    /// Its kind, such as `Secret`.
    #[schemars(regex(pattern = pattern::WORD), extend("examples" = ["Secret"]))]
    pub kind: Field<String>,
    /// Its name.
    #[schemars(regex(pattern = pattern::WORD), extend("examples" = ["registry-credentials"]))]
    pub name: Field<String>,
}

/// A rule that may be broken.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("required" = ["rule", "reason"]))]
pub struct CheckException {
    /// The rule: its id or name, such as `MCP030` or `replicas`.
    #[schemars(regex(pattern = pattern::WORD), extend("examples" = ["MCP030", "replicas"]))]
    pub rule: Field<String>,
    /// The object that may break it: its name, or `Kind/name`. Default: every object.
    #[schemars(regex(pattern = pattern::WORD), extend("examples" = ["Deployment/batch"]))]
    pub object: Field<String>,
    /// Why, for whoever reads the report.
    #[schemars(extend("examples" = ["a batch job has one pod"]))]
    pub reason: Field<String>,
}
