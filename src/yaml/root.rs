//! What a broken document says of itself.
//!
//! A set that a host has cut short no longer parses, and must not pass for somebody else's.

use granit_parser::{Event, Parser};

/// The text under `key` in the root of `text`, as far as `text` can be read: what is broken or
/// missing behind it does not hide it.
#[must_use]
pub fn root_text(text: &str, key: &str) -> Option<String> {
    let mut options = granit_parser::Options::default();
    options.set_emit_comments(false);
    let text = opened(text);
    let events = Parser::new_from_str_with_options(&text, options).map_while(Result::ok);
    let mut depth = 0_usize;
    let (mut is_key, mut is_found) = (true, false);
    for (event, _) in events {
        match &event {
            Event::SequenceStart(..) if depth == 0 => return None,
            Event::MappingStart(..) | Event::SequenceStart(..) => {
                depth += 1;
                continue;
            }
            Event::MappingEnd | Event::SequenceEnd => depth = depth.saturating_sub(1),
            Event::Scalar(text, ..) if depth == 1 && is_key => is_found = text == key,
            Event::Scalar(text, ..) if depth == 1 && is_found => return Some(text.to_string()),
            Event::Scalar(..) | Event::Alias(..) => {}
            _ => continue,
        }
        if depth == 1 {
            is_key = !is_key;
        }
    }
    None
}

/// The content of `text`, and a brace that opens it behind a marker: on a line of its own it might
/// begin a key, and the parser would say nothing before it has found the brace that closes it.
fn opened(text: &str) -> String {
    let says_nothing = |line: &&str| {
        let line = line.trim();
        matches!(line, "" | "---" | "...") || line.starts_with(['#', '%'])
    };
    let lines = text.trim_start_matches('\u{feff}').split_inclusive('\n');
    let content: String = lines.skip_while(says_nothing).collect();
    let marker = if content.trim_start().starts_with('{') {
        "--- "
    } else {
        ""
    };
    format!("{marker}{content}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_end_does_not_hide_what_stands_before_it() {
        for text in [
            "kind: A # c\na: [",
            "{\"metadata\": {\"kind\": \"B\"}, \"kind\": \"A\", \"spec\": {\"a\": [1,",
            "{kind: A",
            "# {\n---\n# Source: a\n{kind: A, b: {c",
            "---\n\"kind\" : 'A'\na: 'b",
            "? [a, b]\n: {c: d}\ne: [kind, B]\nkind: A\nf",
        ] {
            assert_eq!(root_text(text, "kind").as_deref(), Some("A"), "{text}");
        }
    }

    #[test]
    fn only_the_root_is_asked() {
        for text in [
            "a: {kind: A}",
            "- kind: A",
            "a: kind\nA: b",
            "kind: [A]",
            "kind",
            "",
        ] {
            assert_eq!(root_text(text, "kind"), None, "{text}");
        }
    }
}
