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

/// The only item of the block list `text` as a document of its own.
#[must_use]
pub fn unlisted(text: &str) -> String {
    let says = |line: &&str| !matches!(line.trim_start().chars().next(), None | Some('#'));
    let lines = text.lines().skip_while(|line| !says(line)).enumerate();
    let lines: Vec<String> = lines
        .map(|(index, line)| match index {
            0 => line.replacen('-', " ", 1),
            _ => line.to_owned(),
        })
        .collect();
    let content = lines.iter().map(String::as_str).filter(says);
    let depth = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let margin = content.map(depth).min().unwrap_or_default();
    // A comment may stand further to the left.
    let moved = lines
        .iter()
        .map(|line| line.get(margin..).filter(|_| depth(line) >= margin));
    let moved = moved.map(Option::unwrap_or_default);
    moved.flat_map(|line| [line, "\n"]).collect()
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
    fn an_item_is_moved_to_the_margin() {
        for (item, document) in [
            ("- a: 1\n  b:\n  - c\n", "a: 1\nb:\n- c\n"),
            (
                "  # a: 1\n\n  -   a: - b\n      c: |\n\n        # d\n",
                "a: - b\nc: |\n\n  # d\n",
            ),
            ("-\n# x\n  - a\n  - b", "\n\n- a\n- b\n"),
            ("- a", "a\n"),
            ("", ""),
        ] {
            assert_eq!(unlisted(item), document, "{item}");
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
