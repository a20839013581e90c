//! Words that a text holds without showing them.
//!
//! What is not ours is not read, and what is ours is found by a word. In double quotes YAML writes any character by
//! its number and joins two lines to one, so a word may stand there unseen. Hosts write only others by number, and
//! join lines at blanks.

use memchr::memchr_iter;

/// Whether letters of `text` stand there by their number, or are joined over the end of a line: a word that is not
/// found in it may be one of its values all the same.
#[must_use]
pub fn hides_letters(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr_iter(b'\\', bytes).any(|at| {
        let (before, behind) = bytes.split_at(at);
        match behind.get(1) {
            Some(b'x') => is_letter(behind, 2),
            Some(b'u') => is_letter(behind, 4),
            Some(b'U') => is_letter(behind, 8),
            Some(b'\n' | b'\r') => {
                let next = behind.get(1..).map(<[u8]>::trim_ascii_start);
                let next = next.and_then(<[u8]>::first);
                let both = [before.last(), next];
                both.iter()
                    .all(|side| side.is_some_and(u8::is_ascii_alphabetic))
            }
            _ => false,
        }
    })
}

/// Whether the `digits` behind the first two characters of `escape` are those of a letter.
fn is_letter(escape: &[u8], digits: usize) -> bool {
    let number = escape.get(2..2 + digits);
    let number = number.and_then(|number| str::from_utf8(number).ok());
    let number = number.and_then(|number| u8::from_str_radix(number, 16).ok());
    number.is_some_and(|letter| letter.is_ascii_alphabetic())
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
