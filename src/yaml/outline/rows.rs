//! Items one below the other, found by their dashes alone.
//!
//! A hundred megabytes of other people's objects are no reason to parse them: in a block list at column
//! `n` every line of an item but its first is indented by more than `n`, texts of several lines
//! included (YAML 1.2, 8.1 and 7.3), so that a dash at column `n` begins an item and a key left of the
//! list ends it. Whatever looks otherwise is left to the parser.

use super::ITEMS;
use super::lines::depth;

/// Where the rows stand, in bytes.
pub(super) struct Rows {
    /// The line of the key.
    pub(super) key: usize,
    /// The dash of each item; at least one.
    pub(super) dashes: Vec<usize>,
    /// The line of the next key, or the end of the text.
    pub(super) end: usize,
}

/// The rows below the root's `items:` in `text`; `None` when there are none, or something else is there.
pub(super) fn find(text: &str) -> Option<Rows> {
    let key = key_line(text)?;
    let below = text.get(key..)?.find('\n')? + key + 1;
    let mut lines = Lines { text, next: below };
    let mut dashes = Vec::new();
    let mut column = None;
    let end = loop {
        let Some((start, line)) = lines.next() else {
            break text.len();
        };
        let depth = depth(line);
        let content = line.get(depth..).unwrap_or_default();
        if content.trim_ascii_end().is_empty() || content.starts_with('#') {
            continue;
        }
        let indent = *column.get_or_insert(depth);
        if depth > indent {
            continue;
        }
        let is_dash = matches!(content.as_bytes(), [b'-'] | [b'-', b' ' | b'\r', ..]);
        if depth == indent && is_dash {
            dashes.push(start + depth);
        } else if depth == 0 && content.starts_with(|first: char| first.is_ascii_alphabetic()) {
            break start;
        } else {
            return None;
        }
    };
    (!dashes.is_empty()).then_some(Rows { key, dashes, end })
}

/// The line that says `items:` and nothing else. What looks like one in a text of several lines would
/// have to stand at the beginning of a line, where none of its lines can.
fn key_line(text: &str) -> Option<usize> {
    let mut lines = Lines { text, next: 0 };
    lines.find_map(|(start, line)| {
        let rest = line.strip_prefix(ITEMS)?.strip_prefix(':')?.trim_ascii();
        rest.is_empty().then_some(start)
    })
}

/// The lines of a text without their breaks, each with where it begins.
struct Lines<'t> {
    text: &'t str,
    next: usize,
}

impl<'t> Iterator for Lines<'t> {
    type Item = (usize, &'t str);

    fn next(&mut self) -> Option<(usize, &'t str)> {
        let start = self.next;
        let rest = self.text.get(start..).filter(|rest| !rest.is_empty())?;
        let length = rest.find('\n').unwrap_or(rest.len());
        self.next = start + length + 1;
        Some((start, rest.get(..length)?))
    }
}
