//! What must not be repeated: CI keeps what we print, and Argo CD shows it.
//!
//! A message quotes what it speaks of, and people paste credentials into any field. So where a
//! place holds one, neither its line is shown nor any word of it in a message.

use crate::credential::{credential, credentials};
use crate::problem::{Problem, Severity};
use crate::source::{Place, Source, Sources};

/// How far around a place is looked, in bytes; messages quote less.
const AROUND: usize = 4096;
/// Bytes of a private key at most: one of RSA with 16384 bits has 13 KB.
const LONGEST_KEY: usize = 64 << 10;

/// `problem` without the words of a credential.
#[must_use]
pub fn discreet(mut problem: Problem, sources: &Sources) -> Problem {
    let hidden: Vec<String> = places(&problem)
        .filter_map(|place| Some((sources.get(place.source)?, place)))
        .flat_map(|(source, place)| secrets(source, place))
        .map(str::to_lowercase)
        .collect();
    if !hidden.is_empty() {
        problem.message = masked(&problem.message, &hidden);
        problem.help = masked(&problem.help, &hidden);
    }
    if let Some(object) = &mut problem.object {
        for word in [
            &mut object.api_version,
            &mut object.kind,
            &mut object.namespace,
            &mut object.name,
        ] {
            hide(word);
        }
    }
    for related in &mut problem.related {
        hide(&mut related.note);
    }
    if let Some(reason) = &mut problem.exception {
        hide(reason);
    }
    if [&problem.message, &problem.help]
        .iter()
        .any(|text| credential(text).is_some())
    {
        problem.message = match problem.severity {
            Severity::Error => "this is wrong, and holds what looks like a credential".into(),
            Severity::Warning | Severity::Note => "this holds what looks like a credential".into(),
        };
        problem.help =
            "store the credential in the secret store and name it under `secrets`; then revoke this one"
                .into();
    }
    problem
}

/// Leaves nothing of `text` where it looks like a credential.
fn hide(text: &mut String) {
    if credential(text).is_some() {
        *text = "…".into();
    }
}

fn places(problem: &Problem) -> impl Iterator<Item = Place> {
    let related = problem.related.iter().map(|related| related.place);
    problem.place.into_iter().chain(related)
}

/// Whether the line at `place`, or the value there, must not be shown.
#[must_use]
pub fn is_hidden(source: &Source, place: Place) -> bool {
    secrets(source, place).next().is_some()
}

/// What must not be shown of the line at `place` and the value there.
fn secrets(source: &Source, place: Place) -> impl Iterator<Item = &str> {
    let text = neighbourhood(source, place);
    let key = is_in_private_key(source, place).then_some(text);
    key.into_iter().chain(credentials(text))
}

/// The line at `place`, and the following lines of the value that stands there.
fn neighbourhood(source: &Source, place: Place) -> &str {
    let text = source.text.as_str();
    let start = text.floor_char_boundary(place.start as usize);
    let end = text.floor_char_boundary((place.end as usize).clamp(start, start + AROUND));
    let (before, after) = text.split_at_checked(start).unwrap_or((text, ""));
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line_start = line_start.max(text.floor_char_boundary(start.saturating_sub(AROUND)));
    let line_end = start + after.find('\n').unwrap_or(after.len());
    let line_end = text.floor_char_boundary(line_end.min(start + AROUND));
    text.get(line_start..end.max(line_end)).unwrap_or_default()
}

/// Whether `place` is behind the first line of a private key and not behind its last.
fn is_in_private_key(source: &Source, place: Place) -> bool {
    let at = source.text.floor_char_boundary(place.start as usize);
    let begin = source.begin_before(at);
    let begin = begin.filter(|begin| at - begin <= LONGEST_KEY);
    begin.is_some_and(|begin| {
        let since = source.text.get(begin..at).unwrap_or_default();
        since.contains("PRIVATE KEY-----") && !since.contains("-----END ")
    })
}

/// `text` with `…` for what it quotes of `hidden`.
fn masked(text: &str, hidden: &[String]) -> String {
    let quotes = |part: &str| {
        part.to_lowercase()
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| !word.is_empty() && hidden.iter().any(|hidden| hidden.contains(word)))
    };
    let parts = text.split('`').enumerate().map(|(index, part)| {
        // A single character, such as the one that is wrong, gives nothing away.
        let is_quoted = index % 2 == 1 && part.chars().nth(1).is_some();
        if is_quoted && quotes(part) {
            "…"
        } else {
            part
        }
    });
    parts.collect::<Vec<_>>().join("`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_quoted_of_the_hidden_text_is_masked() {
        let hidden = ["postgres://app:hunter2@db".to_owned()];
        let masked = |text| masked(text, &hidden);
        assert_eq!(
            masked("`postgres://app:hun…` contains `@` (character 23)"),
            "`…` contains `@` (character 23)"
        );
        assert_eq!(masked("such as `/mcp`"), "such as `/mcp`");
        assert_eq!(masked("write `APP_HUNTER2`"), "write `…`");
    }
}
