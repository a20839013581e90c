//! `constraints.gatekeeper.sh/v1beta1` `K8sAllowedRepos`, of Gatekeeper's library.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use serde::Serialize;

/// Which pods, and from where their images may come.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AllowedReposSpec {
    /// `deny`, `warn` or `dryrun`.
    pub enforcement_action: &'static str,
    /// Which objects.
    #[serde(rename = "match")]
    pub applies_to: ConstraintMatch,
    /// From where.
    pub parameters: Repos,
}

/// Which objects a constraint concerns.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ConstraintMatch {
    /// Their kinds.
    pub kinds: Vec<MatchKinds>,
    /// Their namespaces.
    pub namespaces: Vec<String>,
    /// Their labels.
    pub label_selector: LabelSelector,
}

/// Kinds by API group.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MatchKinds {
    /// API groups; the core group is the empty text.
    pub api_groups: Vec<&'static str>,
    /// Kinds.
    pub kinds: Vec<&'static str>,
}

/// Prefixes of allowed images.
#[derive(Debug, Clone, Serialize)]
pub struct Repos {
    /// Compared letter by letter.
    pub repos: Vec<String>,
}
