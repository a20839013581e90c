//! Only those who are meant to call a server can.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::RangeInclusive;

use super::{Context, Found, Rule};
use crate::check::network::{
    Endpoint, Flow, Intent, Member, Network, Party, Protocol, Purpose, Side,
};
use crate::manifest::{At, Labels, Object};
use crate::problem::Severity;

/// A namespace that nobody can have meant.
const ELSEWHERE: &str = "elsewhere.mcpset.dev";

pub const RULE: Rule = Rule {
    id: "MCP108",
    name: "strangers",
    title: "nobody reaches a server but LiteLLM and Prometheus",
    severity: Severity::Error,
    why: "Whoever reaches a server can call its tools with its credentials, without LiteLLM's keys, limits and logs.",
    fix: "name the callers under `from` by `namespaceSelector` and `podSelector` in one item, and the ports; list Ingress in `policyTypes`",
    source: "guide, Network Policies (Optional): allow from LiteLLM proxy; that it is no option here is the design of mcpset, as without one anybody can call",
    good: server_with_policy!(
        "podSelector: {matchLabels: {app.kubernetes.io/component: mcp-server}}"
        "ingress:"
        "- from: [{podSelector: {matchLabels: {app.kubernetes.io/name: litellm-proxy}}}]"
        "  ports: [{port: http}]"
    ),
    broken_by: &[(
        "podSelector: {matchLabels: {app.kubernetes.io/name: litellm-proxy}}",
        "namespaceSelector: {}",
    )],
    check,
};

/// Who comes in by one rule, or because there is none.
struct Door<'m> {
    policy: &'m Object,
    at: At<'m>,
    strangers: BTreeSet<String>,
}

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for intent in context
        .intents
        .iter()
        .filter(|intent| intent.wants_policies)
    {
        for door in doors(context.network, intent) {
            let strangers = Vec::from_iter(door.strangers).join("; ");
            let name = intent.server.pod.workload.name();
            let message = format!("`{name}` can be reached by {strangers}");
            found.add(door.policy, door.at, message);
        }
    }
}

fn doors<'m>(network: &Network<'m>, intent: &Intent<'_, 'm>) -> Vec<Door<'m>> {
    let server = &intent.server.endpoint;
    let Some(policy) = network.policies_about(server).next() else {
        return Vec::new();
    };
    let mut doors: Vec<Door<'m>> = Vec::new();
    for (who, from) in strangers(network, intent) {
        for (protocol, ports) in network.ports(&from, server) {
            if is_meant(intent, &from, protocol, &ports) || !has_port(server, protocol, &ports) {
                continue;
            }
            let (policy, at) = match network
                .allows(&from, server, protocol, *ports.start())
                .ingress
            {
                Side::Allowed(rules) => match rules.first() {
                    Some(rule) => *rule,
                    None => continue,
                },
                _ => (policy.object, policy.object.at("spec.policyTypes")),
            };
            let stranger = format!("{who} on {protocol} {}", shown(&ports));
            let known = doors.iter_mut().find(|door| door.at.place() == at.place());
            match known {
                Some(door) => _ = door.strangers.insert(stranger),
                None => doors.push(Door {
                    policy,
                    at,
                    strangers: BTreeSet::from([stranger]),
                }),
            }
        }
    }
    doors
}

/// Who might come in.
enum Stranger<'e> {
    Anybody,
    Neighbour(&'e str),
    Caller(&'e Party),
    Outside,
}

impl fmt::Display for Stranger<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Anybody => f.write_str("pods of any namespace"),
            Self::Neighbour(namespace) => write!(f, "any pod of `{namespace}`"),
            Self::Caller(party) => write!(f, "`{party}`, beyond what it is for,"),
            Self::Outside => f.write_str("addresses outside"),
        }
    }
}

/// Pods without labels in the namespaces around `intent`, and addresses that its policies know.
fn strangers<'e>(
    network: &Network<'e>,
    intent: &'e Intent<'_, '_>,
) -> Vec<(Stranger<'e>, Endpoint<'e>)> {
    let mut namespaces = BTreeSet::from([ELSEWHERE, intent.server.pod.namespace()]);
    for flow in intent.flows.iter().filter(|flow| flow.is_inward()) {
        namespaces.extend(flow.others.iter().filter_map(|other| match other {
            Party::Pods { namespace, .. } => Some(namespace.as_str()),
            _ => None,
        }));
    }
    let pods = namespaces.into_iter().map(|namespace| {
        let who = match namespace {
            ELSEWHERE => Stranger::Anybody,
            namespace => Stranger::Neighbour(namespace),
        };
        (who, network.pod(namespace, Some(Labels::default()), None))
    });
    let flows = intent.flows.iter().filter(|flow| flow.is_inward());
    let callers = flows.flat_map(|flow| &flow.others).filter_map(|other| {
        let Party::Pods {
            namespace,
            labels: Some(labels),
        } = other
        else {
            return None;
        };
        let labels = labels.iter();
        let labels = labels.map(|(key, value)| (key.as_str(), value.as_str()));
        let caller = network.pod(namespace, Some(labels.collect()), None);
        Some((Stranger::Caller(other), caller))
    });
    // Of others, nobody knows on which ports they call.
    let callers = callers.filter(|_| intent.is_declared);
    let addresses = network.addresses(intent.server).iter().copied();
    let addresses = addresses.map(|address| (Stranger::Outside, Endpoint::Address(address)));
    pods.chain(callers).chain(addresses).collect()
}

/// Whether `server` listens on one of `ports`, as far as it says; a port that it has not is the
/// matter of another rule.
fn has_port(server: &Endpoint<'_>, protocol: Protocol, ports: &RangeInclusive<u16>) -> bool {
    let Endpoint::Pod(Member {
        ports: Some(listening),
        ..
    }) = server
    else {
        return true;
    };
    let mut known = listening.iter();
    listening.is_empty() || known.any(|(known, port, _)| *known == protocol && ports.contains(port))
}

/// Whether somebody means `from` to reach all these ports. The pods of Prometheus carry labels that
/// nobody knows.
fn is_meant(
    intent: &Intent<'_, '_>,
    from: &Endpoint<'_>,
    protocol: Protocol,
    ports: &RangeInclusive<u16>,
) -> bool {
    let Endpoint::Pod(stranger) = from else {
        return false;
    };
    let has = |labels: &BTreeMap<String, String>| {
        let known = stranger.labels.as_ref();
        let mut labels = labels.iter();
        labels.all(|(key, value)| known.is_some_and(|known| known.has(key, value)))
    };
    let is_for = |flow: &Flow, other: &Party| match other {
        Party::Pods { namespace, labels } => {
            namespace == stranger.namespace
                && (flow.purpose == Purpose::Scrape || labels.as_ref().is_none_or(has))
        }
        _ => false,
    };
    let flows = intent.flows.iter().filter(|flow| flow.is_inward());
    ports.clone().all(|port| {
        flows.clone().any(|flow| {
            flow.protocol == protocol
                && flow.port == port
                && flow.others.iter().any(|other| is_for(flow, other))
        })
    })
}

fn shown(ports: &RangeInclusive<u16>) -> String {
    if ports.start() == ports.end() {
        ports.start().to_string()
    } else {
        format!("{}-{}", ports.start(), ports.end())
    }
}
