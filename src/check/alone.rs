//! A set beside which nothing is looked at.
//!
//! A server refers to nothing of another, so a few are looked at together with what exists once a set:
//! the trees of thousands are never held at once, and those that are looked at stay in the processor's
//! reach.

use std::collections::BTreeSet;

use super::Subject;
use crate::model::{CheckConfig, Server, Set};
use crate::parallel::{self, SOME};
use crate::problem::Problem;

/// What breaks a rule in the objects of `set`, with the places where people can mend it. What every part
/// shows of what exists once a set is in it as often.
#[must_use]
pub fn alone(set: &Set, config: &CheckConfig) -> Vec<Problem> {
    let parts: Vec<&[Server]> = set.servers.chunks(SOME).collect();
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
    found.extend(whole.unused(&all_used));
    found
}
