//! `mcpset check`: what of any manifests would fail later.

use std::io::{self, Write};
use std::path::PathBuf;

use super::format::Format;
use super::{End, say, settle};
use crate::check::{Subject, collisions};
use crate::hosts::{files, is_check, is_set, policies};
use crate::model::{CheckConfig, Set};
use crate::problem::{Problem, Problems, Severity};
use crate::report;
use crate::source::{Origin, Sources};
use crate::yaml::{Dialect, Node};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files with manifests or McpServerSets, which are expanded; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// A folder with Gatekeeper's ConstraintTemplates and constraints, which judge the files too
    #[arg(long, value_name = "DIR")]
    policies: Vec<PathBuf>,
    /// An object that exists elsewhere, such as Secret/shared; may be repeated
    #[arg(long, value_name = "KIND/NAME", value_parser = external)]
    external: Vec<(String, String)>,
    /// Take warnings for errors
    #[arg(long, value_name = "WHAT")]
    deny: Option<Deny>,
    /// The form of the report, which goes to standard output whatever was found
    #[arg(long, value_name = "FORM", default_value = "text")]
    format: Format,
    /// Print who can reach whom, by the NetworkPolicies among the objects, and nothing else
    #[arg(long, conflicts_with = "deny")]
    network: bool,
    /// Print how each server stands by the guide's checklist: what is proved, broken or allowed, and
    /// the commands that show the rest in the live cluster
    #[arg(long, conflicts_with_all = ["network", "format"])]
    checklist: bool,
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
    for folder in &args.policies {
        policies::read(folder, &mut sources, &mut problems, |document| {
            subject.add_policy(document)
        });
    }
    if args.network {
        settle(problems, &sources)?;
        io::stdout()
            .lock()
            .write_all(subject.network().as_bytes())?;
        return Ok(());
    }
    let findings = subject.findings();
    if args.checklist {
        settle(problems, &sources)?;
        return list(&subject, findings, &sources);
    }
    for problem in findings {
        problems.push(problem);
    }
    let mut found: Vec<Problem> = problems
        .into_sorted()
        .into_iter()
        .map(|problem| report::presentable(problem, &sources))
        .collect();
    if subject.denies_warnings() {
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

/// Prints how the servers of `subject` stand by the guide's checklist.
fn list(subject: &Subject<'_>, mut findings: Vec<Problem>, sources: &Sources) -> Result<(), End> {
    if subject.denies_warnings() {
        for problem in &mut findings {
            problem.severity = denied(problem.severity);
        }
    }
    let checklist = subject.checklist(&findings);
    if checklist.servers.is_empty() {
        say(
            "no server among these files: none of their pods carries `app.kubernetes.io/component: mcp-server`\n",
        );
    }
    let report = report::checklist(&checklist, sources);
    io::stdout().lock().write_all(report.as_bytes())?;
    let mut severities = findings.iter().map(|problem| problem.severity);
    if severities.any(|severity| severity == Severity::Error) {
        return Err(End::Invalid);
    }
    Ok(())
}

/// An error in the place of a warning, so that every report shows what ends the run.
fn denied(severity: Severity) -> Severity {
    match severity {
        Severity::Warning => Severity::Error,
        other => other,
    }
}
