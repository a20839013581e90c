//! Servers do not become their node.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{Context, Found, Rule};
use crate::check::network::{Endpoint, Protocol, Side, Verdict};
use crate::problem::Severity;

/// The instance metadata service, in both families (AWS: IMDS).
const METADATA: [IpAddr; 2] = [
    IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
];
const HTTP: u16 = 80;
const HTTPS: u16 = 443;

pub const RULE: Rule = Rule {
    id: "MCP109",
    name: "instance-metadata",
    title: "no server reaches the instance metadata service",
    severity: Severity::Error,
    why: "Who reaches 169.254.169.254 has the node's IAM role, which is shared by all pods of the node.",
    fix: "put 169.254.169.254/32 and fd00:ec2::254/128 among the `except` of the `ipBlock`, and isolate egress",
    source: "EKS best practices, Identity: restrict access to the instance profile",
    good: server_with_policy!(
        "podSelector: {matchLabels: {app.kubernetes.io/component: mcp-server}}"
        "policyTypes: [Egress]"
        "egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.169.254/32]}}]}]"
    ),
    broken_by: &[(
        "cidr: 0.0.0.0/0, except: [169.254.169.254/32]",
        "cidr: 0.0.0.0/0",
    )],
    check,
};

/// A range without its exception is a mistake on every port: 443 today is 80 tomorrow.
const PORTS: [u16; 2] = [HTTP, HTTPS];

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for intent in context
        .intents
        .iter()
        .filter(|intent| intent.wants_policies)
    {
        let (server, workload) = (&intent.server.endpoint, intent.server.pod.workload);
        let Some(policy) = context.network.policies_about(server).next() else {
            continue;
        };
        for address in METADATA {
            let to = Endpoint::Address(address);
            let mut verdicts = PORTS
                .map(|port| context.network.allows(server, &to, Protocol::Tcp, port))
                .into_iter();
            let (object, at) = match verdicts.find(Verdict::is_allowed).map(|v| v.egress) {
                Some(Side::Allowed(rules)) => match rules.first() {
                    Some(first) => *first,
                    None => continue,
                },
                Some(Side::Open) if address.is_ipv4() => {
                    (policy.object, policy.object.at("spec.policyTypes"))
                }
                _ => continue,
            };
            let message = format!(
                "`{}` reaches the instance metadata service at {address}",
                workload.name()
            );
            found.add(object, at, message);
        }
    }
}
