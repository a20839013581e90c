//! Who can reach whom, as people read it.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr};

use super::{Endpoint, Flow, Intent, Network, Party, Purpose, Side, Verdict};
use crate::manifest::{Labels, Object};

/// The instance metadata service (AWS: IMDS).
const METADATA: IpAddr = IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254));

/// A public address that no policy is likely to name.
const PUBLIC: IpAddr = IpAddr::V4(Ipv4Addr::new(1, 1, 1, 1));

const HEAD: [&str; 4] = ["FROM", "TO", "PORTS", "BY"];

type Row = [String; 4];

/// A table of who reaches the servers of `intents`, and whom they reach: what is meant, then what
/// must not be. A line a pair; `-` for no port.
#[must_use]
pub fn table(network: &Network<'_>, intents: &[Intent<'_, '_>]) -> String {
    let mut rows: Vec<Row> = vec![HEAD.map(ToOwned::to_owned)];
    let mut ordered: Vec<&Intent<'_, '_>> = intents.iter().collect();
    ordered.sort_by_key(|intent| name(intent));
    for intent in ordered {
        let (inward, outward): (Vec<&Flow>, Vec<&Flow>) =
            intent.flows.iter().partition(|flow| flow.is_inward());
        rows.extend(inward.into_iter().map(|flow| meant(network, intent, flow)));
        rows.extend(strangers(network, intent));
        rows.extend(outward.iter().map(|flow| meant(network, intent, flow)));
        if !outward
            .iter()
            .any(|flow| flow.others.contains(&Party::Internet))
        {
            rows.push(outside(network, intent, "the internet", PUBLIC));
        }
        rows.push(outside(network, intent, "instance metadata", METADATA));
    }
    aligned(&merged(rows))
}

/// What is open from a server to `address`.
fn outside(network: &Network<'_>, intent: &Intent<'_, '_>, to: &str, address: IpAddr) -> Row {
    let ends = [&intent.server.endpoint, &Endpoint::Address(address)];
    found(network, ends, [name(intent), to.to_owned()])
}

/// Neighbours that differ in their ports alone are one row.
fn merged(rows: Vec<Row>) -> Vec<Row> {
    let mut merged: Vec<Row> = Vec::new();
    for [from, to, ports, by] in rows {
        match merged.last_mut() {
            Some(last) if [&last[0], &last[1], &last[3]] == [&from, &to, &by] => {
                if last[2] != ports {
                    last[2] = format!("{}, {ports}", last[2]);
                }
            }
            _ => merged.push([from, to, ports, by]),
        }
    }
    merged
}

/// `mcp/mcp-github`.
fn name(intent: &Intent<'_, '_>) -> String {
    let pod = &intent.server.pod;
    format!(
        "{}/{}",
        super::namespace(pod.namespace()),
        pod.workload.name()
    )
}

fn meant(network: &Network<'_>, intent: &Intent<'_, '_>, flow: &Flow) -> Row {
    let verdict = network.verdict(intent.server, flow);
    let what = match flow.purpose {
        Purpose::Call => "LiteLLM ",
        Purpose::Scrape => "Prometheus ",
        Purpose::Dns => "DNS ",
        Purpose::Trace => "traces ",
        Purpose::Egress => "",
    };
    let other = flow
        .others
        .first()
        .map(Party::to_string)
        .unwrap_or_default();
    let other = format!("{what}{other}");
    let (from, to) = if flow.is_inward() {
        (other, name(intent))
    } else {
        (name(intent), other)
    };
    let port = if verdict.is_allowed() {
        format!("{} {}", flow.protocol, flow.port)
    } else {
        format!("- (not {} {})", flow.protocol, flow.port)
    };
    [from, to, port, by(&verdict)]
}

/// Pods without labels, beside the server and elsewhere, and an address outside.
fn strangers(network: &Network<'_>, intent: &Intent<'_, '_>) -> Vec<Row> {
    let own = intent.server.pod.namespace();
    let pod = |namespace| network.pod(namespace, Some(Labels::default()), None);
    let others = [
        (format!("other pods of {}", super::namespace(own)), pod(own)),
        ("other pods".to_owned(), pod("elsewhere.mcpset.dev")),
        ("outside".to_owned(), Endpoint::Address(PUBLIC)),
    ];
    let rows = others.into_iter().map(|(from, endpoint)| {
        found(
            network,
            [&endpoint, &intent.server.endpoint],
            [from, name(intent)],
        )
    });
    rows.collect()
}

/// What is open between two, whatever was meant.
fn found(network: &Network<'_>, [from, to]: [&Endpoint<'_>; 2], [one, two]: [String; 2]) -> Row {
    let ports = network.ports(from, to);
    let shown = ports
        .iter()
        .map(|(protocol, ports)| match (ports.start(), ports.end()) {
            (1, &u16::MAX) => format!("{protocol} all"),
            (start, end) if start == end => format!("{protocol} {start}"),
            (start, end) => format!("{protocol} {start}-{end}"),
        });
    let shown: Vec<String> = shown.collect();
    let first = ports
        .first()
        .map(|(protocol, ports)| (*protocol, *ports.start()));
    let (protocol, port) = first.unwrap_or((super::Protocol::Tcp, 1));
    let verdict = network.allows(from, to, protocol, port);
    let ports = if shown.is_empty() {
        "-".into()
    } else {
        shown.join(", ")
    };
    [one, two, ports, by(&verdict)]
}

/// The policies that open, or close.
fn by(verdict: &Verdict<'_>) -> String {
    let names = |objects: &mut dyn Iterator<Item = &Object>| {
        let names: BTreeSet<String> = objects.map(|object| object.name().to_owned()).collect();
        Vec::from_iter(names).join(", ")
    };
    let mut said = Vec::new();
    for side in [&verdict.egress, &verdict.ingress] {
        match side {
            Side::Allowed(rules) if verdict.is_allowed() => {
                said.push(names(&mut rules.iter().map(|(object, _)| *object)));
            }
            Side::Open | Side::Allowed(_) => {}
            Side::Closed(policies) => {
                said.push(format!(
                    "closed by {}",
                    names(&mut policies.iter().copied())
                ));
            }
        }
    }
    if said.is_empty() {
        return "no policy".into();
    }
    said.join("; ")
}

fn aligned(rows: &[Row]) -> String {
    let mut widths = [0; 4];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (width, cell) in widths.iter().zip(row) {
            let _ = write!(line, "{cell:<width$}  ");
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}
