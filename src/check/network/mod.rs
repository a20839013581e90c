//! Who can reach whom, by the NetworkPolicies of the input.
//!
//! Everything is asked of one function, [`Network::allows`]: may this sender reach this receiver on
//! this port? What has ranges (ports, addresses) is asked once for each piece in which no policy
//! draws a line, so nothing else needs to know how policies add up. Addresses of pods are not known
//! before they run: an `ipBlock` opens for what is outside the cluster, as the API says.

mod block;
mod endpoint;
mod guess;
mod hosts;
mod intent;
mod party;
mod policy;
mod scrape;
mod table;
mod way;

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::RangeInclusive;
use std::sync::OnceLock;

pub use block::Block;
pub use endpoint::{ContainerPort, Endpoint, Member, Protocol};
pub use intent::{Declared, Flow, Intent, Purpose, declared};
pub use party::Party;
pub use policy::{ALL_PORTS, Peer, Policy, PolicyPort, Ports, Rule, Who};
pub use scrape::Scraped;
pub use table::table;
pub use way::{Side, Verdict};

use hosts::Hosts;
use scrape::Scrapes;
use way::{Half, Way};

use super::input::Input;
use crate::manifest::{Labels, Pod, Selectors};

/// The label that the API server gives every namespace (KEP-2161).
const NAMESPACE_NAME: &str = "kubernetes.io/metadata.name";
/// Where `kubectl` puts objects that name no namespace.
const DEFAULT_NAMESPACE: &str = "default";
/// Policies that add to NetworkPolicies, or overrule them, and are not evaluated here.
const OTHERS: [&str; 6] = [
    "AdminNetworkPolicy",
    "BaselineAdminNetworkPolicy",
    "CiliumClusterwideNetworkPolicy",
    "CiliumNetworkPolicy",
    "ClusterNetworkPolicy",
    "GlobalNetworkPolicy",
];

/// The policies of an input, and its pods.
#[derive(Debug)]
pub struct Network<'m> {
    policies: Vec<Policy<'m>>,
    selectors: Selectors<'m>,
    hosts: Hosts<'m>,
    namespaces: BTreeMap<&'m str, Labels<'m>>,
    pods: Vec<Resident<'m>>,
    proxies: Vec<Party>,
    scrapes: Scrapes<'m>,
    has_others: bool,
}

/// Pods of the input.
#[derive(Debug)]
pub struct Resident<'m> {
    /// As the input has them.
    pub pod: &'m Pod<'m>,
    /// As senders and receivers.
    pub endpoint: Endpoint<'m>,
    /// What [`Network::addresses`] says of them, once somebody has asked.
    addresses: OnceLock<Vec<IpAddr>>,
}

/// The namespace that an object without one ends up in.
#[must_use]
pub fn namespace(written: &str) -> &str {
    if written.is_empty() {
        DEFAULT_NAMESPACE
    } else {
        written
    }
}

impl<'m> Network<'m> {
    /// The network of `input`.
    #[must_use]
    pub fn new(input: &'m Input<'m>) -> Self {
        let manifests = input.manifests;
        let namespaces = manifests.of_kind("Namespace");
        let policies = manifests.of_kind("NetworkPolicy").filter_map(Policy::of);
        let policies: Vec<Policy<'m>> = policies.collect();
        let selectors = policies
            .iter()
            .map(|policy| (policy.namespace(), policy.object.at("spec.podSelector")));
        let mut network = Self {
            selectors: Selectors::new(selectors),
            policies,
            hosts: Hosts::of(manifests),
            namespaces: namespaces
                .map(|object| (object.name(), Labels::of(object.at("metadata.labels"))))
                .collect(),
            pods: Vec::new(),
            proxies: guess::proxies(&input.pods),
            scrapes: Scrapes::of(input),
            has_others: OTHERS
                .iter()
                .any(|kind| manifests.of_kind(kind).next().is_some()),
        };
        for (position, pod) in input.pods.iter().enumerate() {
            let ports = Some(endpoint::container_ports(pod));
            let endpoint = network.pod(pod.namespace(), Some(pod.labels.clone()), ports);
            if let Endpoint::Pod(member) = &endpoint {
                for policy in &member.policies {
                    if let Some(policy) = network.policies.get_mut(*policy) {
                        policy.about.push(position);
                    }
                }
            }
            network.pods.push(Resident {
                pod,
                endpoint,
                addresses: OnceLock::new(),
            });
        }
        network
    }

    /// The policies, in the order of the input.
    #[must_use]
    pub fn policies(&self) -> &[Policy<'m>] {
        &self.policies
    }

    /// The pods of the input.
    #[must_use]
    pub fn pods(&self) -> &[Resident<'m>] {
        &self.pods
    }

    /// The pods of the input that serve MCP.
    pub fn servers(&self) -> impl Iterator<Item = &Resident<'m>> {
        self.pods.iter().filter(|resident| resident.pod.is_server())
    }

    /// The pods of the input that `policy` is about.
    pub fn about<'n>(&'n self, policy: &'n Policy<'m>) -> impl Iterator<Item = &'n Resident<'m>> {
        let about = policy.about.iter();
        about.filter_map(|position| self.pods.get(*position))
    }

    /// The ports of `pod` that Prometheus scrapes.
    #[must_use]
    pub fn scraped(&self, pod: &Pod<'m>) -> &[Scraped<'m>] {
        self.scrapes.of_pod(pod)
    }

    /// Whether the input has policies that are not evaluated here.
    #[must_use]
    pub fn has_others(&self) -> bool {
        self.has_others
    }

    /// Pods with these labels and ports, in the input or not; see [`Member`] for `None`.
    #[must_use]
    pub fn pod<'e>(
        &self,
        in_namespace: &'e str,
        labels: Option<Labels<'e>>,
        ports: Option<Vec<ContainerPort<'e>>>,
    ) -> Endpoint<'e>
    where
        'm: 'e,
    {
        let name = namespace(in_namespace);
        let mut namespace_labels = self.namespaces.get(name).cloned().unwrap_or_default();
        namespace_labels.set(NAMESPACE_NAME, name);
        let mut policies = self.selectors.candidates(name, labels.as_ref());
        let is_about = |policy: &Policy<'_>| policy.is_about(labels.as_ref());
        policies.retain(|position| self.policies.get(*position).is_some_and(is_about));
        Endpoint::Pod(Member {
            namespace: name,
            namespace_labels,
            policies,
            labels,
            ports,
        })
    }

    /// The policies about `endpoint`.
    pub fn policies_about<'n>(
        &'n self,
        endpoint: &'n Endpoint<'_>,
    ) -> impl Iterator<Item = &'n Policy<'m>> + Clone + use<'n, 'm> {
        let indices: &[usize] = match endpoint {
            Endpoint::Pod(member) => &member.policies,
            Endpoint::Address(_) => &[],
        };
        indices.iter().filter_map(|index| self.policies.get(*index))
    }

    /// What is open between `from` and `to`, on whatever port.
    fn way<'n, 'e>(&'n self, from: &'n Endpoint<'e>, to: &'n Endpoint<'e>) -> Way<'n, 'm, 'e> {
        Way {
            egress: Half {
                network: self,
                one: from,
                other: to,
                direction: |policy| &policy.egress,
            },
            ingress: Half {
                network: self,
                one: to,
                other: from,
                direction: |policy| &policy.ingress,
            },
            to,
        }
    }

    /// Whether `from` reaches `port` of `to`, and why.
    #[must_use]
    pub fn allows(
        &self,
        from: &Endpoint<'_>,
        to: &Endpoint<'_>,
        protocol: Protocol,
        port: u16,
    ) -> Verdict<'m> {
        self.way(from, to).verdict(protocol, port)
    }

    /// The ports of `to` that `from` reaches, by protocol and number; neighbours are one range.
    #[must_use]
    pub fn ports(
        &self,
        from: &Endpoint<'_>,
        to: &Endpoint<'_>,
    ) -> Vec<(Protocol, RangeInclusive<u16>)> {
        self.way(from, to).ports()
    }

    /// The first addresses of the pieces in which no policy about `of` draws a line, in order.
    #[must_use]
    pub fn addresses<'r>(&self, of: &'r Resident<'_>) -> &'r [IpAddr] {
        of.addresses.get_or_init(|| self.drawn(&of.endpoint))
    }

    fn drawn(&self, of: &Endpoint<'_>) -> Vec<IpAddr> {
        let mut starts = vec![
            IpAddr::V4(Ipv4Addr::UNSPECIFIED),
            IpAddr::V6(Ipv6Addr::UNSPECIFIED),
        ];
        let rules = self.policies_about(of).flat_map(Policy::rules);
        for peer in rules.flat_map(|rule| rule.peers.iter().flatten()) {
            if let Who::Block { cidr, except } = &peer.who {
                for block in except.iter().chain([cidr]) {
                    starts.push(block.first());
                    starts.extend(block.next());
                }
            }
        }
        starts.sort_unstable();
        starts.dedup();
        starts
    }
}
