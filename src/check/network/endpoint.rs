//! Who sends and who receives.

use std::fmt;
use std::net::IpAddr;

use crate::manifest::{At, Labels, Pod};

/// A protocol of NetworkPolicies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Protocol {
    /// TCP, which a port without a protocol means.
    Tcp,
    /// UDP.
    Udp,
    /// SCTP.
    Sctp,
}

impl Protocol {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Tcp, Self::Udp, Self::Sctp];

    /// The protocol at `at`; `None` for one that there is not.
    #[must_use]
    pub fn read(at: At<'_>) -> Option<Self> {
        match at.text() {
            None | Some("TCP") => Some(Self::Tcp),
            Some("UDP") => Some(Self::Udp),
            Some("SCTP") => Some(Self::Sctp),
            Some(_) => None,
        }
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Tcp => "TCP",
            Self::Udp => "UDP",
            Self::Sctp => "SCTP",
        })
    }
}

/// Who sends or receives; made by [`Network`](super::Network), which knows the policies about it.
#[derive(Debug, Clone)]
pub enum Endpoint<'m> {
    /// Pods that are alike.
    Pod(Member<'m>),
    /// Something outside the cluster.
    Address(IpAddr),
}

/// Pods that are alike.
#[derive(Debug, Clone)]
pub struct Member<'m> {
    /// Their namespace.
    pub namespace: &'m str,
    /// The labels of the namespace.
    pub(super) namespace_labels: Labels<'m>,
    /// Their labels; `None` when nobody knows them: then a peer's selector may select them, and no
    /// policy is taken to be about them unless it is about all pods.
    pub labels: Option<Labels<'m>>,
    /// Their containers' ports with their names; `None` when nobody knows them.
    pub ports: Option<Vec<ContainerPort<'m>>>,
    /// Indices of the policies about them.
    pub(super) policies: Vec<usize>,
}

/// A port of a container, and its name.
pub type ContainerPort<'m> = (Protocol, u16, Option<&'m str>);

/// The ports that the containers of `pod` declare.
pub fn container_ports<'m>(pod: &Pod<'m>) -> Vec<ContainerPort<'m>> {
    let containers = pod.containers();
    let ports = containers.flat_map(|container| container.at.get("ports").items());
    ports
        .filter_map(|port| {
            let number = u16::try_from(port.get("containerPort").number()?).ok()?;
            let protocol = Protocol::read(port.get("protocol"))?;
            Some((protocol, number, port.get("name").text()))
        })
        .collect()
}
