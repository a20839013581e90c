//! The guide's checklist, as far as the bundle proves it.

use super::page::Page;
use crate::companions::ask::Deployed;
use crate::companions::checklist::{About, POINTS};
use crate::model::{ScaleReason, Server, Set};
use crate::shell::Command;

/// How a point stands.
enum Standing {
    /// The bundle proves it.
    Proved,
    /// The bundle shows that it does not hold, and why.
    Open(String),
    /// The live cluster shows it, with these commands.
    Live(Vec<Command>),
}
use Standing::{Live, Open, Proved};

/// The section.
pub fn write(page: &mut Page, set: &Set, deployed: &Deployed<'_>) {
    page.heading(2, "Before it counts as deployed");
    page.paragraph(
        "Ticked is what the bundle already proves. What has commands shows in the live cluster alone.",
    );
    page.gap();
    for point in &POINTS {
        let title = match (point.about, unmeasured(set).as_slice()) {
            (About::Metrics, names @ [_, ..]) if names.len() < set.servers.len() => {
                format!("{} (none: {})", point.title, names.join(", "))
            }
            _ => point.title.to_owned(),
        };
        match standing(point.about, set, (point.live)(deployed)) {
            Proved => page.point(true, &title, &[]),
            Open(why) => page.point(false, &format!("{title} ({why})"), &[]),
            Live(commands) => page.point(false, &title, &commands),
        }
    }
}

/// How the point `about` something stands, which `commands` show in the live cluster.
fn standing(about: About, set: &Set, commands: Vec<Command>) -> Standing {
    let single = || named(set, |server| server.scale.least() < 2);
    let has_metrics = unmeasured(set).len() < set.servers.len();
    match about {
        About::Service
        | About::Security
        | About::Resources
        | About::Probes
        | About::ExternalSecret
        | About::Labels => Proved,
        About::Replicas => replicas(set),
        About::Budget => none(&single(), "one pod, which could never be moved"),
        About::Tracing => none(&named(set, |server| !is_traced(server)), "no traces"),
        About::ServiceAccount => none(&named(set, has_no_way_to_its_role), "no role named"),
        About::Monitor => none(&unmeasured(set), "no metrics"),
        About::Credentials | About::Role if commands.is_empty() => Proved,
        About::Metrics | About::Scraped if !has_metrics => Open("no server has metrics".into()),
        About::Traced if set.platform.tracing.is_none() => Open("tracing is off".into()),
        About::Traced if commands.is_empty() => {
            Open("`platform.tracing.ui` would say where they are".into())
        }
        About::Credentials
        | About::Role
        | About::Metrics
        | About::Scraped
        | About::Traced
        | About::Registration
        | About::Connectivity => Live(commands),
    }
}

/// Open where a server has one pod, also where it must.
fn replicas(set: &Set) -> Standing {
    let must = |server: &Server| server.scale_reason == ScaleReason::Processes;
    let groups = [
        (
            "one".to_owned(),
            named(set, |server| server.scale.least() < 2 && !must(server)),
        ),
        (ScaleReason::Processes.to_string(), named(set, must)),
    ];
    let groups = groups.iter().filter(|(_, names)| !names.is_empty());
    let groups: Vec<String> = groups
        .map(|(what, names)| format!("{what}: {}", names.join(", ")))
        .collect();
    if groups.is_empty() {
        Proved
    } else {
        Open(groups.join("; "))
    }
}

/// The servers without metrics.
fn unmeasured(set: &Set) -> Vec<&str> {
    named(set, |server| server.metrics.is_none())
}

/// The servers of which `is_so` holds.
fn named(set: &Set, is_so: impl Fn(&Server) -> bool) -> Vec<&str> {
    let servers = set.servers.iter().filter(|server| is_so(server));
    servers
        .map(|server| server.names.workload.as_str())
        .collect()
}

/// Proved where no server is named.
fn none(named: &[&str], what: &str) -> Standing {
    match named {
        [] => Proved,
        named => Open(format!("{what}: {}", named.join(", "))),
    }
}

fn is_traced(server: &Server) -> bool {
    server
        .env
        .iter()
        .any(|variable| variable.name.as_str() == "OTEL_EXPORTER_OTLP_ENDPOINT")
}

/// A server with a policy that nobody attaches to it.
fn has_no_way_to_its_role(server: &Server) -> bool {
    let aws = &server.aws;
    aws.role.is_some() && aws.role_arn.is_none() && !aws.pod_identity
}
