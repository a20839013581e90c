//! How each server stands by the guide's checklist.
//!
//! A point that somebody has broken is broken; one that nobody has is proved only where the objects
//! show that it is so. That no rule complains proves nothing of what is not there.

mod around;
mod candidate;
mod evidence;
mod neighbours;

use super::network::Intent;
use super::rules::Context;
use crate::companions::ask::Deployed;
use crate::companions::checklist::{POINTS, Point};
use crate::manifest::Object;
use crate::model::{Server, Set};
use crate::problem::{Code, ObjectRef, Problem, Severity};
use crate::shell::Command;
use crate::source::Place;
use candidate::Candidate;
use evidence::Evidence;
use neighbours::Neighbours;

/// How everybody stands.
#[derive(Debug)]
pub struct Checklist {
    /// Every server, in the order of the input.
    pub servers: Vec<Listed>,
    /// What was found and is about no point of a server.
    pub others: Vec<Problem>,
}

/// How a server stands.
#[derive(Debug)]
pub struct Listed {
    /// Its workload.
    pub object: ObjectRef,
    /// Where that is written.
    pub place: Place,
    /// The points, in the guide's order.
    pub points: Vec<(&'static Point, Standing)>,
}

/// How a point stands.
#[derive(Debug)]
pub enum Standing {
    /// The objects prove it.
    Proved,
    /// It asks for what the server does not need, and why.
    NotNeeded(String),
    /// It is broken by these findings.
    Violated(Vec<Problem>),
    /// It is broken by these findings, and somebody said why it may be.
    Allowed(Vec<Problem>),
    /// Nothing here proves it, and why; the live cluster shows by these commands, if by any, whether
    /// it is so.
    Open(String, Vec<Command>),
    /// Only the live cluster shows it, by these commands.
    Live(Vec<Command>),
}

/// How the servers of `context` stand, in which `findings` were made. `origin` says of a workload
/// where it is written, and what it was made of.
pub fn checklist<'s>(
    context: &Context<'_>,
    findings: &[Problem],
    origin: impl Fn(&Object) -> (Place, Option<(&'s Set, &'s Server)>),
) -> Checklist {
    let mut told = vec![false; findings.len()];
    let mut servers = Vec::new();
    let neighbours = Neighbours::of(context.input);
    for intent in context.intents {
        let workload = intent.server.pod.workload;
        let (place, known) = origin(workload);
        let candidate = Candidate::new(context, &neighbours, intent);
        let deployed = match known {
            Some((set, server)) => Deployed::of(set, std::slice::from_ref(server)),
            None => around::deployed(&candidate),
        };
        let points = POINTS.iter().map(|point| {
            let mut found = Vec::new();
            for (problem, told) in findings.iter().zip(&mut told) {
                if breaks(problem, point) && candidate.is_about(problem, point.about) {
                    *told = true;
                    found.push(problem.clone());
                }
            }
            let evidence = evidence::evidence(point.about, &candidate, &deployed);
            (point, standing(found, evidence, (point.live)(&deployed)))
        });
        servers.push(Listed {
            object: workload.reference(),
            place,
            points: points.collect(),
        });
    }
    let others = findings.iter().zip(told).filter(|(_, told)| !told);
    Checklist {
        servers,
        others: others.map(|(problem, _)| problem.clone()).collect(),
    }
}

fn breaks(problem: &Problem, point: &Point) -> bool {
    matches!(problem.code, Code::Rule(id) if point.rules.contains(&id))
}

/// How a point stands that `found` is about, by what the objects show of it. `commands` show it live.
fn standing(found: Vec<Problem>, evidence: Evidence, commands: Vec<Command>) -> Standing {
    let is_allowed = |problem: &Problem| problem.exception.is_some();
    if found
        .iter()
        .any(|problem| !is_allowed(problem) && problem.severity != Severity::Note)
    {
        return Standing::Violated(found);
    }
    // Nothing is wrong by a note; so it does not hold, and nobody broke it.
    if let Some(note) = found.iter().find(|problem| !is_allowed(problem)) {
        return Standing::Open(format!("{} ({})", note.message, note.code), commands);
    }
    if !found.is_empty() {
        return Standing::Allowed(found);
    }
    match evidence {
        Evidence::Proved => Standing::Proved,
        Evidence::NotNeeded(why) => Standing::NotNeeded(why),
        Evidence::Open(why) => Standing::Open(why, commands),
        Evidence::Live => Standing::Live(commands),
    }
}
