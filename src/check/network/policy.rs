//! One NetworkPolicy, read as the API defines it.
//!
//! What is left out means opposite things in different places, and each is decided here once: no
//! `ingress` closes, no `from` opens to everybody, no `ports` opens all of them (`networking/v1`
//! types; defaults in `pkg/apis/networking/v1/defaults.go`).

use std::net::IpAddr;
use std::ops::RangeInclusive;

use super::block::Block;
use super::endpoint::{Endpoint, Member, Protocol};
use super::namespace;
use crate::manifest::{At, Labels, Object, selects};

/// All port numbers.
pub const ALL_PORTS: RangeInclusive<u16> = 1..=u16::MAX;

/// One policy.
#[derive(Debug)]
pub struct Policy<'m> {
    /// Its object.
    pub object: &'m Object,
    /// What may come in; `None` where it does not isolate its pods that way.
    pub ingress: Option<Vec<Rule<'m>>>,
    /// What may go out; `None` where it does not isolate its pods that way.
    pub egress: Option<Vec<Rule<'m>>>,
    /// Positions of the pods that it is about, which [`Network`](super::Network) knows.
    pub(super) about: Vec<usize>,
}

/// A rule of a policy.
#[derive(Debug)]
pub struct Rule<'m> {
    /// Where it stands.
    pub at: At<'m>,
    /// Whom it opens for; `None` for everybody.
    pub peers: Option<Vec<Peer<'m>>>,
    /// On which ports; `None` for all.
    pub ports: Option<Vec<PolicyPort<'m>>>,
}

/// A peer of a rule.
#[derive(Debug)]
pub struct Peer<'m> {
    /// Where it stands.
    pub at: At<'m>,
    /// Who it is.
    pub who: Who<'m>,
}

/// Who a peer is.
#[derive(Debug)]
pub enum Who<'m> {
    /// Pods, by selectors that may be absent.
    Pods {
        /// Of namespaces; absent for the policy's own.
        namespaces: At<'m>,
        /// Of pods; absent for all.
        pods: At<'m>,
    },
    /// Addresses.
    Block {
        /// All of these …
        cidr: Block,
        /// … but these.
        except: Vec<Block>,
    },
    /// Nobody: the API server refuses it.
    Nobody,
}

/// Ports of a rule.
#[derive(Debug)]
pub struct PolicyPort<'m> {
    /// Where they stand.
    pub at: At<'m>,
    /// `None` for a protocol that there is not.
    pub protocol: Option<Protocol>,
    /// Which ports.
    pub ports: Ports<'m>,
}

/// Ports by number or name.
#[derive(Debug)]
pub enum Ports<'m> {
    /// By number.
    Numbers(RangeInclusive<u16>),
    /// By the name that the destination's container gives it.
    Name(&'m str),
}

impl<'m> Policy<'m> {
    /// Reads `object`; `None` when it is no NetworkPolicy.
    #[must_use]
    pub fn of(object: &'m Object) -> Option<Self> {
        if object.kind() != "NetworkPolicy" || object.group() != "networking.k8s.io" {
            return None;
        }
        let spec = object.at("spec");
        let types = spec.get("policyTypes").items();
        let is_typed = types.clone().next().is_some();
        let names = |direction: &str| types.clone().any(|named| named.text() == Some(direction));
        let has_egress = spec.get("egress").items().next().is_some();
        let rules = |key: &str, peers: &str| -> Vec<Rule<'m>> {
            let rules = spec.get(key).items();
            rules.map(|at| Rule::read(at, at.get(peers))).collect()
        };
        Some(Self {
            object,
            ingress: (!is_typed || names("Ingress")).then(|| rules("ingress", "from")),
            egress: (names("Egress") || !is_typed && has_egress).then(|| rules("egress", "to")),
            about: Vec::new(),
        })
    }

    /// The namespace of the pods it is about.
    #[must_use]
    pub fn namespace(&self) -> &'m str {
        namespace(self.object.namespace())
    }

    /// Whether it is about pods of its namespace with these labels; `None` for labels that nobody
    /// knows. An absent selector selects all.
    #[must_use]
    pub fn is_about(&self, labels: Option<&Labels<'_>>) -> bool {
        let selector = self.object.at("spec.podSelector");
        selected(selector, labels, false)
    }

    /// Its rules, of both directions.
    pub fn rules(&self) -> impl Iterator<Item = &Rule<'m>> {
        let both = [&self.ingress, &self.egress];
        both.into_iter().flatten().flatten()
    }
}

/// Whether `selector` selects `labels`; of those that nobody knows, `unknown`, unless it selects all.
fn selected(selector: At<'_>, labels: Option<&Labels<'_>>, unknown: bool) -> bool {
    let selects_all = !selector.exists() || selector.entries().next().is_none();
    selects_all || labels.map_or(unknown, |labels| selects(selector, labels))
}

impl<'m> Rule<'m> {
    fn read(at: At<'m>, peers: At<'m>) -> Self {
        let filled = |list: At<'m>| list.items().next().is_some();
        let ports = at.get("ports");
        Self {
            at,
            peers: filled(peers).then(|| peers.items().map(Peer::read).collect()),
            ports: filled(ports).then(|| ports.items().map(PolicyPort::read).collect()),
        }
    }

    /// Whether it opens anything for `other`, which `policy` is not about.
    #[must_use]
    pub fn is_for(&self, policy: &Policy<'_>, other: &Endpoint<'_>) -> bool {
        let peers = self.peers.as_ref();
        peers.is_none_or(|peers| peers.iter().any(|peer| peer.who.is(policy, other)))
    }

    /// Whether it opens `port` of `destination`.
    #[must_use]
    pub fn has(&self, destination: &Endpoint<'_>, protocol: Protocol, port: u16) -> bool {
        let ports = self.ports.as_ref();
        ports.is_none_or(|ports| {
            let mut ports = ports.iter();
            ports.any(|ports| ports.has(destination, protocol, port))
        })
    }
}

impl<'m> Peer<'m> {
    fn read(at: At<'m>) -> Self {
        let (namespaces, pods) = (at.get("namespaceSelector"), at.get("podSelector"));
        let block = at.get("ipBlock");
        let read = |cidr: At<'_>| cidr.text().and_then(Block::parse);
        let who = if namespaces.exists() || pods.exists() {
            Who::Pods { namespaces, pods }
        } else if let Some(cidr) = read(block.get("cidr")) {
            let except = block.get("except").items().filter_map(read).collect();
            Who::Block { cidr, except }
        } else {
            Who::Nobody
        };
        Self { at, who }
    }
}

impl Who<'_> {
    fn is(&self, policy: &Policy<'_>, other: &Endpoint<'_>) -> bool {
        match (self, other) {
            (Self::Pods { namespaces, pods }, Endpoint::Pod(member)) => {
                let in_namespace = if namespaces.exists() {
                    selected(*namespaces, Some(&member.namespace_labels), false)
                } else {
                    policy.namespace() == member.namespace
                };
                in_namespace && selected(*pods, member.labels.as_ref(), true)
            }
            (Self::Block { cidr, except }, Endpoint::Address(address)) => {
                has_address(*cidr, except, *address)
            }
            _ => false,
        }
    }
}

fn has_address(cidr: Block, except: &[Block], address: IpAddr) -> bool {
    cidr.contains(address) && !except.iter().any(|block| block.contains(address))
}

impl<'m> PolicyPort<'m> {
    fn read(at: At<'m>) -> Self {
        let port = at.get("port");
        let number = |at: At<'_>| at.number().and_then(|number| u16::try_from(number).ok());
        let ports = match (number(port), port.text()) {
            (Some(first), _) => Ports::Numbers(first..=number(at.get("endPort")).unwrap_or(first)),
            (None, Some(name)) if port.number().is_none() => Ports::Name(name),
            (None, Some(_)) => Ports::Numbers(RangeInclusive::new(1, 0)),
            (None, None) => Ports::Numbers(ALL_PORTS),
        };
        Self {
            at,
            protocol: Protocol::read(at.get("protocol")),
            ports,
        }
    }

    fn has(&self, destination: &Endpoint<'_>, protocol: Protocol, port: u16) -> bool {
        let is_named = |name: &str| match destination {
            Endpoint::Pod(Member { ports: None, .. }) => true,
            Endpoint::Pod(Member {
                ports: Some(ports), ..
            }) => ports.contains(&(protocol, port, Some(name))),
            Endpoint::Address(_) => false,
        };
        self.protocol == Some(protocol)
            && match &self.ports {
                Ports::Numbers(numbers) => numbers.contains(&port),
                Ports::Name(name) => is_named(name),
            }
    }
}
