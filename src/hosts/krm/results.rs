//! `results` of a ResourceList: problems as kpt and other orchestrators show them.
//!
//! A person's lines were lost on the way here, so a result says which object of which file it is
//! about, and which field of it.

use std::io;
use std::ops::Range;

use serde::Serialize;

use super::{INDEXES, PATHS};
use crate::credential::credential;
use crate::hosts::annotation;
use crate::hosts::splice::{Edit, Replacement};
use crate::problem::{ObjectRef, Problem, Problems, Severity};
use crate::source::Place;
use crate::yaml::{self, Node, Value, field_path, parse};

/// Where results are written.
#[derive(Debug)]
pub struct ResultsPlace {
    /// The bytes that they take the place of; none where they are inserted.
    pub range: Range<usize>,
    /// Whether the list is written in braces.
    pub is_flow: bool,
    /// Whether they take the place of an entry instead of following one.
    pub replaces: bool,
}

impl ResultsPlace {
    /// The edit that writes `problems` there, which were found in the ResourceList `text`.
    ///
    /// # Errors
    /// Never in practice: results are text.
    pub fn edit(self, problems: &[Problem], text: &str) -> io::Result<Edit> {
        let results = results(problems, text);
        let with = if self.is_flow {
            let results = serde_json::to_string(&results)?;
            let separator = if self.replaces { "" } else { ", " };
            Replacement::Text(format!("{separator}\"results\": {results}"))
        } else {
            let mut lines = String::from("results:\n");
            for result in &results {
                yaml::list_item(&mut lines, result).map_err(io::Error::other)?;
            }
            Replacement::Lines(lines)
        };
        Ok(Edit {
            range: self.range,
            with,
        })
    }
}

/// One entry of `results`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KrmResult {
    message: String,
    severity: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_ref: Option<ResourceRef>,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<Field>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<File>,
    tags: Tags,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ResourceRef {
    api_version: String,
    kind: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    namespace: String,
    name: String,
}

#[derive(Debug, Serialize)]
struct Field {
    path: String,
}

#[derive(Debug, Serialize)]
struct File {
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<u32>,
}

#[derive(Debug, Serialize)]
struct Tags {
    rule: &'static str,
}

/// The entries for `problems`, which were found in the ResourceList `text`.
pub fn results(problems: &[Problem], text: &str) -> Vec<KrmResult> {
    let list = parse(text, 0, &mut Problems::default()).into_iter().next();
    problems
        .iter()
        .map(|problem| result(problem, list.as_ref()))
        .collect()
}

fn result(problem: &Problem, list: Option<&Node>) -> KrmResult {
    let within = list
        .zip(problem.place)
        .and_then(|(list, place)| within(list, place));
    let (resource, path) = within.unzip();
    let path = path.filter(|path| !path.is_empty() && credential(path).is_none());
    let about = problem.object.as_deref().map(ResourceRef::from);
    KrmResult {
        message: message(problem),
        severity: match problem.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "info",
        },
        resource_ref: about.or_else(|| resource.and_then(ResourceRef::of)),
        field: path.map(|path| Field { path }),
        file: resource.and_then(File::of),
        tags: Tags {
            rule: problem.code.as_str(),
        },
    }
}

fn message(problem: &Problem) -> String {
    let (code, message) = (problem.code, &problem.message);
    match &problem.exception {
        Some(reason) => format!("{code}: {message}; allowed: {reason}"),
        None if problem.help.is_empty() => format!("{code}: {message}"),
        None => format!("{code}: {message}; {}", problem.help),
    }
}

/// The item of `list`, or its functionConfig, in which `place` is, and the route to it there.
fn within(list: &Node, place: Place) -> Option<(&Node, String)> {
    let items = match list.get("items").map(|items| &items.value) {
        Some(Value::Sequence(items)) => items.as_slice(),
        _ => &[],
    };
    let resources = items.iter().chain(list.get("functionConfig"));
    let resource = resources
        .filter(|resource| resource.place.start <= place.start)
        .max_by_key(|resource| resource.place.start)?;
    Some((resource, field_path(resource, place.start)?))
}

impl From<&ObjectRef> for ResourceRef {
    fn from(object: &ObjectRef) -> Self {
        Self {
            api_version: object.api_version.clone(),
            kind: object.kind.clone(),
            namespace: object.namespace.clone(),
            name: object.name.clone(),
        }
    }
}

impl ResourceRef {
    /// `None` of what does not say who it is, or says a credential instead.
    fn of(resource: &Node) -> Option<Self> {
        let text = |node: Option<&Node>| node.and_then(Node::text).map(str::to_owned);
        let metadata = resource.get("metadata")?;
        let found = Self {
            api_version: text(resource.get("apiVersion"))?,
            kind: text(resource.get("kind"))?,
            namespace: text(metadata.get("namespace")).unwrap_or_default(),
            name: text(metadata.get("name"))?,
        };
        let words = [
            &found.api_version,
            &found.kind,
            &found.namespace,
            &found.name,
        ];
        let is_harmless = words.into_iter().all(|word| credential(word).is_none());
        is_harmless.then_some(found)
    }
}

impl File {
    fn of(resource: &Node) -> Option<Self> {
        let path = PATHS.iter().find_map(|key| annotation(resource, key))?;
        let index = INDEXES.iter().find_map(|key| annotation(resource, key));
        credential(path).is_none().then(|| Self {
            path: path.to_owned(),
            index: index.and_then(|index| index.parse().ok()),
        })
    }
}
