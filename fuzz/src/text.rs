//! What several promises say of texts and of the problems that are found in them.

use std::str;

use mcpset::api::KIND;
use mcpset::hosts::files;
use mcpset::problem::{Problem, Problems};
use mcpset::report::{self, Occasion};
use mcpset::source::{Origin, Place, Sources};
use mcpset::yaml::parse;
use serde::Deserialize as _;

/// How the version of everything of ours begins.
pub const VERSION: &str = "mcpset.dev/v";

/// The text of `data`, kept as the program keeps a file. `None` of what is no text, which is refused
/// with an error.
pub fn kept(data: &[u8], origin: Origin) -> Option<(Sources, u32)> {
    let (mut sources, mut problems) = (Sources::default(), Problems::default());
    let kept = files::keep(
        "input.yaml".to_owned(),
        data.to_vec(),
        origin,
        &mut sources,
        &mut problems,
    );
    let is_text = str::from_utf8(data).is_ok() && !data.contains(&0);
    assert_eq!(kept.is_some(), is_text);
    assert_eq!(kept.is_none(), problems.has_errors());
    Some((sources, kept?))
}

/// `problems` are about `sources`, and every report can show them.
pub fn presentable(problems: Vec<Problem>, sources: &Sources) -> Vec<Problem> {
    places_lie_in(&problems, sources);
    let problems: Vec<Problem> = problems
        .into_iter()
        .map(|problem| report::presentable(problem, sources))
        .collect();
    places_lie_in(&problems, sources);
    let _ = report::text(&problems, sources, Occasion::Checking);
    problems
}

/// Every place of `problems` is a range of whole characters in one of `sources`.
pub fn places_lie_in(problems: &[Problem], sources: &Sources) {
    for problem in problems {
        let related = problem.related.iter().map(|related| related.place);
        for place in problem.place.into_iter().chain(related) {
            assert!(lies_in(place, sources), "{place:?} of {problem:?}");
        }
    }
}

fn lies_in(place: Place, sources: &Sources) -> bool {
    let (start, end) = (place.start as usize, place.end as usize);
    let source = sources.get(place.source);
    source.is_some_and(|source| source.text.get(start..end).is_some())
}

/// Whether our own parser takes all of `text`.
pub fn is_sound(text: &str) -> bool {
    let mut problems = Problems::default();
    parse(text, 0, &mut problems);
    !problems.has_errors()
}

/// Whether `object` is a set, or a list with one in it.
pub fn is_set(object: &serde_json::Value) -> bool {
    let kind = object["kind"].as_str().unwrap_or_default();
    let items = object["items"]
        .as_array()
        .filter(|_| kind.ends_with("List"));
    kind == KIND || items.into_iter().flatten().any(is_set)
}

/// The documents in `text`, as an independent reader sees them; empty ones are left out.
pub fn documents(text: &str) -> Result<Vec<serde_json::Value>, serde_yaml::Error> {
    let mut documents = Vec::new();
    for document in serde_yaml::Deserializer::from_str(text) {
        let document = serde_json::Value::deserialize(document)?;
        if !document.is_null() {
            documents.push(document);
        }
    }
    Ok(documents)
}
