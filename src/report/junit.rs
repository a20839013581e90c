//! Findings as JUnit's XML, which every CI shows: a suite for each file, a case for each object and
//! rule.
//!
//! A case fails when the run does: errors fail, and so do warnings that are denied, which are errors
//! by then. What is allowed is skipped, with the reason; a warning passes and is told.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::catalogue::title;
use super::location::Locations;
use super::text::printable;
use crate::problem::{Code, Problem, Severity};
use crate::source::Sources;
use crate::xml;

/// What has no file.
const NO_FILE: &str = "mcpset";

/// What was found of one object and rule, each with its place.
type Case<'r> = Vec<(&'r Problem, String)>;
/// By object and rule.
type Cases<'r> = BTreeMap<(String, Code), Case<'r>>;

/// The findings `problems` as a document.
#[must_use]
pub fn render(problems: &[Problem], sources: &Sources) -> String {
    let mut suites = String::new();
    let (mut tests, mut failures, mut errors, mut skipped) = (0, 0, 0, 0);
    for (file, cases) in grouped(problems, sources) {
        let count = |outcome| cases.values().filter(|case| of(case) == outcome).count();
        let number = cases.len().max(1);
        let (failed, broken, allowed) = (
            count(Outcome::Failure),
            count(Outcome::Error),
            count(Outcome::Skipped),
        );
        let _ = writeln!(
            suites,
            "  <testsuite name=\"{}\" tests=\"{number}\" failures=\"{failed}\" errors=\"{broken}\" skipped=\"{allowed}\" time=\"0\">",
            xml::text(&printable(file))
        );
        if cases.is_empty() {
            suites.push_str(
                "    <testcase classname=\"mcpset\" name=\"nothing found\" time=\"0\"/>\n",
            );
        }
        for ((object, code), case) in &cases {
            push(&mut suites, object, *code, case);
        }
        suites.push_str("  </testsuite>\n");
        tests += number;
        failures += failed;
        errors += broken;
        skipped += allowed;
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"mcpset check\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\" time=\"0\">\n{suites}</testsuites>\n"
    )
}

/// By file, then by object and rule. Every file is there, in the order of the command line.
fn grouped<'r>(problems: &'r [Problem], sources: &'r Sources) -> Vec<(&'r str, Cases<'r>)> {
    let mut locations = Locations::new(sources);
    let files = sources.iter().map(|source| source.name.as_str());
    let mut suites: Vec<_> = files.map(|name| (name, Cases::new())).collect();
    let mut others = Cases::new();
    for problem in problems {
        let location = problem.place.and_then(|place| locations.of(place));
        let suite = problem.place.and_then(|place| {
            let suite = suites.get_mut(usize::try_from(place.source).ok()?)?;
            Some(&mut suite.1)
        });
        let object = problem.object.as_ref().map(ToString::to_string);
        let key = (object.unwrap_or_default(), problem.code);
        let place = location.map_or_else(String::new, |location| {
            let (file, start) = (printable(location.file), location.start);
            format!("{file}:{}:{}: ", start.line, start.column)
        });
        let case = suite.unwrap_or(&mut others).entry(key).or_default();
        case.push((problem, place));
    }
    if !others.is_empty() || suites.is_empty() {
        suites.push((NO_FILE, others));
    }
    suites
}

/// How a case ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// A rule is broken.
    Failure,
    /// It could not be checked at all.
    Error,
    Skipped,
    Passed,
}

fn of(case: &Case<'_>) -> Outcome {
    let problems = || case.iter().map(|(problem, _)| problem);
    let is_error = |problem: &&&Problem| problem.severity == Severity::Error;
    match problems().find(is_error) {
        Some(problem) if matches!(problem.code, Code::Rule(_)) => Outcome::Failure,
        Some(_) => Outcome::Error,
        None if problems().all(|problem| problem.exception.is_some()) => Outcome::Skipped,
        None => Outcome::Passed,
    }
}

fn push(suites: &mut String, object: &str, code: Code, case: &Case<'_>) {
    let name = match (object, title(code)) {
        ("", None) => code.as_str().to_owned(),
        ("", Some(title)) => title.to_owned(),
        (object, title) => format!("{object}: {}", title.unwrap_or(code.as_str())),
    };
    let _ = writeln!(
        suites,
        "    <testcase classname=\"{}\" name=\"{}\" time=\"0\">",
        xml::text(code.as_str()),
        xml::text(&printable(&name))
    );
    let told: Vec<String> = case.iter().map(|(problem, at)| told(problem, at)).collect();
    let told = xml::text(&told.join("\n"));
    let first = case.first().map(|(problem, _)| *problem);
    let message = |text: &str| xml::text(&printable(text));
    let line = match (of(case), first) {
        (Outcome::Passed, _) | (_, None) => format!("<system-out>{told}</system-out>"),
        (Outcome::Skipped, Some(first)) => {
            let reason = first.exception.as_deref().unwrap_or_default();
            format!("<skipped message=\"{}\"/>", message(reason))
        }
        (Outcome::Failure, Some(first)) => {
            element("failure", code, &message(&first.message), &told)
        }
        (Outcome::Error, Some(first)) => element("error", code, &message(&first.message), &told),
    };
    let _ = writeln!(suites, "      {line}\n    </testcase>");
}

/// `message` and `text` are escaped already.
fn element(name: &str, code: Code, message: &str, text: &str) -> String {
    let code = xml::text(code.as_str());
    format!("<{name} type=\"{code}\" message=\"{message}\">{text}</{name}>")
}

fn told(problem: &Problem, at: &str) -> String {
    let severity = problem.severity.as_str();
    let help = match problem.help.as_str() {
        "" => String::new(),
        help => format!("\n  help: {}", printable(help)),
    };
    format!("{at}{severity}: {}{help}", printable(&problem.message))
}
