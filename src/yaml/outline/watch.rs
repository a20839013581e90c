//! Which lines may leave a text or a bracket open for the lines below them.
//!
//! Within brackets, a quoted text may go on at any column, and some parsers let it do so everywhere: one of its
//! lines may look like the next item. Nothing else may: what is plain or in a block ends where it is
//! indented less. So it is enough to know where a quote or a bracket that begins a value is not closed
//! in its line; the items that have such a line are the only ones that have to be parsed.

use granit_parser::{Event, Parser, ScalarStyle, StructureStyle};
use memchr::memchr2;

use crate::yaml::rows::{Line, Lines};

/// Watches the lines of a text, in order.
pub(super) struct Watch<'t> {
    text: &'t str,
    /// The next quote and the next opening bracket: nearly no line has one, and many bytes are searched at once.
    next: [usize; 2],
    /// The column of the key whose block of text the lines are in.
    block: Option<usize>,
    /// The lines that may leave something open.
    pub(super) open: Vec<usize>,
}

impl<'t> Watch<'t> {
    /// Watches the lines of `text`.
    pub(super) fn of(text: &'t str) -> Self {
        Self {
            text,
            next: [0; 2],
            block: None,
            open: Vec::new(),
        }
    }

    /// Looks at the next line.
    pub(super) fn see(&mut self, line: &Line<'_>) {
        if self.block.is_some_and(|column| line.depth > column) {
            return;
        }
        self.block = None;
        if line.content.ends_with(['|', '>', '-', '+', '\r']) {
            self.block = block(line);
        }
        if self.block.is_none() && self.has_marks(line) && leaves_open(line.content) {
            self.open.push(line.start);
        }
    }

    /// Whether `line` has a quote or an opening bracket at all.
    fn has_marks(&mut self, line: &Line<'_>) -> bool {
        let text = self.text.as_bytes();
        let end = line.start + line.depth + line.content.len();
        let mut marks = self.next.iter_mut().zip([(b'"', b'\''), (b'[', b'{')]);
        marks.any(|(next, (one, other))| {
            if *next < line.start {
                let rest = text.get(line.start..).unwrap_or_default();
                let found = memchr2(one, other, rest);
                *next = found.map_or(text.len(), |at| line.start + at);
            }
            *next < end
        })
    }
}

/// Where the last text and bracket that may go on at any column end in the item `text`; 0 when no line
/// leaves one open, `None` when it is no YAML.
pub(super) fn end_of_texts(text: &str) -> Option<usize> {
    let mut watch = Watch::of(text);
    Lines::of(text).for_each(|line| watch.see(&line));
    let (mut last, mut flows) = (0, Vec::new());
    if watch.open.is_empty() {
        return Some(last);
    }
    for next in Parser::new_from_str(text) {
        let (event, span) = next.ok()?;
        let is_end = match event {
            Event::MappingStart(style, ..) | Event::SequenceStart(style, ..) => {
                flows.push(style == StructureStyle::Flow);
                false
            }
            Event::MappingEnd | Event::SequenceEnd => flows.pop()?,
            Event::Scalar(_, style, ..) => {
                !matches!(style, ScalarStyle::Literal | ScalarStyle::Folded)
            }
            _ => false,
        };
        if is_end {
            last = span.byte_range()?.end.max(last);
        }
    }
    Some(last)
}

/// Whether `text` is YAML, as it is not when something in it stays open.
pub(super) fn is_whole(text: &str) -> bool {
    Parser::new_from_str(text).all(|event| event.is_ok())
}

/// The column of the key in `line`, behind which a block of text begins.
fn block(line: &Line<'_>) -> Option<usize> {
    let mut key = line.content;
    while let Some(rest) = key.strip_prefix("- ") {
        key = rest.trim_start_matches(' ');
    }
    let column = line.depth + line.content.len() - key.len();
    let (name, header) = key.split_once(": ")?;
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/".contains(&byte);
    let is_header = matches!(header.trim_ascii(), "|" | "|-" | "|+" | ">" | ">-" | ">+");
    (is_header && name.bytes().all(is_name)).then_some(column)
}

/// Whether a quoted text or a bracket that begins in `line` may not end in it.
fn leaves_open(line: &str) -> bool {
    let mut rest = line;
    loop {
        let Some(value) = value(rest) else {
            return true;
        };
        rest = value;
        let Some(first) = rest.chars().next() else {
            return false;
        };
        let behind = rest.get(1..).unwrap_or_default();
        rest = match first {
            '[' | '{' => return !is_closed(rest),
            '"' | '\'' => match quoted(behind, first) {
                Some(behind) => behind.trim_ascii_start(),
                None => return true,
            },
            _ => match plain(rest) {
                Some(behind) => behind,
                None => return false,
            },
        };
    }
}

/// What `text` holds behind the signs of items, keys and values at its beginning, and behind names and types.
/// `None` when one of these holds a quote or a bracket, of which readers think differently.
fn value(text: &str) -> Option<&str> {
    let mut rest = text.trim_ascii_start();
    loop {
        let is_blank = |rest: &str| rest.is_empty() || rest.starts_with([' ', '\t']);
        let sign = rest.strip_prefix(['-', '?']).filter(|rest| is_blank(rest));
        // Behind quotes, parsers let values follow a colon at once.
        rest = match sign.or_else(|| rest.strip_prefix(':')) {
            Some(behind) => behind,
            None if rest.starts_with(['&', '!']) => {
                let end = rest.find([' ', '\t']).unwrap_or(rest.len());
                let (property, behind) = rest.split_at_checked(end)?;
                if property.contains(['[', '{', '"', '\'']) {
                    return None;
                }
                behind
            }
            None => return Some(rest),
        };
        rest = rest.trim_ascii_start();
    }
}

/// What follows the text that began with `quote` before `text`; `None` when it does not end there.
fn quoted(text: &str, quote: char) -> Option<&str> {
    let mut rest = text;
    loop {
        let at = rest.find([quote, '\\'])?;
        let behind = rest.get(at + 1..)?;
        rest = if rest.get(at..)?.starts_with(quote) {
            match behind.strip_prefix(quote).filter(|_| quote == '\'') {
                Some(behind) => behind,
                None => return Some(behind),
            }
        } else if quote == '"' {
            let mut escape = behind.chars();
            escape.next()?;
            escape.as_str()
        } else {
            behind
        };
    }
}

/// Whether every bracket of `text` is closed in it, as far as can be said without a look at quotes and at
/// types, which may hold brackets.
fn is_closed(text: &str) -> bool {
    let mut depth = 0_usize;
    for byte in text.bytes() {
        match byte {
            b'"' | b'\'' | b'#' | b'!' | b'&' | b'*' => return false,
            b'[' | b'{' => depth += 1,
            b']' | b'}' => match depth.checked_sub(1) {
                Some(outer) => depth = outer,
                None => return false,
            },
            _ => {}
        }
    }
    depth == 0
}

/// The value whose key the plain text at the beginning of `text` is.
fn plain(text: &str) -> Option<&str> {
    let mut colons = text.match_indices(':').map(|(at, _)| at + 1);
    let is_end = |behind: &&str| behind.is_empty() || behind.starts_with([' ', '\t', '\r']);
    colons.find_map(|at| text.get(at..).filter(is_end))
}
