//! Items one below the other, found by their dashes alone.
//!
//! A hundred megabytes of other people's objects are no reason to parse them: in a block list at column
//! `n` every line of an item but its first is indented by more than `n`, texts of several lines
//! included (YAML 1.2, 8.1 and 7.3), so that a dash at column `n` begins an item and a key left of the
//! list ends it. Parsers are not as strict: an item that may leave a quote or a bracket open is parsed by
//! itself, and whatever looks otherwise is left to who parses all.

use super::ITEMS;
use super::watch::{Watch, is_whole};
use crate::yaml::rows::{Line, Lines, breaks_at_newlines, line_start, rows};

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
    let mut lines = Lines::of(text);
    let key = lines
        .find(|line| line.depth == 0 && line.is_key(ITEMS))?
        .start;
    let mut watch = Watch::of(text);
    let (dashes, behind) = rows(&mut lines.inspect(|line| watch.see(line)))?;
    let begins_key = |line: &Line<'_>| {
        let first = |first: char| first.is_ascii_alphabetic();
        line.depth == 0 && line.content.starts_with(first)
    };
    let end = match behind {
        Some(line) if begins_key(&line) => line.start,
        Some(_) => return None,
        None => text.len(),
    };
    let rows = Rows { key, dashes, end };
    (breaks_at_newlines(text) && rows.are_closed(text, &watch.open)).then_some(rows)
}

impl Rows {
    /// Whether each item ends before the next one begins, as only those do not which have one of the lines at
    /// `open`.
    fn are_closed(&self, text: &str, open: &[usize]) -> bool {
        let item = |line: &usize| {
            let next = self
                .dashes
                .partition_point(|dash| line_start(text, *dash) <= *line);
            next.checked_sub(1)
        };
        let mut items: Vec<usize> = open.iter().filter_map(item).collect();
        items.dedup();
        items.into_iter().all(|item| {
            let dash = |item: usize| self.dashes.get(item).copied();
            let start = dash(item).map_or(0, |dash| line_start(text, dash));
            let end = dash(item + 1).map_or(self.end, |dash| line_start(text, dash));
            is_whole(text.get(start..end).unwrap_or_default())
        })
    }
}
