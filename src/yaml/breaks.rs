//! Characters at which a line ends for some readers alone.
//!
//! Go's readers end a line as YAML 1.1 does, at U+2028 too, which YAML 1.2 does not; and whoever cuts a text into
//! lines at newlines does not see the carriage return that ends one by itself. In a quoted text these are part of
//! it to all, and kustomize itself writes texts so. Anywhere else two readers see different lines: what is a
//! comment's end to one may hide the next item, or the next document, from the other.

use std::ops::Range;

use granit_parser::{Event, Parser, ScalarStyle};
use memchr::memchr3_iter;

use crate::problem::{Code, Problem};
use crate::source::Place;

/// At what lines end too, to somebody.
pub const OTHER_BREAKS: [char; 4] = ['\r', '\u{85}', '\u{2028}', '\u{2029}'];

/// Refuses such a character outside of quotes in the part `all` of `text`, which is source number `source`. Each of
/// `parts`, in order, can be read alone.
///
/// # Errors
/// The first one.
pub fn refuse_breaks(
    text: &str,
    source: u32,
    all: &Range<usize>,
    parts: &[Range<usize>],
) -> Result<(), Box<Problem>> {
    let (mut of_part, mut of_all) = (Quoted::default(), Quoted::default());
    for (at, character) in breaks(text, all) {
        let part = parts.partition_point(|part| part.start <= at);
        let part = part.checked_sub(1).and_then(|part| parts.get(part));
        // Parts were cut at newlines: they may begin or end anywhere where lines end otherwise.
        let part = part.filter(|_| character != '\r');
        let is_quoted =
            part.is_some_and(|part| of_part.holds(text, part, at)) || of_all.holds(text, all, at);
        if !is_quoted {
            return Err(Box::new(refusal(source, at, character)));
        }
    }
    Ok(())
}

fn refusal(source: u32, at: usize, character: char) -> Problem {
    let code = u32::from(character);
    let (name, escape) = if character == '\r' {
        ("a carriage return alone".to_owned(), "\\r".to_owned())
    } else {
        (format!("U+{code:04X}"), format!("\\u{code:04x}"))
    };
    let what = format!("{name} ends a line to some readers, and to others it does not");
    Problem::error(Code::Syntax, Place::at(source, at), what).help(format!(
        "end lines with newlines; in a text write `{escape}` in double quotes, in a comment leave it out"
    ))
}

/// Such characters in the part `all` of `text`, and where they stand.
fn breaks(text: &str, all: &Range<usize>) -> impl Iterator<Item = (usize, char)> {
    let (start, end) = (all.start, all.end);
    let bytes = text.as_bytes().get(all.clone()).unwrap_or_default();
    // The bytes that they begin with.
    memchr3_iter(b'\r', 0xC2, 0xE2, bytes).filter_map(move |at| {
        let mut characters = text.get(start + at..end)?.chars();
        match characters.next()? {
            '\r' if characters.next() == Some('\n') => None,
            first => OTHER_BREAKS.contains(&first).then_some((start + at, first)),
        }
    })
}

/// The quoted texts of the part of a text that was looked at last.
#[derive(Default)]
struct Quoted {
    part: Option<Range<usize>>,
    ranges: Vec<Range<usize>>,
}

impl Quoted {
    /// Whether `at` is in a quoted text of the `part` of `text`.
    fn holds(&mut self, text: &str, part: &Range<usize>, at: usize) -> bool {
        if self.part.as_ref() != Some(part) {
            self.part = Some(part.clone());
            self.ranges = quoted(text, part);
        }
        let behind = self.ranges.partition_point(|range| range.start <= at);
        let before = behind
            .checked_sub(1)
            .and_then(|range| self.ranges.get(range));
        before.is_some_and(|range| at < range.end)
    }
}

/// Where the quoted texts are in the `part` of `text`, as far as it can be read.
fn quoted(text: &str, part: &Range<usize>) -> Vec<Range<usize>> {
    let events = Parser::new_from_str(text.get(part.clone()).unwrap_or_default());
    let texts = events.map_while(Result::ok).filter_map(|(event, span)| {
        let Event::Scalar(_, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted, ..) = event
        else {
            return None;
        };
        let range = span.byte_range()?;
        Some(part.start + range.start..part.start + range.end)
    });
    texts.collect()
}
