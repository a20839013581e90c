//! What was decided of each server, and why: most of it nobody wrote, and it follows from what
//! somebody did write, or from what is known of nothing.

use std::fmt::Write as _;

use super::prose::below;
use crate::model::{
    Destination, Metrics, Port, ProbeCheck, ProbePort, STARTUP_PERIOD, ScaleReason, Server, Set,
    WRITABLE_LIMIT,
};

/// Columns of what a line is about.
const ABOUT: usize = 12;

/// What was decided of the servers of `set`, or of the one that is called `name` in the config;
/// `None` when there is none.
#[must_use]
pub fn decisions(set: &Set, name: Option<&str>) -> Option<String> {
    let is_wanted = |server: &&Server| name.is_none_or(|name| name == server.name);
    let servers: Vec<&Server> = set.servers.iter().filter(is_wanted).collect();
    if servers.is_empty() {
        return None;
    }
    let pages = servers.into_iter().map(|server| decided(set, server));
    Some(pages.collect::<Vec<_>>().join("\n"))
}

fn decided(set: &Set, server: &Server) -> String {
    let mut page = format!("{}\n", server.name);
    let rest = " ".repeat(ABOUT + 4);
    for (about, said) in [
        ("profile", profile(server)),
        ("image", server.image.to_string()),
        ("sessions", sessions(server)),
        ("pods", pods(server)),
        ("a pod ends", ending(server)),
        ("LiteLLM", registration(server)),
        ("probes", probes(server)),
        ("metrics", metrics(server.metrics.as_ref(), server.port)),
        ("writes", writes(server)),
        ("memory", memory(server)),
        ("reaches", reaches(set, server)),
        ("API", api(server)),
        ("patches", patches(server)),
    ] {
        if said.is_empty() {
            continue;
        }
        let first = format!("  {about:ABOUT$}  ");
        let _ = writeln!(page, "{}", below(&first, &rest, &said));
    }
    page
}

/// What says most of the rest; nothing for those of which nothing is known.
fn profile(server: &Server) -> String {
    let Some(known) = &server.known else {
        return String::new();
    };
    let name = known.profile;
    format!("{name}: `mcpset explain profile/{name}`")
}

/// What it may ask the API server; nothing for those that may not.
fn api(server: &Server) -> String {
    let Some(access) = &server.api else {
        return String::new();
    };
    let inside: Vec<String> = access.inside.keys().map(ToString::to_string).collect();
    let wheres = match (access.everywhere.is_empty(), inside.as_slice()) {
        (false, []) => "everywhere".to_owned(),
        (false, inside) => format!("everywhere, and more in {}", inside.join(" and ")),
        (true, inside) => format!("in {}", inside.join(" and ")),
    };
    format!("its pods have a token, and may do what `rules` say {wheres}")
}

/// What the lines above do not know; nothing for servers without patches.
fn patches(server: &Server) -> String {
    let kinds: Vec<&str> = server.patches.iter().map(|patch| patch.kind).collect();
    if kinds.is_empty() {
        return String::new();
    }
    format!("change the {} after all this", kinds.join(", the "))
}

fn sessions(server: &Server) -> String {
    let what = if server.sessions.sticky {
        "a client stays on one pod"
    } else {
        "any pod answers"
    };
    format!("{what}: {}", server.sessions.because)
}

fn pods(server: &Server) -> String {
    let because = match server.scale_reason {
        ScaleReason::Written => "as the config says",
        ScaleReason::Available => "so that one may go",
        ScaleReason::Processes => "as its sessions are processes of it",
    };
    format!("{}, {because}", server.scale)
}

fn ending(server: &Server) -> String {
    let drain = server.drain;
    let calls = i64::from(drain.longest_call);
    let margin = drain.grace - drain.pre_stop - calls;
    let (before, grace) = (drain.pre_stop, drain.grace);
    format!(
        "within {grace} s: {before} s until nobody new is sent to it, {calls} s for the longest call, {margin} s to end; a new pod is ready before an old one goes"
    )
}

fn registration(server: &Server) -> String {
    let known = &server.litellm;
    let waits = server.drain.longest_call;
    format!(
        "calls it {}, at {} over {}, and waits {waits} s for an answer",
        known.name, known.url, known.transport
    )
}

fn probes(server: &Server) -> String {
    let port = match server.probes.port {
        ProbePort::Http => Some(server.port),
        ProbePort::Metrics => server.metrics.as_ref().and_then(|metrics| metrics.own_port),
        ProbePort::Own(port) => Some(port),
    };
    let port = port.unwrap_or(server.port);
    let start = server
        .probes
        .startup_failures
        .saturating_mul(STARTUP_PERIOD);
    let asked = match &server.probes.check {
        ProbeCheck::Tcp => format!("a connection to {port}"),
        ProbeCheck::Http {
            liveness,
            readiness,
            host,
        } => {
            let host = host.as_ref();
            let host = host.map_or(String::new(), |host| format!(" as {host}"));
            let paths = if liveness == readiness {
                liveness.to_string()
            } else {
                format!("{liveness} and {readiness}")
            };
            format!("GET {paths} on {port}{host}")
        }
    };
    format!("{asked}; a start may take {start} s")
}

fn metrics(metrics: Option<&Metrics>, port: Port) -> String {
    match metrics {
        Some(metrics) => format!("{} on {}", metrics.path, metrics.own_port.unwrap_or(port)),
        None => "none: Prometheus does not read it, and nothing alerts".into(),
    }
}

fn writes(server: &Server) -> String {
    let folders = server.writable.iter().map(|folder| folder.path.as_str());
    let folders: Vec<&str> = folders.collect();
    if folders.is_empty() {
        return "nowhere".into();
    }
    format!(
        "{}, {WRITABLE_LIMIT} each, and nowhere else",
        folders.join(" and ")
    )
}

fn memory(server: &Server) -> String {
    let mut limits = server.limits.iter();
    let limit = limits.find(|(name, _)| name == "memory");
    limit.map_or_else(
        || "no limit".into(),
        |(_, limit)| format!("at most {limit}"),
    )
}

fn reaches(set: &Set, server: &Server) -> String {
    if set.platform.network.is_none() {
        return "everything: the platform has no network policies".into();
    }
    let ports = |ports: &[Port]| {
        let ports: Vec<String> = ports.iter().map(ToString::to_string).collect();
        ports.join(" and ")
    };
    let hosts = server.traffic.hosts.iter();
    let hosts = hosts.map(|rule| format!("{} on {}", rule.host, ports(&rule.ports)));
    let egress = server.traffic.egress.iter().map(|egress| {
        let to = match &egress.to {
            Destination::Internet => "public addresses".into(),
            Destination::Cidr(cidr) => cidr.to_string(),
            Destination::Pods(peer) => format!("the namespace {}", peer.namespace),
        };
        format!("{to} on {}", ports(&egress.ports))
    });
    let all = std::iter::once("DNS".to_owned()).chain(hosts).chain(egress);
    all.collect::<Vec<_>>().join("; ")
}
