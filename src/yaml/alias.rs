//! Where a text repeats itself.

use std::collections::HashMap;

use granit_parser::{Event, Parser};

/// Where the aliases in `text` stand, each with where the value begins that it repeats; those before the
/// first syntax error. In bytes.
#[must_use]
pub fn aliases(text: &str) -> Vec<(usize, usize)> {
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
