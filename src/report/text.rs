//! Problems as rustc shows them: code, file, line, column, the line itself, what to do.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};

use super::discretion::is_hidden;
use crate::credential::credential;
use crate::model::is_invisible;
use crate::problem::{KEPT, Problem, Severity};
use crate::source::{Origin, Place, Source, Sources};
use crate::yaml::Paths;

/// Beyond these a person is better served by a fix and another run.
const SHOWN: usize = 100;
/// Longest part of a line that is shown, in bytes.
const WIDEST: usize = 4096;

/// `problems` as text for a person, with colours that the caller removes where nobody sees them.
#[must_use]
pub fn render(problems: &[Problem], sources: &Sources, occasion: Occasion) -> String {
    let renderer = Renderer::styled();
    let mut text = String::new();
    let mut paths = HashMap::new();
    for problem in problems.iter().take(SHOWN) {
        let path = path(problem, sources, &mut paths);
        let group = group(problem, path, sources);
        let _ = writeln!(text, "{}\n", renderer.render(&[group]));
    }
    if let Some(more) = problems.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        let _ = writeln!(text, "… and {more} more\n");
    }
    let _ = writeln!(text, "{}", summary(problems, occasion));
    text
}

/// What the problems were found in the course of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    /// Something should be written, which errors keep from happening.
    Writing,
    /// The problems are the answer.
    Checking,
}

fn summary(problems: &[Problem], occasion: Occasion) -> String {
    let count = |severity, name: &str| {
        let number = problems
            .iter()
            .filter(|problem| problem.severity == severity)
            .count();
        match number {
            0 => None,
            1 => Some(format!("1 {name}")),
            // More may have been found and not kept.
            KEPT.. if occasion == Occasion::Writing => Some(format!("{KEPT} {name}s or more")),
            _ => Some(format!("{number} {name}s")),
        }
    };
    let errors = count(Severity::Error, "error");
    let has_errors = errors.is_some();
    let counts = [
        errors,
        count(Severity::Warning, "warning"),
        count(Severity::Note, "note"),
    ];
    let counts: Vec<String> = counts.into_iter().flatten().collect();
    let outcome = if has_errors && occasion == Occasion::Writing {
        "; nothing was written"
    } else {
        ""
    };
    format!("{}{outcome}", counts.join(", "))
}

fn group<'a>(problem: &'a Problem, path: Option<String>, sources: &'a Sources) -> Group<'a> {
    let level = match problem.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level
        .primary_title(printable(&problem.message))
        .id(problem.code.as_str());
    let mut group = Group::with_title(title);
    for snippet in snippets(problem, sources) {
        group = group.element(snippet);
    }
    if let Some(path) = path {
        group = group.element(Level::NOTE.message(printable(&path).into_owned()));
    }
    if let Some(object) = &problem.object {
        let object = object.to_string();
        group = group.element(Level::NOTE.message(printable(&object).into_owned()));
    }
    match &problem.exception {
        Some(reason) => {
            let reason = format!("allowed: {reason}");
            group = group.element(Level::NOTE.message(printable(&reason).into_owned()));
        }
        None if !problem.help.is_empty() => {
            group = group.element(Level::HELP.message(printable(&problem.help)));
        }
        None => {}
    }
    group
}

/// Where the problem is in the person's own file, whose lines the host has moved.
fn path(problem: &Problem, sources: &Sources, paths: &mut HashMap<u32, Paths>) -> Option<String> {
    let place = problem.place?;
    let source = sources.get(place.source)?;
    if source.origin == Origin::Person {
        return None;
    }
    let paths = paths
        .entry(place.source)
        .or_insert_with(|| Paths::of(&source.text));
    let path = paths.at(place.start)?;
    if credential(&path).is_some() {
        return None;
    }
    // Of a ResourceList, what follows the item.
    let within = path
        .strip_prefix("functionConfig.")
        .or_else(|| {
            path.strip_prefix("items[")?
                .split_once("].")
                .map(|(_, path)| path)
        })
        .unwrap_or(&path);
    let kind = paths.kind(place.start);
    let kind = kind.filter(|kind| credential(kind).is_none());
    let kind = kind.unwrap_or("object");
    within
        .contains('.')
        .then(|| format!("in the {kind} this is `{within}`"))
}

/// A place to be shown, and what is said of it.
struct Mark<'a> {
    place: Place,
    kind: AnnotationKind,
    note: &'a str,
    is_secret: bool,
}

fn snippets<'a>(problem: &'a Problem, sources: &'a Sources) -> Vec<Snippet<'a, Annotation<'a>>> {
    let primary = problem.place.map(|place| Mark {
        place,
        kind: AnnotationKind::Primary,
        note: "",
        is_secret: problem.is_secret,
    });
    let related = problem.related.iter().map(|related| Mark {
        place: related.place,
        kind: AnnotationKind::Context,
        note: &related.note,
        is_secret: problem.is_secret,
    });
    primary
        .into_iter()
        .chain(related)
        .filter_map(|mark| snippet(&mark, sources.get(mark.place.source)?))
        .collect()
}

/// The line on which `mark` begins. A value of many lines is marked on its first one.
fn snippet<'a>(mark: &Mark<'a>, source: &'a Source) -> Option<Snippet<'a, Annotation<'a>>> {
    let text = source.text.as_str();
    let start = floor_boundary(text, mark.place.start as usize);
    let before = text.get(..start)?;
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line_start = floor_boundary(text, line_start.max(start.saturating_sub(WIDEST)));
    let line_end = text
        .get(start..)?
        .find('\n')
        .map_or(text.len(), |offset| start + offset);
    let line = text.get(start..line_end)?;
    let line_end = start + line.strip_suffix('\r').unwrap_or(line).len();
    let line_end = floor_boundary(text, line_end.min(start + WIDEST));
    let end = floor_boundary(text, (mark.place.end as usize).clamp(start, line_end));
    if mark.is_secret || is_hidden(source, mark.place) {
        let line = text.get(line_start..line_end)?;
        return Some(hidden(mark, source, before, line));
    }
    let number = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let (shown, span) = marked(
        text.get(line_start..start)?,
        text.get(start..end.max(start))?,
        text.get(end.max(start)..line_end)?,
    );
    let annotation = mark.kind.span(span);
    let annotation = if mark.note.is_empty() {
        annotation
    } else {
        annotation.label(printable(mark.note))
    };
    Some(
        Snippet::source(shown)
            .path(printable(&source.name))
            .line_start(number)
            .annotation(annotation),
    )
}

/// The place of a line that must not be repeated.
fn hidden<'a>(
    mark: &Mark<'a>,
    source: &'a Source,
    before: &str,
    line: &str,
) -> Snippet<'a, Annotation<'a>> {
    let number = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let indent = line.len() - line.trim_start().len();
    let shown = format!(
        "{}(a line that holds a credential is not shown)",
        " ".repeat(indent)
    );
    let span = indent..shown.len();
    Snippet::source(shown)
        .path(printable(&source.name))
        .line_start(number)
        .annotation(mark.kind.span(span))
}

fn floor_boundary(text: &str, index: usize) -> usize {
    let mut index = index.min(text.len());
    while !text.is_char_boundary(index) {
        index -= 1;
    }
    index
}

/// A line that cannot steer a terminal, and where its marked part is in it. Every character keeps
/// its column.
fn marked(before: &str, mark: &str, after: &str) -> (String, Range<usize>) {
    let mut line = String::with_capacity(before.len() + mark.len() + after.len());
    let mut push = |part: &str| {
        line.extend(part.chars().map(|character| match character {
            '\t' => '\t',
            character if is_invisible(character) => char::REPLACEMENT_CHARACTER,
            character => character,
        }));
        line.len()
    };
    let (start, end) = (push(before), push(mark));
    push(after);
    (line, start..end)
}

/// Text that cannot steer a terminal: what is no visible character is shown by its code point.
pub(super) fn printable(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_invisible) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if is_invisible(character) {
            shown.extend(character.escape_unicode());
        } else {
            shown.push(character);
        }
    }
    Cow::Owned(shown)
}
