//! The kinds of objects that a bundle may have, by all the names that kubectl takes for them.
//!
//! kubectl learns plural and short names from a cluster, and there is none here.

use crate::nearest::nearest;

/// A kind of object.
#[derive(Debug, PartialEq, Eq)]
pub struct Kind {
    /// `NetworkPolicy`.
    pub name: &'static str,
    /// `networkpolicies`.
    pub plural: &'static str,
    /// `netpol`; empty where there is none.
    pub short: &'static str,
}

const fn kind(name: &'static str, plural: &'static str, short: &'static str) -> Kind {
    Kind {
        name,
        plural,
        short,
    }
}

/// All of them, in install order. Source: `kubectl api-resources`, and the published definitions of the
/// custom ones.
pub const KINDS: [Kind; 18] = [
    kind("Namespace", "namespaces", "ns"),
    kind("K8sAllowedRepos", "k8sallowedrepos", ""),
    kind("NetworkPolicy", "networkpolicies", "netpol"),
    kind(
        "ApplicationNetworkPolicy",
        "applicationnetworkpolicies",
        "anp",
    ),
    kind("PodDisruptionBudget", "poddisruptionbudgets", "pdb"),
    kind("ServiceAccount", "serviceaccounts", "sa"),
    kind("ClusterRole", "clusterroles", ""),
    kind("ClusterRoleBinding", "clusterrolebindings", ""),
    kind("Role", "roles", ""),
    kind("RoleBinding", "rolebindings", ""),
    kind("ExternalSecret", "externalsecrets", "es"),
    kind("ConfigMap", "configmaps", "cm"),
    kind("Service", "services", "svc"),
    kind("Deployment", "deployments", "deploy"),
    kind("HorizontalPodAutoscaler", "horizontalpodautoscalers", "hpa"),
    kind("ServiceMonitor", "servicemonitors", "smon"),
    kind("PrometheusRule", "prometheusrules", "promrule"),
    kind("GrafanaDashboard", "grafanadashboards", ""),
];

impl Kind {
    /// The kind that `word` names, in whatever case: by itself, its plural or its short name.
    ///
    /// # Errors
    /// What to write instead, where no bundle has such a kind.
    pub fn named(word: &str) -> Result<&'static Self, String> {
        let is_it = |kind: &&Kind| {
            let mut names = [kind.name, kind.plural, kind.short].into_iter();
            names.any(|name| !name.is_empty() && name.eq_ignore_ascii_case(word))
        };
        KINDS.iter().find(is_it).ok_or_else(|| {
            // kubectl takes `deployments.apps`, too.
            let word = word.split('.').next().unwrap_or_default();
            let names = KINDS
                .iter()
                .flat_map(|kind| [kind.name, kind.plural, kind.short]);
            let names: Vec<&str> = names.filter(|name| !name.is_empty()).collect();
            if let Some(near) = nearest(word, &names) {
                return format!("did you mean `{near}`?");
            }
            let all: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
            format!("a bundle may have {}", all.join(", "))
        })
    }
}

/// Whether objects of `kind` are among `only`; all are, where that is empty.
#[must_use]
pub fn is_chosen(kind: &str, only: &[&'static Kind]) -> bool {
    only.is_empty() || only.iter().any(|chosen| chosen.name == kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_that_kubectl_takes_is_known_in_any_case() {
        for (word, name) in [
            ("deploy", "Deployment"),
            ("Deployments", "Deployment"),
            ("DEPLOYMENT", "Deployment"),
            ("svc", "Service"),
            ("netpol", "NetworkPolicy"),
            ("networkpolicies", "NetworkPolicy"),
            ("k8sallowedrepos", "K8sAllowedRepos"),
        ] {
            assert_eq!(Kind::named(word).unwrap().name, name, "{word}");
        }
    }

    #[test]
    fn no_two_kinds_share_a_name() {
        for kind in &KINDS {
            for name in [kind.name, kind.plural, kind.short] {
                if !name.is_empty() {
                    assert_eq!(Kind::named(name), Ok(kind));
                }
            }
        }
    }

    #[test]
    fn a_name_that_is_none_is_mended_or_the_kinds_are_listed() {
        let said = |word| Kind::named(word).unwrap_err();
        assert_eq!(said("deplyo"), "did you mean `deploy`?");
        assert_eq!(said("services.v1"), "did you mean `services`?");
        assert_eq!(said("Deploymnt"), "did you mean `Deployment`?");
        assert!(said("persistentvolume").starts_with("a bundle may have Namespace, "));
        assert!(said("").starts_with("a bundle may have Namespace, "));
    }
}
