//! A stream of documents with sets in it: Helm's post-renderer, kustomize's legacy plugins, Argo CD.
//!
//! A set gives way to its objects where it stands; every other document leaves as it came, byte
//! for byte, comments and quoting included, and mostly unread.

use std::collections::HashSet;

use memchr::memmem::Finder;

use super::splice::{Bundle, Edit, Layout, Replacement};
use super::{
    VERSION, annotation, annotation_node, is_set, judge, may_say, refuse_set_in_list, require_known,
};
use crate::api::KIND;
use crate::check::collisions;
use crate::model::Set;
use crate::overrides::Overrides;
use crate::problem::{Code, Problem, Problems};
use crate::source::{Place, Sources};
use crate::yaml::{
    Dialect, Node, OTHER_BREAKS, Piece, hides_letters, parse_part, refuse_breaks, root_says, split,
};

/// What Helm 4 marks each document with, to give it back to its template.
const HELM_FILE: &str = "postrenderer.helm.sh/postrender-filename";
/// What Helm 3 marks each document with, for `--show-only`.
const HELM_SOURCE: &str = "# Source: ";
/// What makes an object a hook of Helm.
const HELM_HOOK: &str = "helm.sh/hook";

/// The edits that expand every set in the source `index`.
pub fn expand(
    index: u32,
    dialect: Dialect,
    sources: &Sources,
    problems: &mut Problems,
) -> Vec<Edit> {
    expand_all(&[index], dialect, &Overrides::default(), sources, problems)
        .pop()
        .unwrap_or_default()
}

/// The edits that expand every set in several sources, of which no two may write one object.
pub fn expand_all(
    indexes: &[u32],
    dialect: Dialect,
    overrides: &Overrides,
    sources: &Sources,
    problems: &mut Problems,
) -> Vec<Vec<Edit>> {
    let found: Vec<Vec<Found<'_>>> = indexes
        .iter()
        .map(|index| find(*index, dialect, overrides, sources, problems))
        .collect();
    let placed = found
        .iter()
        .flatten()
        .map(|found| (&found.set, found.place));
    collisions(placed, problems);
    judge_all(indexes, &found, sources, problems);
    found
        .into_iter()
        .map(|found| found.into_iter().map(Found::edit).collect())
        .collect()
}

/// Notes what of the objects of the sets `found` breaks a policy among the documents of their streams.
fn judge_all(
    indexes: &[u32],
    found: &[Vec<Found<'_>>],
    sources: &Sources,
    problems: &mut Problems,
) {
    let texts = indexes.iter().filter_map(|index| sources.get(*index));
    let says_template = texts.map(|source| judge::says_template(&source.text));
    let has_sets = found.iter().any(|found| !found.is_empty());
    if !has_sets || problems.has_errors() || !says_template.into_iter().any(|says| says) {
        return;
    }
    let mut others = Vec::new();
    for (index, found) in indexes.iter().zip(found) {
        let text = sources
            .get(*index)
            .map_or("", |source| source.text.as_str());
        let sets: HashSet<usize> = found.iter().map(|found| found.piece.start).collect();
        for piece in split(text).filter(|piece| !sets.contains(&piece.start)) {
            let range = piece.start..piece.start + piece.text.len();
            others.extend(judge::read_other(piece.text, problems, |problems| {
                parse_part(text, range, *index, problems)
            }));
        }
    }
    let sets = found.iter().flatten();
    let sets = sets.map(|found| &found.set);
    judge::judge(sets, others, problems);
}

/// A set in a stream.
struct Found<'t> {
    piece: Piece<'t>,
    document: Node,
    set: Set,
    /// What tells a person where it comes from: Helm's name of its template, or its own place.
    place: Place,
}

fn find<'s>(
    index: u32,
    dialect: Dialect,
    overrides: &Overrides,
    sources: &'s Sources,
    problems: &mut Problems,
) -> Vec<Found<'s>> {
    let text = sources.get(index).map_or("", |source| source.text.as_str());
    candidates(text)
        .filter_map(|piece| {
            let mut mistakes = Problems::default();
            let document = ours(text, piece, index, &mut mistakes);
            let set = document
                .as_ref()
                .and_then(|document| crate::expand(document, dialect, overrides, &mut mistakes));
            let template = template(piece, index, document.as_ref());
            problems.extend(match template {
                Some(template) => mistakes.related(template, "rendered from this template"),
                None => mistakes,
            });
            let document = document?;
            Some(Found {
                piece,
                place: template.unwrap_or(document.place),
                document,
                set: set?,
            })
        })
        .collect()
}

impl Found<'_> {
    fn edit(self) -> Edit {
        let comment = source_comment(self.piece.text);
        Edit {
            range: self.piece.start..self.piece.start + self.piece.text.len(),
            with: Replacement::Objects(
                Box::new(helm_bundle(self.set, &self.document)),
                Layout::Documents { comment },
            ),
        }
    }
}

/// The documents of `text` that may be sets, or were meant to be: others need no reading.
fn candidates(text: &str) -> impl Iterator<Item = Piece<'_>> {
    // Of ten thousand documents, each begins a search.
    let words = [KIND, VERSION].map(Finder::new);
    let hides = hides_letters(text);
    let may_be_ours = move |text: &str| {
        let mut shown = words.iter().map(|word| word.find(text.as_bytes()));
        shown.any(|found| found.is_some()) || hides && hides_letters(text)
    };
    let pieces = may_be_ours(text).then(|| split(text));
    let pieces = pieces.into_iter().flatten();
    pieces.filter(move |piece| may_be_ours(piece.text))
}

/// The sets in the source `index`, as they are written.
pub fn sets(index: u32, sources: &Sources, problems: &mut Problems) -> Vec<Node> {
    let text = sources.get(index).map_or("", |source| source.text.as_str());
    candidates(text)
        .filter_map(|piece| ours(text, piece, index, problems))
        .collect()
}

/// Whether `text` begins with the line that opens a document.
#[must_use]
pub fn begins_with_marker(text: &str) -> bool {
    text.strip_prefix("---")
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['\n', '\r', ' ', '\t']))
}

/// The set in `piece`, if it is one and does not only mention the word. A piece that cannot be
/// read is somebody else's, and so is its mistake, unless it says of itself that it is a set.
fn ours(text: &str, piece: Piece<'_>, index: u32, problems: &mut Problems) -> Option<Node> {
    let range = piece.start..piece.start + piece.text.len();
    if let Err(problem) = refuse_breaks(text, index, &range, &[])
        && says_set(&piece.text.replace(OTHER_BREAKS, "\n"))
    {
        problems.push(*problem);
        return None;
    }
    let mut found = Problems::default();
    let mut documents = parse_part(text, range, index, &mut found);
    let document = documents.pop().filter(|_| documents.is_empty());
    let is_set = document.as_ref().is_some_and(is_set);
    if is_set || (found.has_errors() && says_set(piece.text)) {
        problems.extend(found);
    }
    if let Some(document) = &document {
        refuse_set_in_list(document, problems);
        require_known(document, problems);
    }
    let set = document.filter(|_| is_set)?;
    if let Some(hook) = annotation_node(&set, HELM_HOOK) {
        problems.push(
            Problem::error(
                Code::Contradiction,
                hook.place,
                format!("a `{KIND}` cannot be a hook: its objects are part of the release"),
            )
            .help(format!("remove the annotation `{HELM_HOOK}`")),
        );
    }
    Some(set)
}

/// Whether a document in `text` says of itself that it is a set, readable or not.
#[must_use]
pub fn says_set(text: &str) -> bool {
    split(text).any(|piece| may_say(piece.text, KIND) && root_says(piece.text, "kind", KIND))
}

/// The objects of a set, given back to the template that the set comes from.
fn helm_bundle(set: Set, document: &Node) -> Bundle {
    let mut bundle = Bundle::plain(set);
    if let Some(file) = annotation(document, HELM_FILE) {
        bundle
            .annotations
            .push((HELM_FILE.to_owned(), file.to_owned()));
    }
    bundle
}

/// Where Helm says which template `piece` comes from: a person knows no other place.
fn template(piece: Piece<'_>, source: u32, document: Option<&Node>) -> Option<Place> {
    if let Some(file) = document.and_then(|document| annotation_node(document, HELM_FILE)) {
        return Some(file.place);
    }
    let line = source_line(piece.text)?;
    let start = piece.start + piece.text.find(line)?;
    Some(Place {
        source,
        start: u32::try_from(start).ok()?,
        end: u32::try_from(start + line.len()).ok()?,
    })
}

/// Helm's comment line of a document, for each document that replaces it.
fn source_comment(text: &str) -> String {
    source_line(text).map_or_else(String::new, |line| format!("{line}\n"))
}

fn source_line(text: &str) -> Option<&str> {
    text.lines().find(|line| line.starts_with(HELM_SOURCE))
}
