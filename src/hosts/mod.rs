//! What runs mcpset, and how each of them frames its input and output.
//!
//! Every host has the same two rules: on an error nothing goes to standard output, because
//! kustomize, Helm and Argo CD take whatever stands there for the result; and output begins only
//! when nothing can fail any more.

pub mod argocd;
pub mod files;
pub mod folder;
pub mod fresh;
pub mod judge;
pub mod krm;
pub mod objects;
pub mod policies;
pub mod side;
pub mod splice;
pub mod stream;

use memchr::memmem;

use crate::api::{API_VERSION, CHECK_KIND, KIND, TRANSFORMER_KIND};
use crate::nearest::nearest;
use crate::problem::{Code, Problem, Problems};
use crate::source::Place;
use crate::yaml::{Node, Value, hides_letters};

/// How the version begins of every kind of ours. Labels and annotations of generated objects have none.
const VERSION: &str = "mcpset.dev/v";

/// Whether `text`, which may have a hundred megabytes, holds `word`.
fn says(text: &str, word: &str) -> bool {
    memmem::find(text.as_bytes(), word.as_bytes()).is_some()
}

/// Whether a value in `text` may be `word`, shown or not.
fn may_say(text: &str, word: &str) -> bool {
    says(text, word) || hides_letters(text)
}

/// Whether `document` says it is a McpServerSet of the version we know. `None` and a problem
/// when it is something else.
pub fn require_kind(document: &Node, problems: &mut Problems) -> Option<()> {
    let found = |key: &str| document.get(key);
    let text = |key: &str| found(key).and_then(Node::text).unwrap_or_default();
    let (version, kind) = (text("apiVersion"), text("kind"));
    if version == API_VERSION && kind == KIND {
        return Some(());
    }
    let is_ours = kind == KIND || version.starts_with("mcpset.dev/");
    let wrong = if kind == KIND { "apiVersion" } else { "kind" };
    let place = found(wrong).map_or(document.place, |node| node.place);
    let what = match (version, kind) {
        ("", "") => "a document without `apiVersion` and `kind`".to_owned(),
        ("", kind) => format!("a `{kind}` without `apiVersion`"),
        (version, "") => format!("a document of `{version}` without `kind`"),
        (version, kind) => format!("a `{kind}` of `{version}`"),
    };
    let is_headless = version.is_empty() && kind.is_empty() && found("spec").is_some();
    let help = if is_ours || is_headless {
        format!("write `apiVersion: {API_VERSION}` and `kind: {KIND}`")
    } else {
        format!("move it to another file: mcpset is given files with a `{KIND}` only")
    };
    problems.push(
        Problem::error(
            Code::WrongKind,
            place,
            format!("expected a `{KIND}` of `{API_VERSION}`, found {what}"),
        )
        .help(help),
    );
    None
}

/// Whether `document` is not of our group or kinds at all, or says so as we know them. A set is known by
/// its kind, and [`require_kind`] looks at the rest.
pub fn require_known(document: &Node, problems: &mut Problems) -> bool {
    let text = |key: &str| document.get(key).and_then(Node::text).unwrap_or_default();
    let (version, kind) = (text("apiVersion"), text("kind"));
    let kinds = [KIND, TRANSFORMER_KIND, CHECK_KIND];
    let is_ours = version.split('/').next() == API_VERSION.split('/').next();
    let is_known = kinds.contains(&kind);
    let is_of_others = !is_ours && !is_known || kind.is_empty();
    if kind == KIND || is_of_others || is_known && version == API_VERSION {
        return true;
    }
    let (key, message) = if is_known {
        let message = format!("there is no version `{version}` of a `{kind}`");
        ("apiVersion", message)
    } else {
        ("kind", format!("`{API_VERSION}` has no kind `{kind}`"))
    };
    let help = match nearest(kind, &kinds) {
        _ if is_known => format!("write `apiVersion: {API_VERSION}`"),
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("write one of {}", kinds.join(", ")),
    };
    let place = document.get(key).map_or(document.place, |node| node.place);
    problems.push(Problem::error(Code::WrongKind, place, message).help(help));
    false
}

/// Whether `object` says that it is a set, of whatever version.
#[must_use]
pub fn is_set(object: &Node) -> bool {
    object.get("kind").and_then(Node::text) == Some(KIND)
}

/// Notes a set among the `items` of `document`, when that is a list of objects: what else has `items` may
/// mean something else by them.
pub fn refuse_set_in_list(document: &Node, problems: &mut Problems) {
    if let Some(place) = set_in_list(document) {
        let what = format!("a `{KIND}` inside a `List` is not expanded");
        let problem = Problem::error(Code::WrongKind, place, what);
        problems.push(problem.help("write the set as a document of its own"));
    }
}

fn set_in_list(document: &Node) -> Option<Place> {
    let kind = document.get("kind").and_then(Node::text)?;
    if !kind.ends_with("List") {
        return None;
    }
    let Value::Sequence(items) = &document.get("items")?.value else {
        return None;
    };
    let place = |item: &Node| is_set(item).then_some(item.place);
    items
        .iter()
        .find_map(|item| place(item).or_else(|| set_in_list(item)))
}

/// Whether `object` says that it tells the checks something.
#[must_use]
pub fn is_check(object: &Node) -> bool {
    object.get("kind").and_then(Node::text) == Some(CHECK_KIND)
}

/// The annotation `key` of `object`.
#[must_use]
pub fn annotation<'n>(object: &'n Node, key: &str) -> Option<&'n str> {
    annotation_node(object, key)?.text()
}

/// The annotation `key` of `object`, with its place.
#[must_use]
pub fn annotation_node<'n>(object: &'n Node, key: &str) -> Option<&'n Node> {
    object.get("metadata")?.get("annotations")?.get(key)
}

/// Says that no rule was run: of what is only partly known, they would find missing what is merely wrong.
#[must_use]
pub fn not_checked() -> Problem {
    let message = "the rules were not run, because the input has errors";
    Problem::note(Code::NotChecked, None, message).help("mend the errors, and check again")
}
