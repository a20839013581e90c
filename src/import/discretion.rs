//! What an import says of its sources without repeating their credentials.
//!
//! A report shows the line that it means. In these sources any line may hold a password: JSON is often
//! one line. So a line is shown only where nothing in it or right before it speaks of a credential.

use super::secret::is_secret_name;
use crate::problem::{Code, Problem};
use crate::source::{Place, Sources};

/// How much before a place is looked at, in bytes.
const BEFORE: usize = 200;
/// Bytes of a line that are looked at, either way.
const AROUND: usize = 4096;

/// `problem`, with its line hidden where that may give one of `hidden` or another credential away.
pub fn discreet(mut problem: Problem, hidden: &[String], sources: &Sources) -> Problem {
    for value in hidden.iter().filter(|value| value.len() >= 6) {
        for text in [&mut problem.message, &mut problem.help] {
            if text.contains(value.as_str()) && !value.chars().all(|c| c.is_ascii_lowercase()) {
                *text = text.replace(value.as_str(), "…");
            }
        }
    }
    let Some(place) = problem.place else {
        return problem;
    };
    if is_telling(place, problem.code, hidden, sources) {
        return problem.secret();
    }
    problem
}

fn is_telling(place: Place, code: Code, hidden: &[String], sources: &Sources) -> bool {
    let Some(source) = sources.get(place.source) else {
        return false;
    };
    let text = source.text.as_str();
    // What cannot be read is not known to be no Secret.
    if code == Code::Syntax && text.contains("Secret") {
        return true;
    }
    let at = text.floor_char_boundary(place.start as usize);
    let (before, after) = text.split_at_checked(at).unwrap_or((text, ""));
    let start = text.floor_char_boundary(at.saturating_sub(AROUND));
    let line = before
        .rfind('\n')
        .map_or(0, |newline| newline + 1)
        .max(start);
    let before = text.floor_char_boundary(line.saturating_sub(BEFORE));
    let end = at + after.find('\n').unwrap_or(after.len()).min(AROUND);
    let shown = text
        .get(line..text.floor_char_boundary(end))
        .unwrap_or_default();
    let seen = text
        .get(before..text.floor_char_boundary(end))
        .unwrap_or_default();
    let mut words = seen.split(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '-' | '.'));
    // API groups and the kind `ServiceAccount` are no names of values.
    words.any(|word| !word.ends_with("k8s.io") && is_secret_name(word))
        || hidden
            .iter()
            .any(|value| !value.is_empty() && shown.contains(value.as_str()))
}
