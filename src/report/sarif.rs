//! Findings as SARIF 2.1.0 (OASIS), which code hosts and editors read.
//!
//! A message may hold placeholders in braces and links in brackets (sections 3.11.5 and 3.11.6), so
//! what a manifest says is escaped. Descriptions of rules have no arguments, and every reader shows
//! them as they are.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::location::{Location, Locations};
use crate::check::rules::{CATALOGUE, Rule};
use crate::json::pretty;
use crate::problem::{Code, ObjectRef, Problem, Severity};
use crate::source::Sources;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// The name of our way to recognise a finding in another run.
const FINGERPRINT: &str = "mcpset/v1";
/// The folder that relative paths start from, by the name that code hosts know.
const ROOT: &str = "%SRCROOT%";

/// The findings `problems` as a log with one run.
#[must_use]
pub fn render(problems: &[Problem], sources: &Sources) -> String {
    let mut locations = Locations::new(sources);
    let results = problems
        .iter()
        .map(|problem| result(problem, &mut locations));
    pretty(&json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {
                "driver": {
                    "name": "mcpset",
                    "version": env!("CARGO_PKG_VERSION"),
                    "semanticVersion": env!("CARGO_PKG_VERSION"),
                    "rules": CATALOGUE.iter().copied().map(rule).collect::<Value>(),
                },
            },
            "columnKind": "unicodeCodePoints",
            "results": results.collect::<Value>(),
        }],
    }))
}

fn rule(rule: &Rule) -> Value {
    json!({
        "id": rule.id,
        "name": rule.name,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.why},
        "help": {"text": format!("{}\n\nSource: {}", rule.fix, rule.source)},
        "defaultConfiguration": {"level": level(rule.severity)},
        "properties": {"tags": ["kubernetes", "mcp"]},
    })
}

fn result<'r>(problem: &'r Problem, locations: &mut Locations<'r>) -> Value {
    let id = problem.code.as_str();
    let index = CATALOGUE.iter().position(|rule| rule.id == id);
    let mut result = Map::from_iter([
        ("ruleId".into(), json!(id)),
        ("level".into(), json!(level(problem.severity))),
        ("message".into(), json!({"text": text(problem)})),
        (
            "partialFingerprints".into(),
            json!({FINGERPRINT: fingerprint(problem)}),
        ),
    ]);
    if let Some(index) = index {
        result.insert("ruleIndex".into(), json!(index));
    }
    let location = problem.place.and_then(|place| locations.of(place));
    let mut place = Map::new();
    if let Some(location) = location {
        place.insert("physicalLocation".into(), physical(&location));
    }
    if let Some(object) = &problem.object {
        place.insert("logicalLocations".into(), json!([logical(object)]));
    }
    if !place.is_empty() {
        result.insert("locations".into(), json!([place]));
    }
    let related = problem.related.iter().filter_map(|related| {
        let location = locations.of(related.place)?;
        Some(json!({
            "physicalLocation": physical(&location),
            "message": {"text": message(&related.note)},
        }))
    });
    let related: Vec<Value> = related.collect();
    if !related.is_empty() {
        result.insert("relatedLocations".into(), json!(related));
    }
    if let Some(reason) = &problem.exception {
        let suppression = json!({
            "kind": "external",
            "status": "accepted",
            "justification": reason,
        });
        result.insert("suppressions".into(), json!([suppression]));
    }
    result.into()
}

fn level(severity: Severity) -> &'static str {
    // SARIF's words are ours.
    severity.as_str()
}

/// What is wrong; and what to do, where no rule says it for all of its results.
fn text(problem: &Problem) -> String {
    let is_rule = matches!(problem.code, Code::Rule(_));
    if is_rule || problem.help.is_empty() {
        return message(&problem.message);
    }
    message(&format!("{}\n{}", problem.message, problem.help))
}

/// `text` as a message that a reader shows letter by letter.
fn message(text: &str) -> String {
    let text = text.replace('{', "{{").replace('}', "}}");
    if !text.contains("](") {
        return text;
    }
    text.replace('\\', "\\\\")
        .replace('[', "\\[")
        .replace(']', "\\]")
}

fn physical(location: &Location<'_>) -> Value {
    let (start, end) = (location.start, location.end);
    json!({
        "artifactLocation": artifact(location.file),
        "region": {
            "startLine": start.line,
            "startColumn": start.column,
            "endLine": end.line,
            "endColumn": end.column,
        },
    })
}

fn artifact(file: &str) -> Value {
    let file = file.strip_prefix("./").unwrap_or(file);
    if file.starts_with('/') {
        json!({"uri": format!("file://{}", uri(file))})
    } else {
        json!({"uri": uri(file), "uriBaseId": ROOT})
    }
}

/// The path `file` as a relative reference: all but its slashes and unreserved characters
/// percent-encoded (RFC 3986, section 2).
fn uri(file: &str) -> String {
    let mut uri = String::with_capacity(file.len());
    for byte in file.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(byte.into());
            }
            byte => {
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri
}

fn logical(object: &ObjectRef) -> Value {
    json!({
        "name": object.name,
        "fullyQualifiedName": full_name(object),
        "kind": "resource",
    })
}

fn full_name(object: &ObjectRef) -> String {
    let ObjectRef {
        api_version,
        kind,
        namespace,
        name,
    } = object;
    [api_version, kind, namespace, name]
        .map(String::as_str)
        .join("/")
}

/// The same in every run that finds the same, wherever it stands by then.
fn fingerprint(problem: &Problem) -> String {
    let object = problem.object.as_deref().map(full_name).unwrap_or_default();
    let mut hash = Sha256::new();
    for part in [problem.code.as_str(), &object, &problem.message] {
        hash.update(part);
        hash.update([0]);
    }
    let mut hex = String::new();
    for byte in hash.finalize() {
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_holds_no_placeholder_and_no_link() {
        assert_eq!(message("write `{drop: [ALL]}`"), "write `{{drop: [ALL]}}`");
        assert_eq!(
            message("`[here](javascript:a)` {0}"),
            r"`\[here\](javascript:a)` {{0}}"
        );
    }

    #[test]
    fn a_path_is_a_relative_reference_whatever_its_name() {
        assert_eq!(artifact("./a/b.yaml")["uri"], "a/b.yaml");
        assert_eq!(
            artifact("a:b c?#%é.yaml")["uri"],
            "a%3Ab%20c%3F%23%25%C3%A9.yaml"
        );
        assert_eq!(artifact("/a b")["uri"], "file:///a%20b");
    }
}
