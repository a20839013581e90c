//! Gatekeeper's constraint on registries, for platforms that want it in the bundle.

use super::custom::{AllowedReposSpec, ConstraintMatch, Custom, MatchKinds, Repos};
use super::metadata;
use crate::model::{RegistryPrefix, Set};

/// K8sAllowedRepos for the set's pods: others of the namespace, the proxy among them, may come from
/// elsewhere.
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
                label_selector: metadata::match_labels(set.match_labels()),
            },
            parameters: Repos {
                repos: set
                    .registries
                    .iter()
                    .flat_map(RegistryPrefix::letters)
                    .collect(),
            },
        },
    }
}
