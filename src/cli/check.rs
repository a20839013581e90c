//! `mcpset check`: what of any manifests would fail later.

use std::path::PathBuf;

use super::format::Format;
use super::{End, print, print_styled, say, say_all};
use crate::check::{self, Subject, collisions};
use crate::hosts::{files, is_check, is_set, not_checked, policies, require_known};
use crate::manifest::items;
use crate::model::{CheckConfig, External, Set};
use crate::problem::{Code, Problem, Problems, Severity};
use crate::report::{self, Occasion};
use crate::source::{Origin, Sources};
use crate::yaml::{Dialect, Node, parse};

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
    external: Vec<External>,
    /// Take warnings for errors
    #[arg(long, value_name = "WHAT")]
    deny: Option<Deny>,
    /// The form of the report, which goes to standard output whatever was found
    #[arg(long, value_name = "FORM", default_value = "text")]
    format: Format,
    /// Print who can reach whom, by the NetworkPolicies among the objects; findings of that are said on
    /// standard error
    #[arg(long, conflicts_with = "format")]
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

/// What is printed in the place of a report.
#[derive(Debug, Clone, Copy)]
enum Page {
    Network,
    Checklist,
}

impl Args {
    fn page(&self) -> Option<Page> {
        if self.network {
            return Some(Page::Network);
        }
        self.checklist.then_some(Page::Checklist)
    }

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
fn external(text: &str) -> Result<External, String> {
    match text.split_once('/') {
        Some((_, name)) if name.contains('/') => {
            Err("write KIND/NAME without the namespace, such as Secret/shared".to_owned())
        }
        Some((kind, name)) if !kind.is_empty() && !name.is_empty() => {
            External::require_kind(kind)?;
            Ok(External {
                kind: kind.to_owned(),
                name: name.to_owned(),
                place: None,
            })
        }
        _ => Err("write KIND/NAME, such as Secret/shared".to_owned()),
    }
}

/// Says what was found in `args.files`.
pub fn run(args: &Args) -> Result<(), End> {
    let mut sources = Sources::default();
    let mut problems = Problems::unlimited();
    let mut documents: Vec<Node> = Vec::new();
    for path in &args.files {
        let index = files::read(path, Origin::Person, &mut sources, &mut problems);
        if let Some((index, source)) = index.and_then(|index| Some((index, sources.get(index)?))) {
            let read = parse(&source.text, index, &mut problems);
            documents.extend(read.into_iter().flat_map(items));
        }
    }
    documents.retain(|document| require_known(document, &mut problems));
    let (sets, others): (Vec<Node>, Vec<Node>) = documents.into_iter().partition(is_set);
    let (configs, others): (Vec<Node>, Vec<Node>) = others.into_iter().partition(is_check);
    let expanded = files::decided(&sets, &mut problems);
    let placed = expanded.iter().map(|(set, node)| (set, node.place));
    collisions(placed, &mut problems);
    let expanded: &[(Set, &Node)] = &expanded;

    let mut config = CheckConfig::default();
    for document in &configs {
        let told = crate::check_config(document, Dialect::Written, &mut problems);
        config.extend(told.unwrap_or_default());
    }
    config.extend(args.config());
    let is_alone = others.is_empty() && args.policies.is_empty() && args.page().is_none();
    let alone = match expanded {
        [one] if is_alone => Some(one),
        _ => None,
    };
    let mut subject = Subject::default();
    subject.configure(config.clone());
    if let Some((set, _)) = alone {
        check::validate_exceptions(set, &mut problems);
    } else {
        for (set, _) in expanded {
            subject.add_set(set, &mut problems);
        }
    }
    for document in others {
        subject.add(document, &mut problems);
    }
    for folder in &args.policies {
        policies::read(folder, &mut sources, &mut problems, |document| {
            subject.add_policy(document)
        });
    }
    let is_empty = alone.is_none() && subject.is_empty();
    if problems.has_errors() {
        problems.push(not_checked());
        if args.page().is_none() {
            let found = sorted(problems, &config, &sources);
            return report(args.format, &found, &sources);
        }
        say_all(problems, &sources, Occasion::Checking);
        return Err(End::Invalid);
    }
    if is_empty {
        say("nothing to check: no object is in these files\n");
    }
    let mut findings = match alone {
        Some((set, _)) => check::alone(set, &config),
        None => subject.findings(),
    };
    deny(&mut findings, &config);
    match args.page() {
        Some(Page::Network) => network(&subject, findings, problems, &sources),
        Some(Page::Checklist) => {
            say_all(problems, &sources, Occasion::Checking);
            list(&subject, &findings, &sources)
        }
        None => {
            for problem in findings {
                problems.push(problem);
            }
            let found = sorted(problems, &config, &sources);
            if found.is_empty() && args.format == Format::Text && !is_empty {
                say("nothing found\n");
            }
            report(args.format, &found, &sources)
        }
    }
}

/// All that was found, in the order of its places.
fn sorted(problems: Problems, config: &CheckConfig, sources: &Sources) -> Vec<Problem> {
    let found = problems.into_sorted().into_iter();
    let mut found: Vec<Problem> = found
        .map(|problem| report::presentable(problem, sources))
        .collect();
    deny(&mut found, config);
    found
}

/// Prints what was `found` in this form.
fn report(format: Format, found: &[Problem], sources: &Sources) -> Result<(), End> {
    match format {
        Format::Text if found.is_empty() => {}
        Format::Text => print_styled(format.render(found, sources).as_bytes())?,
        _ => print(format.render(found, sources).as_bytes())?,
    }
    judged(found)
}

/// Prints who can reach whom, and says which of `findings` are about that.
fn network(
    subject: &Subject<'_>,
    findings: Vec<Problem>,
    mut problems: Problems,
    sources: &Sources,
) -> Result<(), End> {
    let end = judged(&findings);
    let is_about =
        |problem: &Problem| matches!(problem.code, Code::Rule(id) if id.starts_with("MCP1"));
    let (about, others): (Vec<Problem>, Vec<Problem>) = findings.into_iter().partition(is_about);
    for problem in about {
        problems.push(problem);
    }
    say_all(problems, sources, Occasion::Checking);
    let is_error = |problem: &&Problem| problem.severity == Severity::Error;
    match others.iter().filter(is_error).count() {
        0 => {}
        1 => say("1 error is not about the network; see `mcpset check`\n"),
        number => say(&format!(
            "{number} errors are not about the network; see `mcpset check`\n"
        )),
    }
    print(subject.network().as_bytes())?;
    end
}

/// Prints how the servers of `subject`, of which `findings` were made, stand by the guide's checklist.
fn list(subject: &Subject<'_>, findings: &[Problem], sources: &Sources) -> Result<(), End> {
    let checklist = subject.checklist(findings);
    if checklist.servers.is_empty() && !subject.is_empty() {
        say(
            "no server among these files: none of their pods carries `app.kubernetes.io/component: mcp-server`\n",
        );
    }
    let report = report::checklist(&checklist, sources);
    print(report.as_bytes())?;
    judged(findings)
}

/// How a run ends that found `problems`.
fn judged(problems: &[Problem]) -> Result<(), End> {
    let mut severities = problems.iter().map(|problem| problem.severity);
    if severities.any(|severity| severity == Severity::Error) {
        return Err(End::Invalid);
    }
    Ok(())
}

/// Makes errors of warnings where `config` denies them, so that every report shows what ends the run.
fn deny(problems: &mut [Problem], config: &CheckConfig) {
    if config.deny_warnings {
        for problem in problems {
            problem.severity = denied(problem.severity);
        }
    }
}

/// An error in the place of a warning.
fn denied(severity: Severity) -> Severity {
    match severity {
        Severity::Warning => Severity::Error,
        other => other,
    }
}
