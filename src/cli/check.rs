//! `mcpset check`: what of any manifests would fail later.

use std::io::{self, Write};
use std::path::PathBuf;

use super::{End, say};
use crate::check::{Subject, collisions};
use crate::hosts::{files, is_check, is_set};
use crate::model::{CheckConfig, Set};
use crate::problem::{Problem, Problems, Severity};
use crate::report::{self, Occasion};
use crate::source::{Origin, Sources};
use crate::yaml::{Dialect, Node};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files with manifests or McpServerSets, which are expanded; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// An object that exists elsewhere, such as Secret/shared; may be repeated
    #[arg(long, value_name = "KIND/NAME", value_parser = external)]
    external: Vec<(String, String)>,
    /// Take warnings for errors
    #[arg(long, value_name = "WHAT")]
    deny: Option<Deny>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Deny {
    /// Warnings of all rules
    Warnings,
}

impl Args {
    /// What the flags tell the checks.
    fn config(&self) -> CheckConfig {
        CheckConfig {
            external: self.external.clone(),
            deny_warnings: self.deny == Some(Deny::Warnings),
            ..CheckConfig::default()
        }
    }
}

/// `KIND/NAME`.
fn external(text: &str) -> Result<(String, String), String> {
    match text.split_once('/') {
        Some((kind, name)) if !kind.is_empty() && !name.is_empty() => {
            Ok((kind.to_owned(), name.to_owned()))
        }
        _ => Err("write KIND/NAME, such as Secret/shared".to_owned()),
    }
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
    let (configs, others): (Vec<Node>, Vec<Node>) = others.into_iter().partition(is_check);
    let expanded = files::expanded(&sets, &mut problems);
    let placed = expanded.iter().map(|(set, node)| (set, node.place));
    collisions(placed, &mut problems);
    let expanded: &[(Set, &Node)] = &expanded;

    let mut subject = Subject::default();
    for config in &configs {
        let config = crate::check_config(config, Dialect::Written, &mut problems);
        subject.configure(config.unwrap_or_default(), &mut problems);
    }
    subject.configure(args.config(), &mut problems);
    for (set, document) in expanded {
        subject.add_set(set, document, &mut problems);
    }
    for document in others {
        subject.add(document, &mut problems);
    }
    for problem in subject.findings() {
        problems.push(problem);
    }
    let found: Vec<Problem> = problems
        .into_sorted()
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
        Some(Severity::Warning) if subject.denies_warnings() => Err(End::Invalid),
        _ => Ok(()),
    }
}
