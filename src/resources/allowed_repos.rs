//! Gatekeeper's constraint on registries, for platforms that want it in the bundle.

use super::custom::{AllowedReposSpec, ConstraintMatch, Custom, MatchKinds, Repos};
use crate::model::Set;

/// K8sAllowedRepos for the set's namespace. The library's template compares letter by letter, so
/// each prefix ends in `/`: `…amazonaws.com.evil.io/x` must not pass for `…amazonaws.com`.
pub fn allowed_repos(set: &Set) -> Custom<AllowedReposSpec> {
    Custom {
        api_version: "constraints.gatekeeper.sh/v1beta1",
        kind: "K8sAllowedRepos",
        metadata: set.cluster_metadata(&set.names.allowed_repos),
        spec: AllowedReposSpec {
            enforcement_action: "deny",
            applies_to: ConstraintMatch {
                kinds: vec![MatchKinds {
                    api_groups: vec![""],
                    kinds: vec!["Pod"],
                }],
                namespaces: vec![set.namespace.to_string()],
            },
            parameters: Repos {
                repos: set
                    .registries
                    .iter()
                    .map(|prefix| format!("{prefix}/"))
                    .collect(),
            },
        },
    }
}
