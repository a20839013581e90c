//! Items one below the other, found by their dashes alone.
//!
//! A hundred megabytes of other people's objects are no reason to parse them: in a block list at column
//! `n` every line of an item but its first is indented by more than `n`, texts of several lines
//! included (YAML 1.2, 8.1 and 7.3), so that a dash at column `n` begins an item and a key left of the
//! list ends it. Whatever looks otherwise is left to the parser.

use super::ITEMS;
use crate::yaml::rows::{Line, Lines, rows};

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
    // What looks like the key, or a dash, in a text of several lines would have to stand where YAML lets none
    // of its lines. Parsers do within brackets, which no host writes over several lines.
    let mut lines = Lines::of(text);
    let key = lines
        .find(|line| line.depth == 0 && line.is_key(ITEMS))?
        .start;
    let (dashes, behind) = rows(&mut lines)?;
    let begins_key = |line: &Line<'_>| {
        let first = |first: char| first.is_ascii_alphabetic();
        line.depth == 0 && line.content.starts_with(first)
    };
    let end = match behind {
        Some(line) if begins_key(&line) => line.start,
        Some(_) => return None,
        None => text.len(),
    };
    Some(Rows { key, dashes, end })
}
