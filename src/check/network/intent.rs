//! What is meant to happen on the network.
//!
//! A set says it; what can be known of other people's manifests is [guessed](super::guess).

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};

use super::{Block, Endpoint, Network, Party, Protocol, Resident, Side, Verdict};
use crate::check::settings::Settings;
use crate::model::{Destination, Port, Server, Set};

/// Cluster DNS: CoreDNS and kube-dns both carry it.
const DNS: (&str, &str, &str) = ("kube-system", "k8s-app", "kube-dns");
/// NodeLocal DNSCache listens on the node, not on a pod (kubernetes.io, nodelocaldns).
pub(super) const NODE_LOCAL_DNS: &str = "169.254.20.10/32";
const DNS_PORT: u16 = 53;
/// A public address that no policy is likely to name.
const PUBLIC: IpAddr = IpAddr::V4(Ipv4Addr::new(1, 1, 1, 1));
/// What is not the internet (RFC 1122, 1918, 6598, 3927, 5771, 1112).
const NOT_PUBLIC: [Block; 8] = [
    Block::v4([0, 0, 0, 0], [0, 255, 255, 255]),
    Block::v4([10, 0, 0, 0], [10, 255, 255, 255]),
    Block::v4([100, 64, 0, 0], [100, 127, 255, 255]),
    Block::v4([127, 0, 0, 0], [127, 255, 255, 255]),
    Block::v4([169, 254, 0, 0], [169, 254, 255, 255]),
    Block::v4([172, 16, 0, 0], [172, 31, 255, 255]),
    Block::v4([192, 168, 0, 0], [192, 168, 255, 255]),
    Block::v4([224, 0, 0, 0], [255, 255, 255, 255]),
];

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// LiteLLM calls a tool.
    Call,
    /// Prometheus scrapes.
    Scrape,
    /// The server asks DNS.
    Dns,
    /// The server sends spans.
    Trace,
    /// The server does its work.
    Egress,
}

/// A connection that is meant to be possible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flow {
    /// What it is for.
    pub purpose: Purpose,
    /// The other end: one of these.
    pub others: Vec<Party>,
    /// Its protocol.
    pub protocol: Protocol,
    /// The receiver's port.
    pub port: u16,
}

/// What a set declares of one server.
#[derive(Debug, Clone)]
pub struct Declared {
    /// The server's namespace.
    pub namespace: String,
    /// The name of its Deployment.
    pub workload: String,
    /// Whether the platform wants policies.
    pub wants_policies: bool,
    /// What is meant to be possible.
    pub flows: Vec<Flow>,
}

/// What is meant to happen between a server and others.
#[derive(Debug)]
pub struct Intent<'n, 'm> {
    /// The server.
    pub server: &'n Resident<'m>,
    /// Whether somebody said so; else it was guessed.
    pub is_declared: bool,
    /// Whether the platform wants policies.
    pub wants_policies: bool,
    /// What is meant to be possible.
    pub flows: Vec<Flow>,
}

/// What `set` declares.
#[must_use]
pub fn declared(set: &Set) -> Vec<Declared> {
    let servers = set.servers.iter();
    let declared = servers.map(|server| Declared {
        namespace: server.namespace.to_string(),
        workload: server.names.workload.to_string(),
        wants_policies: set.platform.network.is_some(),
        flows: flows(set, server),
    });
    declared.collect()
}

fn flows(set: &Set, server: &Server) -> Vec<Flow> {
    let platform = &set.platform;
    let tcp =
        |purpose, other: Party, port: u16| Flow::new(purpose, vec![other], Protocol::Tcp, port);
    let mut flows = vec![tcp(
        Purpose::Call,
        Party::from(&platform.proxy),
        server.port.number(),
    )];
    if let Some(metrics) = &server.metrics {
        let prometheus = Party::Pods {
            namespace: platform.monitoring.namespace.to_string(),
            labels: Some(BTreeMap::new()),
        };
        let port = metrics.own_port.unwrap_or(server.port).number();
        flows.push(tcp(Purpose::Scrape, prometheus, port));
    }
    flows.extend(dns(&[cluster_dns()]));
    if platform
        .network
        .as_ref()
        .is_some_and(|network| network.node_local_dns)
    {
        flows.extend(dns(&[Party::Range(NODE_LOCAL_DNS.into())]));
    }
    if let Some(tracing) = &platform.tracing {
        let to = Party::behind(&tracing.endpoint, server.namespace.as_str());
        flows.push(tcp(Purpose::Trace, to, tracing.endpoint.port().number()));
    }
    for egress in &server.traffic.egress {
        let to = match &egress.to {
            Destination::Internet => Party::Internet,
            Destination::Cidr(cidr) => Party::Range(cidr.to_string()),
            Destination::Pods(peer) => Party::from(peer),
        };
        extend(&mut flows, &to, &egress.ports);
    }
    for rule in &server.traffic.hosts {
        extend(&mut flows, &Party::Host(rule.host.to_string()), &rule.ports);
    }
    flows
}

/// Adds egress `to` these ports, unless spans go there, which is said already.
fn extend(flows: &mut Vec<Flow>, to: &Party, ports: &[Port]) {
    let anybody = match to {
        Party::Pods { namespace, .. } => Some(Party::Pods {
            namespace: namespace.clone(),
            labels: None,
        }),
        _ => None,
    };
    for port in ports.iter().map(|port| port.number()) {
        let is_same = |flow: &Flow| {
            let is_there = |other: &Party| other == to || Some(other) == anybody.as_ref();
            flow.purpose == Purpose::Trace && flow.port == port && flow.others.iter().any(is_there)
        };
        if !flows.iter().any(is_same) {
            flows.push(Flow::new(
                Purpose::Egress,
                vec![to.clone()],
                Protocol::Tcp,
                port,
            ));
        }
    }
}

pub(super) fn cluster_dns() -> Party {
    let (in_namespace, key, value) = DNS;
    Party::labelled(in_namespace, &[(key, value)])
}

pub(super) fn dns(others: &[Party]) -> [Flow; 2] {
    [Protocol::Udp, Protocol::Tcp]
        .map(|protocol| Flow::new(Purpose::Dns, others.to_vec(), protocol, DNS_PORT))
}

impl Flow {
    pub(super) fn new(purpose: Purpose, others: Vec<Party>, protocol: Protocol, port: u16) -> Self {
        Self {
            purpose,
            others,
            protocol,
            port,
        }
    }

    /// Whether the server is the receiver.
    #[must_use]
    pub fn is_inward(&self) -> bool {
        matches!(self.purpose, Purpose::Call | Purpose::Scrape)
    }
}

impl<'m> Network<'m> {
    /// What is meant to happen between each server and others.
    #[must_use]
    pub fn intents<'n>(&'n self, settings: &Settings) -> Vec<Intent<'n, 'm>> {
        let declared: BTreeMap<(&str, &str), &Declared> = settings
            .declared
            .iter()
            .map(|known| ((known.namespace.as_str(), known.workload.as_str()), known))
            .collect();
        self.servers()
            .map(|server| {
                let workload = server.pod.workload;
                let known = declared.get(&(workload.namespace(), workload.name()));
                Intent {
                    server,
                    is_declared: known.is_some(),
                    wants_policies: known.is_none_or(|known| known.wants_policies),
                    flows: known.map_or_else(|| self.guessed(server), |known| known.flows.clone()),
                }
            })
            .collect()
    }

    /// Whether `flow` of `server` is possible; if with nobody, why not with the first.
    #[must_use]
    pub fn verdict(&self, server: &Resident<'_>, flow: &Flow) -> Verdict<'m> {
        let mut verdicts = flow
            .others
            .iter()
            .map(|other| self.meets(server, flow, other));
        let Some(first) = verdicts.next() else {
            return Verdict {
                egress: Side::Open,
                ingress: Side::Open,
            };
        };
        if first.is_allowed() {
            return first;
        }
        verdicts.find(Verdict::is_allowed).unwrap_or(first)
    }

    fn meets(&self, resident: &Resident<'_>, flow: &Flow, other: &Party) -> Verdict<'m> {
        let server = &resident.endpoint;
        let ask = |other: &Endpoint<'_>| {
            let (from, to) = if flow.is_inward() {
                (other, server)
            } else {
                (server, other)
            };
            self.allows(from, to, flow.protocol, flow.port)
        };
        let pieces = || self.addresses(resident).iter().copied();
        let is_public = |address: &IpAddr| {
            let mut others = NOT_PUBLIC.iter();
            address.is_ipv4() && !others.any(|block| block.contains(*address))
        };
        // Refused as soon as one piece is.
        let all = |first: IpAddr, others: &mut dyn Iterator<Item = IpAddr>| {
            let mut others = others.map(|address| ask(&Endpoint::Address(address)));
            let first = ask(&Endpoint::Address(first));
            if first.is_allowed() {
                others
                    .find(|verdict| !verdict.is_allowed())
                    .unwrap_or(first)
            } else {
                first
            }
        };
        match other {
            Party::Pods { namespace, labels } => {
                let labels = labels.as_ref().map(|labels| {
                    let labels = labels.iter();
                    labels
                        .map(|(key, value)| (key.as_str(), value.as_str()))
                        .collect()
                });
                ask(&self.pod(namespace, labels, None))
            }
            Party::Range(range) => match Block::parse(range) {
                Some(block) => all(
                    block.first(),
                    &mut pieces().filter(|address| block.contains(*address)),
                ),
                None => ask(&Endpoint::Address(PUBLIC)),
            },
            Party::Internet => all(PUBLIC, &mut pieces().filter(is_public)),
            Party::Host(host) => {
                if let Some(rule) = self.hosts.opens(server, host, (flow.protocol, flow.port)) {
                    return Verdict {
                        egress: Side::Allowed(vec![rule]),
                        ingress: Side::Open,
                    };
                }
                let mut some = pieces()
                    .filter(is_public)
                    .map(|address| ask(&Endpoint::Address(address)));
                some.find(Verdict::is_allowed)
                    .unwrap_or_else(|| ask(&Endpoint::Address(PUBLIC)))
            }
        }
    }
}
