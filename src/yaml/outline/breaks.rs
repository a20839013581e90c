//! Characters at which a line ends for Go's readers, who read YAML 1.1 there, and not for YAML 1.2's.
//!
//! In a quoted text they are part of it to both, and kustomize itself writes texts so. Anywhere else the two see
//! different lines: what is a comment's end to one may hide the next item from the other.

use granit_parser::{Event, Parser, ScalarStyle};
use memchr::memchr2_iter;

use super::Outline;
use super::parsed::place;
use crate::problem::{Code, Problem};

/// Next line, line separator, paragraph separator.
const BREAKS: [char; 3] = ['\u{85}', '\u{2028}', '\u{2029}'];

/// Refuses such a character in `text` outside of quotes; `outline` is the text's.
pub(super) fn refuse_breaks(
    text: &str,
    source: u32,
    outline: &Outline,
) -> Result<(), Box<Problem>> {
    let mut breaks = breaks(text).peekable();
    if breaks.peek().is_none() {
        return Ok(());
    }
    let parts = parts(outline);
    let mut quoted = Quoted::default();
    for (at, character) in breaks {
        let part = parts.partition_point(|(start, _)| *start <= at);
        let part = part.checked_sub(1).and_then(|part| parts.get(part));
        let is_quoted = part.is_some_and(|(start, end)| {
            quoted.look_at(text, *start, *end);
            quoted.holds(at)
        });
        if !is_quoted {
            let code = u32::from(character);
            let what = format!(
                "U+{code:04X} ends a line to some YAML readers, Go's among them, and to others it does not"
            );
            let how =
                format!("write it as `\\u{code:04x}` in double quotes; in a comment, leave it out");
            let problem = Problem::error(Code::Syntax, place(source, at), what);
            return Err(Box::new(problem.help(how)));
        }
    }
    Ok(())
}

/// Such characters in `text`, and where they stand.
fn breaks(text: &str) -> impl Iterator<Item = (usize, char)> {
    // The bytes that they begin with.
    memchr2_iter(0xC2, 0xE2, text.as_bytes()).filter_map(|at| {
        let first = text.get(at..)?.chars().next()?;
        BREAKS.contains(&first).then_some((at, first))
    })
}

/// Where the parts of a text begin and end that can be read alone: entries up to their items, and items.
fn parts(outline: &Outline) -> Vec<(usize, usize)> {
    let sections = outline.sections.iter();
    let parts = sections.flat_map(|section| {
        let items = section.value.items.as_deref().unwrap_or_default();
        let before = items.first().map_or(&section.range, |first| &first.range);
        let end = if items.is_empty() {
            before.end
        } else {
            before.start
        };
        let items = items.iter().map(|item| (item.range.start, item.range.end));
        [(section.range.start, end)].into_iter().chain(items)
    });
    parts.collect()
}

/// The quoted texts of the part that was looked at last.
#[derive(Default)]
struct Quoted {
    part: Option<usize>,
    ranges: Vec<(usize, usize)>,
}

impl Quoted {
    fn look_at(&mut self, text: &str, start: usize, end: usize) {
        if self.part.replace(start) == Some(start) {
            return;
        }
        self.ranges.clear();
        // What cannot be read is for others to say; until there, it is known what is quoted.
        for next in Parser::new_from_str(text.get(start..end).unwrap_or_default()) {
            let Ok((event, span)) = next else { break };
            let Event::Scalar(_, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted, ..) = event
            else {
                continue;
            };
            if let Some(range) = span.byte_range() {
                self.ranges.push((start + range.start, start + range.end));
            }
        }
    }

    fn holds(&self, at: usize) -> bool {
        let behind = self.ranges.partition_point(|(start, _)| *start <= at);
        let before = behind
            .checked_sub(1)
            .and_then(|range| self.ranges.get(range));
        before.is_some_and(|(_, end)| at < *end)
    }
}
