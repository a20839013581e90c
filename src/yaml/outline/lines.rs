//! The whole lines that an entry or an item takes, and what before it is part of it.

use std::ops::Range;

use super::Item;
use super::watch::end_of_texts;
use crate::yaml::rows::{depth, line_start};

/// Where the last line ends of the document whose content begins at `start`: before `...`, or at the end of
/// the text.
pub(super) fn end_of_content(text: &str, start: usize) -> usize {
    let is_marker = |(at, sign): &(usize, &str)| {
        let behind = text.as_bytes().get(at + sign.len());
        behind.is_none_or(u8::is_ascii_whitespace)
    };
    let mut markers = text.match_indices("\n...");
    let marker = markers.find(|marker| marker.0 >= start && is_marker(marker));
    marker.map_or(text.len(), |(newline, _)| newline + 1)
}

/// Gives each item of a block list its whole lines. The list's key stands in the line at `key`, and
/// what follows the list begins at `end`. Comments behind the last item are nobody's.
pub(super) fn widen(text: &str, key: usize, end: usize, items: &mut [Item]) {
    let key_line = text.get(key..end).unwrap_or_default();
    let list_start = key + key_line.find('\n').map_or(0, |newline| newline + 1);
    // The first dash is the list's own, also where its first item is a list.
    let mut lines = text.get(list_start..end).unwrap_or_default().lines();
    let first_dash = lines.find(|line| line.trim_start_matches(' ').starts_with('-'));
    let indent = first_dash.map_or(0, depth);
    let mut next = end;
    for item in items.iter_mut().rev() {
        let dash = dash_line(text, list_start..next, item.range.start, indent);
        *item = Item {
            range: dash..next,
            indent,
        };
        next = dash;
    }
    // Each has its own lines: now the comments above the next are taken from it.
    let mut first = list_start;
    for item in items {
        let last = without_comments(text, item);
        item.range.start = first;
        item.range.end = last;
        first = last;
    }
}

/// The last of the `lines` that has the dash, at column `indent`, of the item whose content begins at
/// `content`. That of an empty text may be said to begin behind them.
fn dash_line(text: &str, lines: Range<usize>, content: usize, indent: usize) -> usize {
    let last = lines.end.saturating_sub(1);
    let mut line = line_start(text, content.min(last));
    while line > lines.start {
        let rest = text.get(line..).unwrap_or_default();
        if depth(rest) == indent && rest.as_bytes().get(indent) == Some(&b'-') {
            break;
        }
        line = line_start(text, line - 1);
    }
    line.max(lines.start)
}

/// Where `item` ends without the comments behind it that are no deeper than its dash.
fn without_comments(text: &str, item: &Item) -> usize {
    let Range { start, end } = item.range;
    let mut last = end;
    while last > start {
        let above = line_start(text, last - 1);
        let content = text.get(above..last).unwrap_or_default();
        if depth(content) > item.indent || !content.trim_start_matches(' ').starts_with('#') {
            break;
        }
        last = above;
    }
    if last == end {
        return end;
    }
    // They may be lines of a text.
    let written = text.get(start..end).unwrap_or_default();
    let text_end = match end_of_texts(written) {
        Some(text_end) => start + text_end,
        None => return end,
    };
    let lines = text.get(last..end).unwrap_or_default();
    let newlines = lines.match_indices('\n').map(|(at, _)| last + at + 1);
    let mut cuts = std::iter::once(last).chain(newlines);
    cuts.find(|cut| *cut >= text_end).unwrap_or(end)
}

/// Where the anchor and the tag begin that stand before the value at `content`, if any do.
pub(super) fn with_properties(text: &str, content: usize) -> usize {
    let mut first = content;
    loop {
        let before = text.get(..first).unwrap_or_default().trim_end();
        let word = before.rfind(|c: char| c.is_whitespace() || "[]{},".contains(c));
        let word = word.map_or(0, |at| at + 1);
        if !before
            .get(word..)
            .unwrap_or_default()
            .starts_with(['&', '!'])
        {
            return first;
        }
        first = word;
    }
}
