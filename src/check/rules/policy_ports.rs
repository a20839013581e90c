//! Policies open ports that there are.

use super::{Context, Found, Rule};
use crate::check::network::{ContainerPort, Endpoint, PolicyPort, Ports};
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP101",
    name: "policy-ports",
    title: "a NetworkPolicy opens ports that its pods have",
    severity: Severity::Error,
    why: "A policy is about the container's port, not the Service's: the port that it opens is closed, and the real one stays closed.",
    fix: "write the `containerPort`, or its name",
    source: "NetworkPolicy API: a port is a number or name of the pod's",
    good: server_with_policy!(
        "podSelector: {matchLabels: {app.kubernetes.io/component: mcp-server}}"
        "ingress: [{ports: [{port: http}]}]"
    ),
    broken_by: &[("port: http", "port: 80")],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for policy in context.network.policies() {
        let pods = context.network.about(policy);
        let ports = pods.map(|resident| match &resident.endpoint {
            Endpoint::Pod(member) => member.ports.as_deref().unwrap_or_default(),
            Endpoint::Address(_) => &[],
        });
        let declared: Vec<&[ContainerPort<'_>]> = ports.collect();
        // A container need not declare what it listens on.
        if declared.is_empty() || declared.iter().any(|ports| ports.is_empty()) {
            continue;
        }
        let rules = policy.ingress.iter().flatten();
        for open in rules.flat_map(|rule| rule.ports.iter().flatten()) {
            if !declared
                .iter()
                .any(|ports| ports.iter().any(|port| fits(open, port)))
            {
                let message = format!(
                    "`{}` opens {}, which none of its pods has",
                    policy.object.name(),
                    shown(open)
                );
                found.add(policy.object, open.at, message);
            }
        }
    }
}

fn fits(open: &PolicyPort<'_>, (protocol, number, name): &ContainerPort<'_>) -> bool {
    open.protocol == Some(*protocol)
        && match &open.ports {
            Ports::Numbers(numbers) => numbers.contains(number),
            Ports::Name(wanted) => *name == Some(*wanted),
        }
}

fn shown(open: &PolicyPort<'_>) -> String {
    let protocol = open
        .protocol
        .map_or_else(|| "an unknown protocol".into(), |p| p.to_string());
    match &open.ports {
        Ports::Numbers(numbers) if numbers.start() == numbers.end() => {
            format!("{protocol} {}", numbers.start())
        }
        Ports::Numbers(numbers) => format!("{protocol} {}-{}", numbers.start(), numbers.end()),
        Ports::Name(name) => format!("{protocol} `{name}`"),
    }
}
