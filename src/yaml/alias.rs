//! Where a text repeats itself.

use std::collections::HashMap;

use granit_parser::{Event, Parser};
use memchr::memchr_iter;

/// Where the aliases in `text` stand, each with where the value begins that it repeats; those before the
/// first syntax error. In bytes.
#[must_use]
pub fn aliases(text: &str) -> Vec<(usize, usize)> {
    if !has_sign(text, b'*') || !has_sign(text, b'&') {
        return Vec::new();
    }
    let mut options = granit_parser::Options::default();
    options.set_emit_comments(false);
    let events = Parser::new_from_str_with_options(text, options).map_while(Result::ok);
    let mut anchored = HashMap::new();
    let mut aliases = Vec::new();
    for (event, span) in events {
        let at = span.byte_range().unwrap_or_default().start;
        match event {
            Event::Scalar(_, _, anchor, _)
            | Event::MappingStart(_, anchor, _)
            | Event::SequenceStart(_, anchor, _)
                if anchor != 0 =>
            {
                anchored.insert(anchor, at);
            }
            Event::Alias(anchor) => {
                aliases.extend(anchored.get(&anchor).map(|value| (at, *value)));
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
        let text = "- &x 1\n- *x\n- [&x a, *x]\n- b: &c\n    d: 1\n  e: *c\n- '*x &x'\n";
        let bytes = text.as_bytes();
        let first = |(alias, value): (usize, usize)| (bytes[alias + 1], bytes[value]);
        let found: Vec<_> = aliases(text).into_iter().map(first).collect();
        assert_eq!(found, [(b'x', b'1'), (b'x', b'a'), (b'c', b'd')]);
    }
}
