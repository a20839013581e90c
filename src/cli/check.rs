//! `mcpset check`: what of any manifests would fail later.

use std::io::{self, Write};
use std::path::PathBuf;

use super::format::Format;
use super::{End, say};
use crate::check::{Subject, collisions};
use crate::hosts::{files, is_set};
use crate::model::Set;
use crate::problem::{Problem, Problems, Severity};
use crate::report;
use crate::source::{Origin, Sources};
use crate::yaml::Node;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files with manifests or McpServerSets, which are expanded; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Take warnings for errors
    #[arg(long, value_name = "WHAT")]
    deny: Option<Deny>,
    /// The form of the report, which goes to standard output whatever was found
    #[arg(long, value_name = "FORM", default_value = "text")]
    format: Format,
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
        subject.add_set(set, document, &mut problems);
    }
    for document in others {
        subject.add(document, &mut problems);
    }
    let mut found: Vec<Problem> = problems.into_sorted();
    found.extend(subject.findings());
    found.sort_by_key(|problem| (problem.place, problem.severity));
    let mut found: Vec<Problem> = found
        .into_iter()
        .map(|problem| report::discreet(problem, &sources))
        .collect();
    if args.deny == Some(Deny::Warnings) {
        for problem in &mut found {
            problem.severity = denied(problem.severity);
        }
    }
    if found.is_empty() && args.format == Format::Text {
        say("nothing found\n");
        return Ok(());
    }
    let report = args.format.render(&found, &sources);
    let mut out = io::stdout().lock();
    if args.format == Format::Text {
        anstream::AutoStream::auto(out).write_all(report.as_bytes())?;
    } else {
        out.write_all(report.as_bytes())?;
    }
    let worst = found.iter().map(|problem| problem.severity).min();
    match worst {
        Some(Severity::Error) => Err(End::Invalid),
        _ => Ok(()),
    }
}

/// An error in the place of a warning, so that every report shows what ends the run.
fn denied(severity: Severity) -> Severity {
    match severity {
        Severity::Warning => Severity::Error,
        other => other,
    }
}
