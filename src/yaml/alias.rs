//! Where a text repeats itself.

use std::collections::HashMap;
use std::ops::Range;

use granit_parser::{Event, Parser};
use memchr::memchr_iter;

/// An alias, in bytes of its text.
#[derive(Debug, PartialEq, Eq)]
pub struct Alias {
    /// Where it stands.
    pub at: usize,
    /// The value that it repeats.
    pub of: Range<usize>,
}

/// The aliases in `text`, in order; those before the first syntax error.
#[must_use]
pub fn aliases(text: &str) -> Vec<Alias> {
    if !has_sign(text, b'*') || !has_sign(text, b'&') {
        return Vec::new();
    }
    let mut options = granit_parser::Options::default();
    options.set_emit_comments(false);
    let events = Parser::new_from_str_with_options(text, options).map_while(Result::ok);
    let mut anchored = HashMap::new();
    let mut open = Vec::new();
    let mut aliases = Vec::new();
    for (event, span) in events {
        let range = span.byte_range().unwrap_or_default();
        match event {
            Event::Scalar(_, _, anchor, _) => {
                anchored.insert(anchor, range);
            }
            Event::MappingStart(_, anchor, _) | Event::SequenceStart(_, anchor, _) => {
                open.push((anchor, range.start));
            }
            Event::MappingEnd | Event::SequenceEnd => {
                if let Some((anchor, start)) = open.pop() {
                    anchored.insert(anchor, start..range.end.max(start));
                }
            }
            Event::Alias(anchor) => {
                let of = anchored.get(&anchor).cloned();
                aliases.extend(of.map(|of| Alias {
                    at: range.start,
                    of,
                }));
            }
            _ => {}
        }
    }
    aliases
}

/// Whether `sign` may begin an alias or an anchor somewhere in `text`. Patterns and commands have it too, but
/// hardly any text has both signs where they could: it is not parsed for them.
fn has_sign(text: &str, sign: u8) -> bool {
    let bytes = text.as_bytes();
    memchr_iter(sign, bytes).any(|at| {
        let (before, behind) = bytes.split_at(at);
        let begins = |byte: &u8| byte.is_ascii_whitespace() || b"[{,:".contains(byte);
        let names = |byte: &u8| !byte.is_ascii_whitespace() && !b"[]{},&*".contains(byte);
        before.last().is_none_or(begins) && behind.get(1).is_some_and(names)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alias_repeats_the_last_value_that_was_called_so() {
        let text =
            "- &x 1\n- *x\n- [&x a, *x]\n- b: &c\n    d: [1, &y 2]\n  e: *c\n- '*x &x'\n- *y\n";
        let part = |range: Range<usize>| text.get(range).unwrap();
        let shown = |alias: Alias| (part(alias.at..alias.at + 2), part(alias.of).trim_end());
        let found: Vec<_> = aliases(text).into_iter().map(shown).collect();
        assert_eq!(
            found,
            [
                ("*x", "1"),
                ("*x", "a"),
                ("*c", "d: [1, &y 2]"),
                ("*y", "2")
            ]
        );
    }
}
