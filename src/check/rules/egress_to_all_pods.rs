//! Ways to the outside lead there.

use super::{Context, Found, Rule};
use crate::check::network::{
    ALL_PORTS, Endpoint, Network, Policy, Ports, Protocol, Rule as PolicyRule, Side, Who,
};
use crate::problem::Severity;

/// Where external APIs answer.
const HTTPS: u16 = 443;

pub const RULE: Rule = Rule {
    id: "MCP107",
    name: "egress-to-all-pods",
    title: "egress to external APIs is by address, not by `namespaceSelector: {}`",
    severity: Severity::Warning,
    why: "`namespaceSelector: {}` is all pods of the cluster, and nothing outside it: the API stays closed, and every pod is open.",
    fix: "write `ipBlock: {cidr: 0.0.0.0/0, except: […]}`, with 169.254.169.254/32 and private ranges among the exceptions",
    source: "NetworkPolicy API: namespaceSelector selects pods; the guide's own sample has this mistake",
    good: server_with_policy!(
        "podSelector: {matchLabels: {app.kubernetes.io/component: mcp-server}}"
        "policyTypes: [Egress]"
        "egress:"
        "- to: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.0.0/16]}}]"
        "  ports: [{port: 443}]"
    ),
    broken_by: &[(
        "ipBlock: {cidr: 0.0.0.0/0, except: [169.254.0.0/16]}",
        "namespaceSelector: {}",
    )],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for policy in context.network.policies() {
        let rules = policy.egress.iter().flatten();
        for rule in rules.filter(|rule| is_for_apis(rule)) {
            for peer in rule.peers.iter().flatten() {
                let is_all = matches!(&peer.who, Who::Pods { namespaces, pods }
                    if namespaces.exists() && namespaces.entries().next().is_none() && !pods.exists());
                if is_all && !leads_out(context.network, policy) {
                    let message = format!(
                        "`{}` opens every pod of the cluster on {HTTPS}, and no external API",
                        policy.object.name()
                    );
                    found.add(policy.object, peer.at, message);
                }
            }
        }
    }
}

/// Whether 443 is among few ports.
fn is_for_apis(rule: &PolicyRule<'_>) -> bool {
    let mut ports = rule.ports.iter().flatten();
    ports.any(|open| {
        open.protocol == Some(Protocol::Tcp)
            && matches!(&open.ports, Ports::Numbers(numbers)
                if numbers.contains(&HTTPS) && *numbers != ALL_PORTS)
    })
}

/// Whether pods of `policy` reach an address outside as well, by whatever policy.
fn leads_out(network: &Network<'_>, policy: &Policy<'_>) -> bool {
    network.about(policy).any(|resident| {
        let mut addresses = network.addresses(resident).iter();
        addresses.any(|address| {
            let to = Endpoint::Address(*address);
            let verdict = network.allows(&resident.endpoint, &to, Protocol::Tcp, HTTPS);
            matches!(verdict.egress, Side::Allowed(_) | Side::Open)
        })
    })
}
