//! The KRM function contract: a ResourceList on standard input, a ResourceList on standard output
//! (kustomize and kpt; functions-spec.md of the config.kubernetes.io API).
//!
//! kustomize never shows `results`, so what a person must see goes to standard error as well. It
//! also puts a copy of the functionConfig among the items, which must not count as a second set.

use std::io::{self, Write};

use serde::Serialize;

use crate::model::Set;
use crate::problem::{Code, Problem, Problems, Severity};
use crate::resources::objects;
use crate::source::{Place, Sources};
use crate::yaml::{self, Dialect, Node, Value, parse};

const KIND: &str = "ResourceList";
/// Both are alike to us; the one that came in goes out.
const VERSIONS: [&str; 2] = ["config.kubernetes.io/v1", "config.kubernetes.io/v1beta1"];
/// kustomize marks the copy of the functionConfig with it.
const LOCAL_CONFIG: &str = "config.kubernetes.io/local-config";

/// What a function was asked for.
#[derive(Debug)]
pub struct Request {
    /// The API version of the ResourceList.
    pub version: &'static str,
    /// The set in its functionConfig.
    pub set: Set,
}

/// Takes the ResourceList in the source `index` apart. `None` when `problems` has an error.
pub fn read(index: u32, sources: &Sources, problems: &mut Problems) -> Option<Request> {
    let text = &sources.get(index)?.text;
    let documents = parse(text, index, problems);
    if problems.has_errors() {
        return None;
    }
    let [list] = documents.as_slice() else {
        problems.push(expected(
            None,
            &match documents.len() {
                0 => "standard input is empty".to_owned(),
                number => format!("standard input holds {number} documents"),
            },
        ));
        return None;
    };
    let version = version(list, problems)?;
    let Some(config) = list.get("functionConfig").filter(|node| !node.is_null()) else {
        problems.push(
            Problem::error(
                Code::MissingField,
                list.place,
                "the ResourceList has no functionConfig",
            )
            .help("list the McpServerSet under `generators:` of the kustomization"),
        );
        return None;
    };
    if let Some(items) = list.get("items") {
        refuse_foreign_items(items, config, problems);
    }
    let set = crate::expand(config, Dialect::Kustomize, problems)?;
    Some(Request { version, set })
}

fn expected(place: Option<Place>, found: &str) -> Problem {
    Problem::error(
        Code::WrongKind,
        place,
        format!("expected a ResourceList of {}, and {found}", VERSIONS[0]),
    )
    .help("without a command mcpset is a KRM function, run by kustomize; `mcpset render FILE` reads a file")
}

fn version(list: &Node, problems: &mut Problems) -> Option<&'static str> {
    let text = |key| list.get(key).and_then(Node::text).unwrap_or_default();
    let (found, kind) = (text("apiVersion"), text("kind"));
    let version = VERSIONS.into_iter().find(|version| *version == found);
    if kind == KIND && version.is_some() {
        return version;
    }
    problems.push(expected(
        Some(list.place),
        &match (found, kind) {
            ("", "") => "this has neither `apiVersion` nor `kind`".to_owned(),
            _ => format!("this is a `{kind}` of `{found}`"),
        },
    ));
    None
}

/// A generator sees no resources but the copy of its own functionConfig.
fn refuse_foreign_items(items: &Node, config: &Node, problems: &mut Problems) {
    let Value::Sequence(items) = &items.value else {
        if !items.is_null() {
            problems.push(
                Problem::error(
                    Code::WrongType,
                    items.place,
                    format!("`items` is {}, not a list", items.kind()),
                )
                .help("write `items: []` where there are none"),
            );
        }
        return;
    };
    for item in items.iter().filter(|item| !is_copy(item, config)) {
        problems.push(
            Problem::error(
                Code::WrongKind,
                item.place,
                "mcpset is a generator, and this is something to transform",
            )
            .help("list the McpServerSet under `generators:`, not under `transformers:`"),
        );
    }
}

fn is_copy(item: &Node, config: &Node) -> bool {
    let same =
        |key: &str| item.get(key).and_then(Node::text) == config.get(key).and_then(Node::text);
    let name = |node: &Node| {
        let name = node
            .get("metadata")
            .and_then(|metadata| metadata.get("name"));
        name.and_then(Node::text).map(ToOwned::to_owned)
    };
    let is_local = item
        .get("metadata")
        .and_then(|metadata| metadata.get("annotations"))
        .and_then(|annotations| annotations.get(LOCAL_CONFIG))
        .and_then(Node::text)
        == Some("true");
    is_local && same("apiVersion") && same("kind") && name(item) == name(config)
}

/// Writes the bundle as a ResourceList, with `problems` (warnings, here) as its results.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(request: &Request, problems: &[Problem], mut out: impl Write) -> io::Result<()> {
    let mut text = String::from("apiVersion: ");
    text.push_str(request.version);
    text.push_str("\nkind: ResourceList\nitems:\n");
    for object in objects(&request.set) {
        yaml::list_item(&mut text, &object).map_err(io::Error::other)?;
        out.write_all(text.as_bytes())?;
        text.clear();
    }
    if !problems.is_empty() {
        text.push_str("results:\n");
        for problem in problems {
            yaml::list_item(&mut text, &KrmResult::from(problem)).map_err(io::Error::other)?;
        }
    }
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// One entry of `results`.
#[derive(Serialize)]
struct KrmResult {
    message: String,
    severity: &'static str,
}

impl From<&Problem> for KrmResult {
    fn from(problem: &Problem) -> Self {
        Self {
            message: format!("{}: {}; {}", problem.code, problem.message, problem.help),
            severity: match problem.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
            },
        }
    }
}
