//! What is open by host name.
//!
//! EKS Auto Mode's ApplicationNetworkPolicy adds names to what NetworkPolicies open
//! (`networking.k8s.aws/v1alpha1`).

use super::{Endpoint, Protocol, namespace};
use crate::manifest::{At, Manifests, Object, Selectors, selects};

const KIND: &str = "ApplicationNetworkPolicy";

/// What an input opens by host name.
#[derive(Debug)]
pub struct Hosts<'m> {
    policies: Vec<&'m Object>,
    selectors: Selectors<'m>,
}

impl<'m> Hosts<'m> {
    /// What `manifests` open.
    pub fn of(manifests: &'m Manifests) -> Self {
        let policies: Vec<&Object> = manifests.of_kind(KIND).collect();
        let selectors = policies.iter().map(|policy| {
            let selector = policy.at("spec.podSelector");
            (namespace(policy.namespace()), selector)
        });
        Self {
            selectors: Selectors::new(selectors),
            policies,
        }
    }

    /// The policy that opens `host` for `from`, and its rule.
    pub fn opens(
        &self,
        from: &Endpoint<'_>,
        host: &str,
        (protocol, port): (Protocol, u16),
    ) -> Option<(&'m Object, At<'m>)> {
        let Endpoint::Pod(member) = from else {
            return None;
        };
        let labels = member.labels.as_ref()?;
        let candidates = self.selectors.candidates(member.namespace, Some(labels));
        let policies = candidates
            .into_iter()
            .filter_map(|position| self.policies.get(position).copied())
            .filter(|policy| selects(policy.at("spec.podSelector"), labels));
        let mut rules = policies.flat_map(|policy| {
            let rules = policy.at("spec.egress").items();
            rules.map(move |rule| (policy, rule))
        });
        rules.find(|(_, rule)| {
            let mut peers = rule.get("to").items();
            let names = |peer: At<'_>| {
                let mut names = peer.get("domainNames").items();
                names.any(|name| name.text().is_some_and(|name| covers(name, host)))
            };
            let mut ports = rule.get("ports").items();
            let fits = |at: At<'_>| {
                at.get("port").number() == Some(port.into())
                    && Protocol::read(at.get("protocol")) == Some(protocol)
            };
            peers.any(names) && ports.any(fits)
        })
    }
}

/// Whether `name`, which may begin with `*.`, is `host` or holds it.
fn covers(name: &str, host: &str) -> bool {
    match name.strip_prefix('*') {
        Some(suffix) => host.ends_with(suffix) || host == name,
        None => host == name,
    }
}
