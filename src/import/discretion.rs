//! What an import says of its sources without repeating their credentials.
//!
//! A report shows the lines that it means. In these sources any line may hold a password: JSON is often
//! one line. So a line is shown only where it is short, and nothing in it or before it speaks of a
//! credential.

use crate::credential::name::is_secret_name;
use crate::credential::telling::holds_credential;
use crate::problem::{Code, Problem};
use crate::source::{Place, Sources};

/// Longest line that is shown, in bytes.
const LONGEST: usize = 200;
/// How much before a line is looked at, in bytes.
const BEFORE: usize = 200;
/// How much before a line is looked at where it may be amidst a value, in bytes.
const FAR: usize = 64 * 1024;
/// What stands for a credential.
const MASK: &str = "…";

/// `problem`, with its lines hidden where they may give one of `hidden` or another credential away.
pub fn discreet(mut problem: Problem, hidden: &[String], sources: &Sources) -> Problem {
    let related = problem.related.iter().map(|related| related.place);
    let mut places = problem.place.into_iter().chain(related);
    let is_telling = places.any(|place| is_telling(place, problem.code, hidden, sources));
    // What the reader of YAML says quotes a text of which nothing is known.
    let is_raw = matches!(
        problem.code,
        Code::Syntax | Code::DuplicateField | Code::AmbiguousValue | Code::WrongType
    );
    let notes = problem.related.iter_mut().map(|related| &mut related.note);
    for text in [&mut problem.message, &mut problem.help]
        .into_iter()
        .chain(notes)
    {
        for value in hidden.iter().filter(|value| value.len() >= 6) {
            if text.contains(value.as_str()) && !value.chars().all(|c| c.is_ascii_lowercase()) {
                *text = text.replace(value.as_str(), MASK);
            }
        }
        *text = masked(text, is_telling && is_raw);
    }
    if is_telling {
        return problem.secret();
    }
    problem
}

/// `text` without what it quotes of a credential; without all that it quotes where `is_all`, but for
/// single characters.
fn masked(text: &str, is_all: bool) -> String {
    let parts = text.split('`').enumerate().map(|(index, part)| {
        let is_quoted = index % 2 == 1 && part.chars().nth(1).is_some();
        if is_quoted && (is_all || holds_credential(part)) {
            MASK
        } else {
            part
        }
    });
    parts.collect::<Vec<_>>().join("`")
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
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let end = at + after.find('\n').unwrap_or(after.len());
    let shown = text.get(start..end).unwrap_or_default();
    if shown.len() > LONGEST || holds_credential(shown) {
        return true;
    }
    let before = text.get(..start).unwrap_or_default();
    let around = if code == Code::Syntax {
        value_before(before, shown)
    } else {
        let start = before.floor_char_boundary(before.len().saturating_sub(BEFORE));
        before.get(start..)
    };
    let Some(around) = around else {
        return true;
    };
    // API groups and the kind `ServiceAccount` are no names of values.
    let is_telling_word = |word: &str| !word.ends_with("k8s.io") && is_secret_name(word);
    let mut words = [around, shown].into_iter().flat_map(|text| {
        text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '-' | '.'))
    });
    words.any(is_telling_word)
        || hidden
            .iter()
            .any(|value| !value.is_empty() && shown.contains(value.as_str()))
}

/// The end of `before` that may belong to the value in which `line` stands: back to a line that is
/// indented less, and that line. `None` where that is too far away to be looked for.
fn value_before<'t>(before: &'t str, line: &str) -> Option<&'t str> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let own = indent(line);
    let mut start = before.len();
    for line in before.split_inclusive('\n').rev() {
        start -= line.len();
        if before.len() - start > FAR {
            return None;
        }
        if line.starts_with("---") || !line.trim().is_empty() && indent(line) < own {
            break;
        }
    }
    before.get(start..)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Origin;

    #[test]
    fn a_line_is_shown_where_nothing_around_it_tells_of_a_credential() {
        let text = "a: 1\nprivate-key: |\n  one\n  two\nb: 2\n";
        let mut sources = Sources::default();
        let source = sources.add("x", text.to_owned(), Origin::Person).unwrap();
        let tells = |word: &str, code| {
            let start = u32::try_from(text.find(word).unwrap()).unwrap();
            let place = Place {
                source,
                start,
                end: start + 1,
            };
            is_telling(place, code, &["b: 2".to_owned()], &sources)
        };
        assert!(!tells("a: 1", Code::Syntax));
        assert!(tells("two", Code::Syntax));
        assert!(tells("b: 2", Code::MissingField));
    }

    #[test]
    fn what_is_quoted_of_a_credential_is_masked() {
        assert_eq!(masked("`token=S` is `a`", false), "`…` is `a`");
        assert_eq!(masked("`word` is no `,`", true), "`…` is no `,`");
    }
}
