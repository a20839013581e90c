//! Objects on standard output: a YAML document each, or one `List` in JSON as `kubectl get -o json` prints
//! it.
//!
//! The list is one value, as a file called `.json` is to most programs; kubectl, kustomize and Argo CD take
//! it for its items. Objects one behind the other are refused by Argo CD, and by all that reads one value.

use std::io::{self, Write};

use crate::json::pretty;
use crate::model::Set;
use crate::parallel::{self, SOME};
use crate::resources::{Object, Part, parts};
use crate::yaml::{self, Encoded, WriteError};

/// What stands before the items.
const BEGIN: &str = "{\n  \"apiVersion\": \"v1\",\n  \"kind\": \"List\",\n  \"items\": [";
/// Before every line of an item.
const INDENT: &str = "\n    ";

/// Bytes that the text of some objects takes at least, mostly.
const ROOM: usize = 4096;

/// Writes the objects of `sets`, a document each, and tells `step` of each its kind.
///
/// # Errors
/// What `out` says.
pub fn documents<'s>(
    sets: impl IntoIterator<Item = &'s Set>,
    is_chosen: impl Fn(&Object) -> bool + Sync,
    out: &mut impl Write,
    mut step: impl FnMut(&'static str),
) -> io::Result<()> {
    each_text(
        sets,
        |object, text| {
            if !is_chosen(&object) {
                return Ok(());
            }
            text.push_str("---\n");
            yaml::document(text, &object)
        },
        |text, kinds| {
            kinds.iter().copied().for_each(&mut step);
            out.write_all(text.as_bytes())
        },
    )
}

/// Hands `take` what `write` says of the objects of `sets`, in their order: the texts of a few at a
/// time, and the kinds of those of which it said anything.
///
/// # Errors
/// The first that `take` returns.
pub(super) fn each_text<'s>(
    sets: impl IntoIterator<Item = &'s Set>,
    write: impl Fn(Object, &mut String) -> Result<(), WriteError> + Sync,
    mut take: impl FnMut(&str, &[&'static str]) -> io::Result<()>,
) -> io::Result<()> {
    let sets: Vec<&Set> = sets.into_iter().collect();
    let servers: usize = sets.iter().map(|set| set.servers.len()).sum();
    let sets = sets.into_iter();
    let parts: Vec<Part<'_>> = sets.flat_map(|set| parts(set, SOME)).collect();
    let written = |part: &Part<'_>| {
        let (mut text, mut kinds) = (String::with_capacity(ROOM), Vec::new());
        for object in part.objects() {
            let (before, kind) = (text.len(), object.kind());
            write(object, &mut text)?;
            if text.len() > before {
                kinds.push(kind);
            }
        }
        Ok((text, kinds))
    };
    let take = |written: Result<_, WriteError>| {
        let (text, kinds): (String, Vec<_>) = written.map_err(io::Error::other)?;
        take(&text, &kinds)
    };
    parallel::each(servers > SOME, &parts, written, take)
}

/// Writes `objects` as they come, one at a time, into a list.
///
/// # Errors
/// What `out` says.
pub fn list(objects: impl Iterator<Item = Object>, out: &mut impl Write) -> io::Result<()> {
    out.write_all(BEGIN.as_bytes())?;
    let mut end = "]\n}\n";
    let mut separator = "";
    for object in objects {
        // A text has no line breaks in JSON: each is one of ours.
        let item = pretty(&Encoded::of(&object))
            .trim_end()
            .replace('\n', INDENT);
        write!(out, "{separator}{INDENT}{item}")?;
        separator = ",";
        end = "\n  ]\n}\n";
    }
    out.write_all(end.as_bytes())
}
