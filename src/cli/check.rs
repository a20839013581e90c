//! `mcpset check`: what of any manifests would fail later.

use std::io::{self, Write};
use std::path::PathBuf;

use super::{End, say};
use crate::check::{Subject, collisions};
use crate::hosts::{files, is_set, policies};
use crate::model::Set;
use crate::problem::{Problem, Problems, Severity};
use crate::report::{self, Occasion};
use crate::source::{Origin, Sources};
use crate::yaml::Node;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files with manifests or McpServerSets, which are expanded; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// A folder with Gatekeeper's ConstraintTemplates and constraints, which judge the files too
    #[arg(long, value_name = "DIR")]
    policies: Vec<PathBuf>,
    /// Take warnings for errors
    #[arg(long, value_name = "WHAT")]
    deny: Option<Deny>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Deny {
    /// Warnings of all rules
    Warnings,
}

/// Says what was found in `args.files`.
pub fn run(args: &Args) -> Result<(), End> {
    let mut sources = Sources::default();
    let mut problems = Problems::default();
    let mut documents: Vec<Node> = Vec::new();
    for path in &args.files {
        if let Some(index) = files::read(path, Origin::Person, &mut sources, &mut problems) {
            documents.extend(files::documents(index, &sources, &mut problems));
        }
    }
    let (sets, others): (Vec<Node>, Vec<Node>) = documents.into_iter().partition(is_set);
    let expanded = files::expanded(&sets, &mut problems);
    let placed = expanded.iter().map(|(set, node)| (set, node.place));
    collisions(placed, &mut problems);
    let expanded: &[(Set, &Node)] = &expanded;

    let mut subject = Subject::default();
    for (set, document) in expanded {
        subject.add_set(set, document);
    }
    for document in others {
        subject.add(document, &mut problems);
    }
    for folder in &args.policies {
        policies::read(folder, &mut sources, &mut problems, |document| {
            subject.add_policy(document)
        });
    }
    let mut found: Vec<Problem> = problems.into_sorted();
    found.extend(subject.findings());
    found.sort_by_key(|problem| (problem.place, problem.severity));
    let found: Vec<Problem> = found
        .into_iter()
        .map(|problem| report::discreet(problem, &sources))
        .collect();
    let worst = found.iter().map(|problem| problem.severity).min();
    let text = report::text(&found, &sources, Occasion::Checking);
    if found.is_empty() {
        say("nothing found\n");
        return Ok(());
    }
    let mut out = anstream::AutoStream::auto(io::stdout().lock());
    out.write_all(text.as_bytes())?;
    match worst {
        Some(Severity::Error) => Err(End::Invalid),
        Some(Severity::Warning) if args.deny == Some(Deny::Warnings) => Err(End::Invalid),
        _ => Ok(()),
    }
}
