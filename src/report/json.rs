//! Findings as JSON, for programs that nobody has a format for.

use serde::Serialize;

use super::location::{Location, Locations, Position};
use crate::json::pretty;
use crate::problem::{ObjectRef, Problem, Severity};
use crate::source::Sources;

/// The form of the report; it grows when a field changes its meaning.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Report<'r> {
    version: u32,
    summary: Summary,
    findings: Vec<Finding<'r>>,
}

#[derive(Serialize)]
struct Summary {
    errors: usize,
    warnings: usize,
    notes: usize,
}

#[derive(Serialize)]
struct Finding<'r> {
    rule: &'static str,
    severity: &'static str,
    message: &'r str,
    #[serde(skip_serializing_if = "str::is_empty")]
    help: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    exception: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    object: Option<Object<'r>>,
    #[serde(flatten)]
    span: Option<Span<'r>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related: Vec<Related<'r>>,
}

/// What tells an object from others, in every report of ours in JSON.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Object<'r> {
    api_version: &'r str,
    kind: &'r str,
    #[serde(skip_serializing_if = "str::is_empty")]
    namespace: &'r str,
    name: &'r str,
}

/// Lines and columns count from 1, columns in Unicode code points.
#[derive(Serialize)]
struct Span<'r> {
    file: &'r str,
    #[serde(flatten)]
    start: Position,
    end: Position,
}

#[derive(Serialize)]
struct Related<'r> {
    note: &'r str,
    #[serde(flatten)]
    span: Option<Span<'r>>,
}

impl<'r> From<&'r ObjectRef> for Object<'r> {
    fn from(object: &'r ObjectRef) -> Self {
        Self {
            api_version: &object.api_version,
            kind: &object.kind,
            namespace: &object.namespace,
            name: &object.name,
        }
    }
}

impl<'r> From<Location<'r>> for Span<'r> {
    fn from(location: Location<'r>) -> Self {
        Self {
            file: location.file,
            start: location.start,
            end: location.end,
        }
    }
}

/// The findings `problems` as one JSON object.
#[must_use]
pub fn render(problems: &[Problem], sources: &Sources) -> String {
    let mut locations = Locations::new(sources);
    let count = |severity| problems.iter().filter(|p| p.severity == severity).count();
    let report = Report {
        version: VERSION,
        summary: Summary {
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
            notes: count(Severity::Note),
        },
        findings: problems
            .iter()
            .map(|problem| finding(problem, &mut locations))
            .collect(),
    };
    pretty(&report)
}

fn finding<'r>(problem: &'r Problem, locations: &mut Locations<'r>) -> Finding<'r> {
    let related = problem.related.iter().map(|related| Related {
        note: &related.note,
        span: locations.of(related.place).map(Span::from),
    });
    Finding {
        rule: problem.code.as_str(),
        severity: problem.severity.as_str(),
        message: &problem.message,
        help: &problem.help,
        exception: problem.exception.as_deref(),
        object: problem.object.as_deref().map(Object::from),
        related: related.collect(),
        span: problem
            .place
            .and_then(|place| locations.of(place))
            .map(Span::from),
    }
}
