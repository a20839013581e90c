//! Findings as GitHub's workflow commands, which become annotations of a pull request's lines.
//!
//! A runner obeys every line of a log that begins with `::`, so no text of a manifest may begin one,
//! nor end the command that it is part of.

use std::fmt::Write as _;

use super::location::Locations;
use super::text::printable;
use crate::problem::{Problem, Severity};
use crate::source::Sources;

/// One line for each of `problems`.
#[must_use]
pub fn render(problems: &[Problem], sources: &Sources) -> String {
    let mut locations = Locations::new(sources);
    let mut log = String::new();
    for problem in problems {
        let command = match problem.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        let _ = write!(log, "::{command} ");
        if let Some(location) = problem.place.and_then(|place| locations.of(place)) {
            let (start, end) = (location.start, location.end);
            // The runner compares with paths relative to the repository.
            let file = location.file.strip_prefix("./").unwrap_or(location.file);
            let _ = write!(
                log,
                "file={},line={},",
                property(&printable(file)),
                start.line
            );
            // GitHub takes columns within one line only.
            if start.line == end.line {
                let _ = write!(log, "col={},", start.column);
            }
            let _ = write!(log, "endLine={},", end.line);
        }
        let _ = writeln!(
            log,
            "title={}::{}",
            property(&title(problem)),
            data(&message(problem))
        );
    }
    log
}

fn title(problem: &Problem) -> String {
    let code = problem.code;
    match &problem.object {
        Some(object) => format!("{code} {}", printable(&object.to_string())),
        None => code.to_string(),
    }
}

fn message(problem: &Problem) -> String {
    let message = printable(&problem.message);
    match &problem.exception {
        Some(reason) => format!("{message}\nallowed: {}", printable(reason)),
        None if problem.help.is_empty() => message.into_owned(),
        None => format!("{message}\nhelp: {}", printable(&problem.help)),
    }
}

/// `text` as the data of a workflow command (actions/toolkit, `escapeData`).
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// `text` as the value of a property of a workflow command (actions/toolkit, `escapeProperty`).
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_file_steers_no_terminal() {
        let mut sources = Sources::default();
        let name = "a\u{1b}[31m.yaml".to_owned();
        let source = sources.add(name, "a".into(), crate::source::Origin::Person);
        let place = crate::source::Place {
            source: source.unwrap(),
            start: 0,
            end: 1,
        };
        let problem = Problem::error(crate::problem::Code::Syntax, place, "wrong");
        let log = render(&[problem], &sources);
        assert!(
            log.starts_with("::error file=a\\u{1b}[31m.yaml,line=1,"),
            "{log}"
        );
    }

    #[test]
    fn no_text_ends_its_property_or_its_line() {
        assert_eq!(
            property("a,b::c%\r\n::error::d"),
            "a%2Cb%3A%3Ac%25%0D%0A%3A%3Aerror%3A%3Ad"
        );
        assert_eq!(data("50%, a::b\nc"), "50%25, a::b%0Ac");
    }
}
