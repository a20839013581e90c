//! What a broken document says of itself.
//!
//! A set that a host has cut short no longer parses, and must not pass for somebody else's.

use std::borrow::Cow;
use std::collections::HashMap;

use granit_parser::{Event, Parser};

/// Whether `text` says in its root that `key` is `word`. What is broken or missing behind it does not hide it, and
/// in front of it only what looks otherwise.
#[must_use]
pub fn root_says(text: &str, key: &str, word: &str) -> bool {
    let content = content(text);
    parses_to(&content, key, word) || shows(&content, key, word)
}

/// Whether `content` is so as far as it can be parsed.
fn parses_to(content: &str, key: &str, word: &str) -> bool {
    let mut options = granit_parser::Options::default();
    options.set_emit_comments(false);
    let text = opened(content);
    let events = Parser::new_from_str_with_options(&text, options).map_while(Result::ok);
    let mut anchored = HashMap::new();
    let mut depth = 0_usize;
    let (mut is_key, mut is_found) = (true, false);
    for (event, _) in events {
        let found = match event {
            Event::SequenceStart(..) if depth == 0 => return false,
            Event::MappingStart(..) | Event::SequenceStart(..) => {
                depth += 1;
                continue;
            }
            Event::MappingEnd | Event::SequenceEnd => {
                depth = depth.saturating_sub(1);
                None
            }
            Event::Scalar(text, _, anchor, _) => {
                let found = [key, word].into_iter().find(|wanted| *wanted == text);
                anchored.insert(anchor, found);
                found
            }
            Event::Alias(anchor) => anchored.get(&anchor).copied().flatten(),
            _ => continue,
        };
        if depth == 1 {
            if is_key {
                is_found = found == Some(key);
            } else if is_found && found == Some(word) {
                return true;
            }
            is_key = !is_key;
        }
    }
    false
}

/// Whether `content` looks so where no parser may come to: in a line of its own, or in its outermost braces.
fn shows(content: &str, key: &str, word: &str) -> bool {
    let marked = content.strip_prefix("---").unwrap_or(content).trim_start();
    let is_flow = marked.starts_with('{');
    let root = if is_flow {
        Cow::Owned(outermost(marked))
    } else {
        Cow::Borrowed(content)
    };
    root.match_indices(word).any(|(at, _)| {
        let (before, behind) = root.split_at(at);
        let behind = behind.get(word.len()..).unwrap_or_default();
        is_value_of(key, before, behind, is_flow)
    })
}

/// What of `text`, which begins with a brace, stands in no other bracket, up to where that is closed.
fn outermost(text: &str) -> String {
    let mut depth = 0_usize;
    let mut outermost = String::new();
    for c in text.chars() {
        match c {
            '{' | '[' => depth += 1,
            '}' | ']' if depth <= 1 => break,
            '}' | ']' => depth -= 1,
            _ => {}
        }
        if depth <= 1 {
            outermost.push(c);
        }
    }
    outermost
}

/// Whether a value between `before` and `behind` is that of `key` in the root.
fn is_value_of(key: &str, before: &str, behind: &str, is_flow: bool) -> bool {
    let is_blank = |c| matches!(c, ' ' | '\t');
    let (before, behind) = unquoted(before, behind);
    let before = before.trim_end_matches(is_blank);
    let Some(before) = before.strip_suffix(':') else {
        return false;
    };
    let before = before.trim_end_matches(is_blank);
    let quote = before.chars().next_back().filter(|c| is_quote(*c));
    let name = quote.map_or(Some(before), |quote| before.strip_suffix(quote));
    let before = name.and_then(|name| name.strip_suffix(key));
    let before = before.and_then(|before| match quote {
        Some(quote) => before.strip_suffix(quote),
        None => Some(before),
    });
    let behind = behind.trim_start_matches(is_blank);
    before.is_some_and(|before| {
        let begins = before.is_empty() || before.ends_with('\n');
        let begins_in_braces = is_flow && before.trim_end().ends_with(['{', ',']);
        let ends = behind.is_empty() || behind.starts_with(['\n', '\r', '#']);
        let ends_in_braces = is_flow && behind.starts_with([',', '}']);
        (begins || begins_in_braces) && (ends || ends_in_braces)
    })
}

/// `before` and `behind` without the quotes around what is between them.
fn unquoted<'t>(before: &'t str, behind: &'t str) -> (&'t str, &'t str) {
    let quote = before.chars().next_back().filter(|c| is_quote(*c));
    let without = quote.and_then(|quote| {
        let (before, behind) = (before.strip_suffix(quote), behind.strip_prefix(quote));
        before.zip(behind)
    });
    without.unwrap_or((before, behind))
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'')
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

/// What `text` holds behind what says nothing.
fn content(text: &str) -> String {
    let says_nothing = |line: &&str| {
        let line = line.trim();
        let line = line.strip_prefix("---").unwrap_or(line).trim_start();
        matches!(line, "" | "...") || line.starts_with(['#', '%'])
    };
    let lines = text.trim_start_matches('\u{feff}').split_inclusive('\n');
    lines.skip_while(says_nothing).collect()
}

/// `content`, and a brace that opens it behind a marker: on a line of its own it might begin a key, and the parser
/// would say nothing before it has found the brace that closes it.
fn opened(content: &str) -> Cow<'_, str> {
    if content.trim_start().starts_with('{') {
        Cow::Owned(format!("--- {content}"))
    } else {
        Cow::Borrowed(content)
    }
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
            "kind: B\nkind: A\n",
            "a: &a A\nkind: *a\nb: [",
            "{a: &a kind, b: &b A, *a : *b, c: {",
        ] {
            assert!(root_says(text, "kind", "A"), "{text}");
        }
    }

    #[test]
    fn what_is_broken_before_it_does_not_hide_what_is_shown() {
        for text in [
            "a: *b\nkind: A # c\n",
            "a: *b\r\n'kind' : \"A\"\r\nd: e\r\n",
            "--- # c\n{a: *b,kind: A,c: d}",
            "{a: [-, b], \"kind\":\"A\"}",
            "{a: *b,\n  kind: A\n}",
        ] {
            assert!(root_says(text, "kind", "A"), "{text}");
        }
        for text in [
            "a: *b\n  kind: A\n",
            "a: *b\nmy-kind: A\n",
            "a: *b\nkind: AB\n",
            "a: *b\nkind: [A]\n",
            "a: [*b, {kind: A}]\n",
            "{a: *b, mykind: A}",
            "a: *b\n'kind: A'\n",
            "{a: *b, \"c\": \"kind: A\"}",
            "{a: *b, c: {kind: A}}",
            "{a: *b}\nc: {kind: A}",
            "{a: *b, kind: A b}",
        ] {
            assert!(!root_says(text, "kind", "A"), "{text}");
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
            assert!(!root_says(text, "kind", "A"), "{text}");
        }
    }
}
