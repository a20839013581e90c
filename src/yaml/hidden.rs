//! Words that a text holds without showing them.
//!
//! What is not ours is not read, and what is ours is found by a word. In double quotes YAML writes any character by
//! its number and joins two lines to one, so a word may stand there unseen. Hosts write only others by number, and
//! join lines at blanks.

use memchr::memchr_iter;

use super::breaks::OTHER_BREAKS;

/// Whether letters of `text` stand there by their number, or are joined over the end of a line: a word that is not
/// found in it may be one of its values all the same.
#[must_use]
pub fn hides_letters(text: &str) -> bool {
    memchr_iter(b'\\', text.as_bytes()).any(|at| {
        let (before, escape) = text.split_at(at);
        match escape.chars().nth(1) {
            Some('x') => is_letter(escape, 2),
            Some('u') => is_letter(escape, 4),
            Some('U') => is_letter(escape, 8),
            Some(next) => is_break(next) && joins(before, escape),
            None => false,
        }
    })
}

/// Whether the `digits` behind the first two characters of `escape` are those of a letter.
fn is_letter(escape: &str, digits: usize) -> bool {
    let number = escape.get(2..2 + digits);
    let number = number.and_then(|number| u8::from_str_radix(number, 16).ok());
    number.is_some_and(|letter| letter.is_ascii_alphabetic())
}

/// Whether the lines that end at `escape`, and at what follows it so, may be one word.
fn joins(before: &str, escape: &str) -> bool {
    let is_letter = |c: char| c.is_ascii_alphabetic();
    if !before.ends_with(is_letter) {
        return false;
    }
    let is_between = |c| matches!(c, ' ' | '\t') || is_break(c);
    let mut rest = escape;
    while let Some(next) = rest
        .strip_prefix('\\')
        .filter(|next| next.starts_with(is_break))
    {
        rest = next.trim_start_matches(is_between);
    }
    rest.starts_with(is_letter)
}

fn is_break(c: char) -> bool {
    c == '\n' || OTHER_BREAKS.contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_by_its_number_is_hidden() {
        for text in [
            r#"kind: "McpServer\u0053et""#,
            r#"kind: "\x4dcpServerSet""#,
            r#""k\U00000069nd": a"#,
            r#"{"a": "\"\n", "kind": "McpServerSe\u0074"}"#,
        ] {
            assert!(hides_letters(text), "{text}");
        }
    }

    #[test]
    fn a_word_over_the_end_of_a_line_is_hidden() {
        for text in [
            "kind: \"McpServer\\\n  Set\"",
            "kind: \"McpServer\\\r\n\tSet\"",
            "kind: \"McpServer\\\n  \\\n\n \\\n  Set\"",
            "kind: \"McpServer\\\u{2028}Set\"",
        ] {
            assert!(hides_letters(text), "{text}");
        }
    }

    #[test]
    fn what_hosts_write_hides_nothing() {
        for text in [
            r#"{"query": "a \u003e \u0026 \u2028\n", "path": "C:\\users\\x1"}"#,
            "a: \"long text \\\n  \\ that goes on\\\n  \\ here\"",
            "run: |\n  mcpset render \\\n    --output DIR\n",
            "a: '\\x'\nb: \\",
            "a: \\u004",
        ] {
            assert!(!hides_letters(text), "{text}");
        }
    }
}
