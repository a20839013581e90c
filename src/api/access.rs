//! `spec.servers[].access` and `spec.servers[].rules`.

use schemars::JsonSchema;
use serde::Deserialize;

use super::field::{Field, List};
use super::pattern;

/// What a server uses of the cluster itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Access {
    /// The Kubernetes API, as far as `rules` allow.
    Cluster,
}

/// What the server may do with the Kubernetes API: verbs on `resources`, or on `nonResourceURLs`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("required" = ["verbs"]))]
pub struct AccessRule {
    /// API groups of the resources, without a version; `""` is the core group.
    #[schemars(extend("examples" = [["", "apps"]]))]
    pub api_groups: Field<List<String>>,
    /// Resources in lower case and plural, such as `pods`, or a part of one, such as `pods/log`.
    #[schemars(extend("examples" = [["pods", "pods/log"]]))]
    pub resources: Field<List<String>>,
    /// Names of the only objects that are meant. Default: all.
    #[schemars(extend("examples" = [["app-config"]]))]
    pub resource_names: Field<List<String>>,
    /// What may be done: `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, ….
    #[schemars(extend("minItems" = 1, "examples" = [["get", "list", "watch"]]))]
    pub verbs: Field<List<String>>,
    /// Paths of the API server that are no resources, such as `/version`.
    #[serde(rename = "nonResourceURLs")]
    #[schemars(extend("examples" = [["/version"]]))]
    pub non_resource_urls: Field<List<String>>,
    /// The namespaces in which this holds. Default: the whole cluster.
    #[schemars(inner(length(max = 63), regex(pattern = pattern::DNS_LABEL)))]
    #[schemars(extend("examples" = [["apps"]]))]
    pub namespaces: Field<List<String>>,
}
