//! `mcpset runbook`: one page with the set's real names, from the image to the alert at night.
//!
//! It follows the platform guide, section by section. Whatever the bundle already proves is ticked;
//! what only the live cluster can show has the command that shows it.

mod alerts;
mod checklist;
mod delivery;
mod overview;
mod page;
mod troubleshooting;

use crate::model::{ProbeCheck, ProbePort, Server, Set};
use page::{Command, Page};

/// The runbook of `set`, which stands in `file`.
#[must_use]
pub fn runbook(set: &Set, file: &str) -> String {
    let mut page = Page::default();
    overview::write(&mut page, set, file);
    delivery::write(&mut page, set, file);
    checklist::write(&mut page, set);
    if set.platform.monitoring.alerts.is_some() {
        alerts::write(&mut page, set);
    }
    troubleshooting::write(&mut page, set);
    page.text()
}

/// `kubectl <verb> -n <namespace> …`.
fn kubectl(verb: &str, namespace: &str, arguments: &[&str]) -> Command {
    let verb: Vec<&str> = verb.split(' ').collect();
    Command::new(&["kubectl"])
        .and(&verb)
        .and(&["-n", namespace])
        .and(arguments)
}

/// The proxy's first pod, in the variable `PROXY`.
fn find_proxy(set: &Set) -> Command {
    let proxy = &set.platform.proxy;
    let labels: Vec<String> = proxy
        .labels
        .iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    let pods = kubectl(
        "get",
        proxy.namespace.as_str(),
        &["pods", "-l", &labels.join(","), "-o", "name"],
    );
    pods.into_pipe(&Command::fixed("head -n 1"))
        .into_variable("PROXY")
}

/// A program that runs in the proxy's pod, which [`find_proxy`] found.
fn in_proxy(set: &Set, words: &[&str]) -> Command {
    kubectl("exec", set.platform.proxy.namespace.as_str(), &[])
        .and_variable("PROXY")
        .and(&["--"])
        .and(words)
}

/// The host name of a server's Service.
fn host(server: &Server) -> String {
    format!(
        "{}.{}.svc.cluster.local",
        server.names.workload, server.namespace
    )
}

/// Where a server says that it lives, on the port that the proxy may reach; `None` where it does not.
fn health(server: &Server) -> Option<String> {
    match (&server.probes.check, server.probes.port) {
        (ProbeCheck::Http { liveness, .. }, ProbePort::Http) => {
            Some(format!("http://{}:{}{liveness}", host(server), server.port))
        }
        _ => None,
    }
}
