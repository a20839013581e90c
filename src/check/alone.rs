//! A set beside which nothing is looked at.
//!
//! Hardly any server says anything of another. Where none does, a few are looked at together with what
//! exists once a set: the trees of thousands are never held at once, and those that are looked at stay in
//! the processor's reach.

use std::collections::{BTreeSet, HashSet};

use super::Subject;
use crate::model::{Change, Changed, CheckConfig, Destination, EnvValue, Patch, Server, Set};
use crate::parallel::{self, SOME};
use crate::problem::Problem;

/// Kinds of which a patch changes what a server asks for, and nothing that others find.
const ASKING: [&str; 2] = ["Deployment", "HorizontalPodAutoscaler"];

/// What breaks a rule in the objects of `set`, with the places where people can mend it, rule by rule.
/// What every part shows of what exists once a set is in it as often.
#[must_use]
pub fn alone(set: &Set, config: &CheckConfig) -> Vec<Problem> {
    let together = match set.servers.len() {
        servers if servers > SOME && !are_apart(&set.servers) => servers,
        _ => SOME,
    };
    let parts: Vec<&[Server]> = set.servers.chunks(together).collect();
    let looks = parallel::map(true, &parts, |servers| {
        let part = set.with(servers.to_vec());
        let mut subject = Subject::default();
        subject.configure(config.clone());
        subject.add_objects(&part);
        let mut used = BTreeSet::new();
        let problems = subject.broken(&mut used);
        (problems, used, subject.answered())
    });
    let mut whole = Subject::default();
    whole.configure(config.clone());
    whole.allow(set);
    let (mut found, mut all_used) = (Vec::new(), BTreeSet::new());
    for (problems, used, answered) in looks {
        found.extend(problems);
        all_used.extend(used);
        whole.answer(&answered);
    }
    found.sort_by_key(|problem| problem.code.as_str());
    found.extend(whole.unused(&all_used));
    found
}

/// Whether none of `servers` says anything that may be about another.
fn are_apart(servers: &[Server]) -> bool {
    let mut everybody = servers.iter();
    if everybody.any(calls_neighbours) {
        return false;
    }
    let asking = |server: &&Server| {
        !server.patches.is_empty() || asked(server).any(|name| !server.names.all().contains(&name))
    };
    let asking: Vec<&Server> = servers.iter().filter(asking).collect();
    if asking.is_empty() {
        return true;
    }
    let names: HashSet<&str> = servers
        .iter()
        .flat_map(|server| server.names.all())
        .collect();
    let mut asking = asking.into_iter();
    asking.all(|server| {
        let own = server.names.all();
        let is_other = |text: &str| names.contains(text) && !own.contains(&text);
        let is_apart =
            |patch: &Patch| ASKING.contains(&patch.kind) && !says(&patch.change, &is_other);
        !asked(server).any(is_other) && server.patches.iter().all(is_apart)
    })
}

/// Whether `server` may call pods of its own namespace, of which others are some.
fn calls_neighbours(server: &Server) -> bool {
    let mut egress = server.traffic.egress.iter();
    egress.any(|egress| match &egress.to {
        Destination::Pods(peer) => peer.namespace == server.namespace,
        Destination::Internet | Destination::Cidr(_) => false,
    })
}

/// The Secrets and ConfigMaps that the variables of `server` refer to.
fn asked(server: &Server) -> impl Iterator<Item = &str> {
    let values = server.env.iter().map(|variable| &variable.value);
    values.filter_map(|value| match value {
        EnvValue::Secret(of) | EnvValue::ConfigMap(of) => Some(of.name.as_str()),
        EnvValue::Literal(_) | EnvValue::Field(_) => None,
    })
}

/// Whether `change` holds a text that `is_meant`.
fn says(change: &Change, is_meant: &impl Fn(&str) -> bool) -> bool {
    match &change.to {
        Changed::Removed => false,
        Changed::Scalar(value) => value.as_str().is_some_and(is_meant),
        Changed::List(items) => items.iter().any(|item| says(item, is_meant)),
        Changed::Mapping { fields, .. } => {
            let mut fields = fields.iter();
            fields.any(|(_, change)| says(change, is_meant))
        }
    }
}
