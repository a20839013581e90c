//! Services and network policies.

use std::net::IpAddr;

use super::Field;
use super::grammar::{
    PROTOCOLS, cidr, dns_label, ip_address, port_name, port_number_or_name, qualified_name,
};
use super::metadata::{labels, selector};
use crate::model::Cidr;

/// What only a Service has that a load balancer stands before.
const OF_BALANCERS: [&str; 4] = [
    "allocateLoadBalancerNodePorts",
    "healthCheckNodePort",
    "loadBalancerClass",
    "loadBalancerSourceRanges",
];
const RANGES: &str = "service.beta.kubernetes.io/load-balancer-source-ranges";

pub fn service(service: &Field<'_>) {
    let spec = service.field("spec");
    let kind = spec.field("type");
    kind.one_of(&["ClusterIP", "LoadBalancer", "NodePort"]);
    service_ports(&spec);
    labels(&spec.field("selector"));
    let affinity = spec.field("sessionAffinity");
    affinity.one_of(&["ClientIP", "None"]);
    let config = spec.field("sessionAffinityConfig");
    if affinity.is("ClientIP") {
        config.at("clientIP.timeoutSeconds").range(1..=86_400);
    }
    addresses(&spec);
    let is_balanced = kind.is("LoadBalancer");
    let ranges = service.at("metadata.annotations").field(RANGES);
    let balanced = OF_BALANCERS.map(|name| spec.field(name));
    let balanced = balanced
        .iter()
        .filter(|field| field.number() != Some(0) && !field.is_empty());
    for field in balanced.chain([&ranges].into_iter().filter(|ranges| ranges.exists())) {
        if !is_balanced {
            field.refuse("only a LoadBalancer has it", "remove it");
        }
    }
    for range in spec.field("loadBalancerSourceRanges").items() {
        range.require().parse(|text| cidr(text.trim()));
    }
    ranges.parse(|text| text.split(',').try_for_each(|range| cidr(range.trim())));
    spec.field("loadBalancerClass")
        .filled()
        .parse(qualified_name);
    let external = spec.field("externalTrafficPolicy");
    external.one_of(&["Cluster", "Local"]);
    let is_outside = is_balanced || kind.is("NodePort") || !spec.field("externalIPs").is_empty();
    if !is_outside && !external.is_empty() {
        external.refuse("nobody outside the cluster reaches it", "remove it");
    }
    let health = spec.field("healthCheckNodePort");
    health.range(0..=65_535);
    let is_asked = is_balanced && external.is("Local");
    if health.number().is_some_and(|port| port != 0) && !is_asked {
        health.refuse("only `externalTrafficPolicy: Local` needs it", "remove it");
    }
    spec.field("internalTrafficPolicy")
        .one_of(&["Cluster", "Local"]);
    let near = ["PreferClose", "PreferSameNode", "PreferSameZone"];
    spec.field("trafficDistribution").one_of(&near);
    let annotations = service.field("metadata").field("annotations");
    let mode = annotations.field("service.kubernetes.io/topology-mode");
    let hints = annotations.field("service.kubernetes.io/topology-aware-hints");
    if mode.exists() && hints.exists() && !mode.equals(&hints) {
        mode.refuse(
            "`topology-aware-hints` says another one",
            "write one of them",
        );
    }
}

fn service_ports(spec: &Field<'_>) {
    let ports = spec.field("ports");
    if !spec.field("clusterIP").is("None") {
        ports.require();
    }
    ports.unique(&["name"]);
    let all = ports.items();
    let said = |port: &Field<'_>, name: &str| {
        let number = port.field(name).number();
        number.map(|number| {
            (
                number,
                port.field("protocol").text().unwrap_or("TCP").to_owned(),
            )
        })
    };
    for (index, port) in all.iter().enumerate() {
        let name = port.field("name");
        name.parse(dns_label);
        if all.len() > 1 {
            name.require();
        }
        port.field("protocol").one_of(&PROTOCOLS);
        port.field("port").require().range(1..=65_535);
        port_number_or_name(&port.field("targetPort"));
        port.field("appProtocol").filled().parse(qualified_name);
        let on_node = port.field("nodePort");
        on_node.range(0..=65_535);
        let is_inside = spec.field("type").is_empty() || spec.field("type").is("ClusterIP");
        let is_asked = on_node.number().is_some_and(|number| number != 0);
        if is_inside && is_asked {
            on_node.refuse("a Service of the type `ClusterIP` has none", "remove it");
        }
        for (name, is_asked) in [("port", true), ("nodePort", is_asked)] {
            let mut others = all.iter().take(index);
            if is_asked && others.any(|other| said(other, name) == said(port, name)) {
                port.field(name)
                    .refuse("another port has it already", "write another one");
            }
        }
    }
}

/// Whether nobody outside a node reaches `address`.
fn stays_on_node(address: IpAddr) -> bool {
    let is_of_link = match address {
        IpAddr::V4(v4) => v4.is_link_local() || matches!(v4.octets(), [224, 0, 0, _]),
        // The multicast of a link has any flags.
        IpAddr::V6(v6) => v6.is_unicast_link_local() || v6.segments()[0] & 0xff0f == 0xff02,
    };
    address.is_loopback() || address.is_unspecified() || is_of_link
}

fn addresses(spec: &Field<'_>) {
    for address in spec.field("externalIPs").items() {
        address.require().parse(ip_address);
        let parsed = address.text().and_then(|text| text.parse().ok());
        if parsed.is_some_and(stays_on_node) {
            address.refuse("nobody outside the node reaches it", "write another one");
        }
    }
    // The cluster gives addresses; which it has free nobody knows before.
    let own = spec.field("clusterIP");
    if !own.is_empty() && !own.is("None") {
        own.refuse(
            "the cluster gives it an address",
            "remove it, or write `None`",
        );
    }
    let all = spec.field("clusterIPs").items();
    let is_headless =
        |all: &[Field<'_>]| matches!(all, [only] if own.is("None") && only.is("None"));
    if !all.is_empty() && !is_headless(&all) {
        spec.field("clusterIPs")
            .refuse("the cluster gives it addresses", "remove it");
    }
    if own.is("None") {
        for outside in ["LoadBalancer", "NodePort"] {
            if spec.field("type").is(outside) {
                own.refuse(
                    "a Service that is reached from outside has an address",
                    "remove it",
                );
            }
        }
    }
    spec.field("ipFamilies").distinct();
    for family in spec.field("ipFamilies").items() {
        family.require().one_of(&["IPv4", "IPv6"]);
    }
    let (policy, families) = (spec.field("ipFamilyPolicy"), spec.field("ipFamilies"));
    policy.one_of(&["PreferDualStack", "RequireDualStack", "SingleStack"]);
    if families.items().len() > 1 && (policy.is_empty() || policy.is("SingleStack")) {
        let help = "write `ipFamilyPolicy: PreferDualStack`, or one family";
        families.refuse_beside(&policy, "two families need a policy for two", help);
    }
}

pub fn network_policy(policy: &Field<'_>) {
    let spec = policy.field("spec");
    selector(&spec.field("podSelector"));
    let types = spec.field("policyTypes");
    if types.items().len() > 2 {
        types.refuse("there are two", "write `Ingress`, `Egress` or both");
    }
    for kind in types.items() {
        kind.require().one_of(&["Egress", "Ingress"]);
    }
    for (name, peers) in [("egress", "to"), ("ingress", "from")] {
        for rule in spec.field(name).items() {
            for port in rule.field("ports").items() {
                rule_port(&port);
            }
            for peer in rule.field(peers).items() {
                self::peer(&peer);
            }
        }
    }
}

fn rule_port(field: &Field<'_>) {
    field.field("protocol").one_of(&PROTOCOLS);
    let (port, last) = (field.field("port"), field.field("endPort"));
    port_number_or_name(&port);
    port.parse(port_name);
    last.range(1..=65_535);
    match port.number() {
        Some(first) if last.number().is_some_and(|last| last < first) => {
            last.refuse("it is below `port`", "write a higher port");
        }
        Some(_) => {}
        None => last.forbid(
            "`port` is no number that it could follow",
            "write one there",
        ),
    }
}

fn peer(peer: &Field<'_>) {
    let (block, pods) = (peer.field("ipBlock"), peer.field("podSelector"));
    let namespaces = peer.field("namespaceSelector");
    let names = ["ipBlock", "podSelector", "namespaceSelector", "domainNames"];
    if names.iter().all(|name| !peer.field(name).exists()) {
        peer.refuse(
            "it names nobody",
            "write `ipBlock`, `podSelector` or `namespaceSelector`",
        );
    }
    if block.exists() && (pods.exists() || namespaces.exists()) {
        block.refuse("the peer has a selector as well", "write two peers");
    }
    selector(&pods);
    selector(&namespaces);
    let whole = block.field("cidr");
    if block.exists() {
        whole.require().parse(cidr);
    }
    let parsed = whole.text().and_then(|text| Cidr::parse(text).ok());
    for without in block.field("except").items() {
        without.require().parse(cidr);
        let part = without.text().and_then(|text| Cidr::parse(text).ok());
        let is_inside = match (part, parsed) {
            (Some(part), Some(whole)) => part.is_within(whole) && part != whole,
            _ => true,
        };
        if !is_inside {
            without.refuse("it is no part of `cidr`", "write a smaller range of it");
        }
    }
}
