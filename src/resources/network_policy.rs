//! Who may call a server, and what it may reach.
//!
//! The guide's sample means the right thing and says another: a `namespaceSelector: {}` reaches no
//! external API, namespaces carry no `app.kubernetes.io/name`, DNS also needs TCP, and a scrape
//! needs a rule of its own. What it means is written here. Policies add up, so one that selects
//! the set's pods and allows nothing closes everything else; it never selects the whole
//! namespace, because LiteLLM usually lives in it.

use std::collections::BTreeMap;

use k8s_openapi::api::networking::v1::{
    IPBlock, NetworkPolicy, NetworkPolicyEgressRule, NetworkPolicyIngressRule, NetworkPolicyPeer,
    NetworkPolicyPort, NetworkPolicySpec,
};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::{metadata, port};
use crate::model::{Destination, Egress, Network, Peer, Port, Server, Set};

const DNS_PORT: i32 = 53;
/// The namespace of cluster DNS.
const DNS_NAMESPACE: &str = "kube-system";
/// CoreDNS and kube-dns both carry it.
const DNS_LABEL: (&str, &str) = ("k8s-app", "kube-dns");
/// NodeLocal DNSCache listens on the node, not on a pod (kubernetes.io, nodelocaldns).
const NODE_LOCAL_DNS: &str = "169.254.20.10/32";

/// What is not the internet, in IPv4: private ranges (RFC 1918), shared address space (RFC 6598,
/// which EKS uses for pods), loopback, and link-local with the instance metadata in it.
const PRIVATE_V4: [&str; 6] = [
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16",
];
/// The same in IPv6: unique local addresses, with the instance metadata in them, and link-local.
const PRIVATE_V6: [&str; 2] = ["fc00::/7", "fe80::/10"];

/// The policy that opens what `server` needs.
pub fn network_policy(set: &Set, network: &Network, server: &Server) -> NetworkPolicy {
    NetworkPolicy {
        metadata: server.metadata(&server.names.workload),
        spec: Some(NetworkPolicySpec {
            pod_selector: Some(server.selector()),
            policy_types: Some(vec!["Ingress".into(), "Egress".into()]),
            ingress: Some(ingress(set, server)),
            egress: Some(egress(network, server)),
        }),
    }
}

/// The policy that closes what no other opens, for all servers of `set`.
pub fn default_deny(set: &Set) -> NetworkPolicy {
    NetworkPolicy {
        metadata: set.metadata(&set.names.default_deny, &set.namespace),
        spec: Some(NetworkPolicySpec {
            pod_selector: Some(metadata::match_labels(set.match_labels())),
            policy_types: Some(vec!["Ingress".into(), "Egress".into()]),
            ..NetworkPolicySpec::default()
        }),
    }
}

fn ingress(set: &Set, server: &Server) -> Vec<NetworkPolicyIngressRule> {
    let mut rules = vec![ingress_rule(&set.platform.proxy, server.port)];
    if let Some(metrics) = &server.metrics {
        let prometheus = Peer {
            namespace: set.platform.monitoring.namespace.clone(),
            labels: BTreeMap::new(),
        };
        rules.push(ingress_rule(
            &prometheus,
            metrics.own_port.unwrap_or(server.port),
        ));
    }
    rules
}

fn ingress_rule(from: &Peer, on: Port) -> NetworkPolicyIngressRule {
    NetworkPolicyIngressRule {
        from: Some(vec![pods(from)]),
        ports: Some(vec![tcp(on)]),
    }
}

fn egress(network: &Network, server: &Server) -> Vec<NetworkPolicyEgressRule> {
    let mut rules = vec![dns(network)];
    rules.extend(server.traffic.egress.iter().map(egress_rule));
    rules
}

fn dns(network: &Network) -> NetworkPolicyEgressRule {
    let (key, value) = DNS_LABEL;
    let mut to = vec![NetworkPolicyPeer {
        namespace_selector: Some(metadata::namespace_selector(&DNS_NAMESPACE)),
        pod_selector: Some(metadata::match_labels(BTreeMap::from([(
            key.into(),
            value.into(),
        )]))),
        ..NetworkPolicyPeer::default()
    }];
    if network.node_local_dns {
        to.push(address(NODE_LOCAL_DNS, &[]));
    }
    NetworkPolicyEgressRule {
        to: Some(to),
        ports: Some(vec![
            policy_port("UDP", IntOrString::Int(DNS_PORT)),
            policy_port("TCP", IntOrString::Int(DNS_PORT)),
        ]),
    }
}

fn egress_rule(egress: &Egress) -> NetworkPolicyEgressRule {
    NetworkPolicyEgressRule {
        to: Some(match &egress.to {
            Destination::Internet => vec![
                address("0.0.0.0/0", &PRIVATE_V4),
                address("::/0", &PRIVATE_V6),
            ],
            Destination::Cidr(cidr) => vec![address(&cidr.to_string(), &[])],
            Destination::Pods(peer) => vec![pods(peer)],
        }),
        ports: Some(egress.ports.iter().copied().map(tcp).collect()),
    }
}

fn pods(peer: &Peer) -> NetworkPolicyPeer {
    NetworkPolicyPeer {
        namespace_selector: Some(metadata::namespace_selector(&peer.namespace)),
        pod_selector: (!peer.labels.is_empty())
            .then(|| metadata::match_labels(metadata::texts(&peer.labels))),
        ..NetworkPolicyPeer::default()
    }
}

fn address(cidr: &str, except: &[&str]) -> NetworkPolicyPeer {
    NetworkPolicyPeer {
        ip_block: Some(IPBlock {
            cidr: cidr.into(),
            except: (!except.is_empty())
                .then(|| except.iter().map(|cidr| (*cidr).into()).collect()),
        }),
        ..NetworkPolicyPeer::default()
    }
}

fn tcp(number: Port) -> NetworkPolicyPort {
    policy_port("TCP", port::numbered(number))
}

fn policy_port(protocol: &str, number: IntOrString) -> NetworkPolicyPort {
    NetworkPolicyPort {
        protocol: Some(protocol.into()),
        port: Some(number),
        ..NetworkPolicyPort::default()
    }
}
