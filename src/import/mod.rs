//! What people already have, as a set to go on with.
//!
//! Each format is read into a [`Draft`](draft::Draft), which one writer prints. Two promises decide how:
//! whatever a source says and the set does not is named beside the server that it concerns, and no
//! credential of a source is ever printed, in whatever field it stood. Nothing is made up to please a
//! check: where a version is unknown the set is refused until somebody writes one.
//!
//! An import stands at the text side of the house. It knows the config's names and the rules of its
//! values, and nothing of what is made of them.

mod client;
mod discretion;
mod draft;
mod fields;
mod image;
mod json;
mod kmcp;
mod known;
mod launch;
mod names;
mod object;
mod pod;
mod print;
mod registry;
mod remark;
mod toolhive;
mod tree;
mod values;
mod ways;
mod words;
mod workload;
mod write;

use std::collections::BTreeMap;

pub use write::Wanted;

use crate::manifest::items;
use crate::problem::{Code, Problem, Problems};
use crate::source::Sources;
use crate::yaml::Node;
use draft::Draft;
use values::Values;
use workload::Objects;

/// What a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Registry,
    Client,
    ToolHive,
    Kmcp,
    Deployment,
    /// An object that others may refer to.
    Object,
}

/// The formats, for advice.
const FORMATS: &str = "server.json of the MCP registry, a client's file (mcpServers, or servers of VS Code), a MCPServer of ToolHive or kmcp, and Deployments with what is around them";

/// The set in the files `indexes` of `sources`, as YAML. `given` answers what sources ask for. `None` when
/// `problems` has an error.
pub fn import(
    indexes: &[u32],
    given: BTreeMap<String, String>,
    wanted: &Wanted,
    sources: &Sources,
    problems: &mut Problems,
) -> Option<String> {
    let mut found = Problems::unlimited();
    let mut documents = Vec::new();
    for index in indexes {
        let Some(source) = sources.get(*index) else {
            continue;
        };
        let (count, before) = (documents.len(), found.has_errors());
        documents.extend(
            json::documents(source, *index, &mut found)
                .into_iter()
                .flat_map(items),
        );
        if documents.len() == count && found.has_errors() == before {
            let message = format!("{} is empty", source.name);
            found.push(
                Problem::error(Code::MissingField, None, message).help(format!("give {FORMATS}")),
            );
        }
    }
    let mut draft = Draft::default();
    read(&documents, given, &mut draft, &mut found);
    let hidden: Vec<String> = draft
        .hidden
        .iter()
        .chain(draft.servers.iter().flat_map(|server| &server.hidden))
        .cloned()
        .collect();
    if draft.servers.is_empty() && !found.has_errors() {
        let place = documents.first().map(|document| document.place);
        let mut message = "no server is to be deployed in these files".to_owned();
        for remark in &draft.remarks {
            message.push_str("; ");
            message.push_str(&remark.text);
        }
        found.push(
            Problem::error(Code::MissingField, place, message)
                .help(format!("what can be imported is {FORMATS}")),
        );
    }
    let text = (!found.has_errors()).then(|| write::write(draft, wanted, &mut found));
    for problem in found.into_sorted() {
        problems.push(discretion::discreet(problem, &hidden, sources));
    }
    text
}

/// Reads `documents` into `draft`.
fn read(
    documents: &[Node],
    given: BTreeMap<String, String>,
    draft: &mut Draft,
    problems: &mut Problems,
) {
    let mut known = Vec::new();
    for document in documents {
        match format(document) {
            Some(format) => known.push((format, document)),
            None => problems.push(unknown(document)),
        }
    }
    let objects = known
        .iter()
        .filter(|(format, _)| matches!(format, Format::Object | Format::Deployment));
    let objects = Objects::new(objects.map(|(_, document)| *document).collect());
    let mut values = Values::new(given, problems);
    for (format, document) in &known {
        match format {
            Format::Registry => registry::read(document, draft, &mut values),
            Format::Client => client::read(document, draft, &mut values),
            Format::ToolHive => toolhive::read(document, &objects, draft),
            Format::Kmcp => kmcp::read(document, &objects, draft),
            Format::Deployment => workload::read(document, &objects, draft),
            Format::Object => {}
        }
    }
    draft.hidden.append(&mut values.hidden);
    values.close();
    objects.close(draft);
}

fn format(document: &Node) -> Option<Format> {
    let text = |key: &str| document.get(key).and_then(Node::text);
    if let (Some(version), Some(kind)) = (text("apiVersion"), text("kind")) {
        let group = version.split('/').next().unwrap_or_default();
        return match (group, kind) {
            (toolhive::GROUP, "MCPServer") => Some(Format::ToolHive),
            (kmcp::GROUP, "MCPServer") => Some(Format::Kmcp),
            ("mcpset.dev", _) => None,
            _ if workload::is_deployment(document) => Some(Format::Deployment),
            _ => Some(Format::Object),
        };
    }
    if registry::is_registry(document) {
        return Some(Format::Registry);
    }
    client::is_client(document).then_some(Format::Client)
}

fn unknown(document: &Node) -> Problem {
    let text = |key: &str| document.get(key).and_then(Node::text);
    let is_set = text("apiVersion").is_some_and(|version| version.starts_with("mcpset.dev/"));
    let (message, help) = if is_set {
        (
            "this is a set already".to_owned(),
            "give it to `mcpset render`".to_owned(),
        )
    } else {
        let message = format!("{} that is nothing mcpset can import", document.kind());
        (message, format!("it imports {FORMATS}"))
    };
    Problem::error(Code::WrongKind, document.place, message).help(help)
}
