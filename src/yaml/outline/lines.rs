//! The whole lines that an entry or an item takes, and what before it is part of it.

use super::Item;
use crate::yaml::rows::{depth, line_start};

/// Where the document's last line ends: before `...`, or at the end of the text.
pub(super) fn end_of_content(text: &str) -> usize {
    text.rfind("\n...")
        .map_or(text.len(), |newline| newline + 1)
}

/// Gives each item of a block list its whole lines. The list's key stands in the line at `key`, and
/// what follows the list begins at `end`. Comments behind the last item are nobody's.
pub(super) fn widen(text: &str, key: usize, end: usize, items: &mut [Item]) {
    if items.is_empty() {
        return;
    }
    let key_line = text.get(key..end).unwrap_or_default();
    let list_start = key + key_line.find('\n').map_or(0, |newline| newline + 1);
    // The first dash is the list's own, also where its first item is a list.
    let mut lines = text.get(list_start..end).unwrap_or_default().lines();
    let first_dash = lines.find(|line| line.trim_start_matches(' ').starts_with('-'));
    let indent = first_dash.map_or(0, depth);
    let mut next = with_comments(text, end, indent);
    for index in (0..items.len()).rev() {
        let from = match index {
            0 => list_start,
            _ => items
                .get(index - 1)
                .map_or(list_start, |item| item.range.start),
        };
        if let Some(item) = items.get_mut(index) {
            let first = if index == 0 {
                list_start
            } else {
                let dash = dash_line(text, from, item.range.start, indent);
                with_comments(text, dash, indent)
            };
            *item = Item {
                range: first..next,
                indent,
            };
            next = first;
        }
    }
}

/// The line, not before `from`, of the dash at column `indent` that opens the item whose content begins at
/// `content`.
fn dash_line(text: &str, from: usize, content: usize, indent: usize) -> usize {
    let mut line = line_start(text, content);
    while line > from {
        let rest = text.get(line..).unwrap_or_default();
        if depth(rest) == indent && rest.as_bytes().get(indent) == Some(&b'-') {
            return line;
        }
        line = line_start(text, line - 1);
    }
    line
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

/// The first of the comment lines right above `line` that are no deeper than the dash.
fn with_comments(text: &str, line: usize, indent: usize) -> usize {
    let mut first = line;
    while first > 0 {
        let above = line_start(text, first - 1);
        let content = text.get(above..first).unwrap_or_default();
        if depth(content) > indent || !content.trim_start_matches(' ').starts_with('#') {
            break;
        }
        first = above;
    }
    first
}
