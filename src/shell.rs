//! Words of a POSIX shell.
//!
//! Whatever goes into a command of ours goes through [`quoted`], so that a shell hands every byte of
//! it to the program, as one word.

/// What no shell gives a meaning to, wherever in a word it stands.
fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_-./:@%+,".contains(c)
}

/// `text` as one word, in single quotes unless it needs none.
#[must_use]
pub fn quoted(text: &str) -> String {
    if !text.is_empty() && text.chars().all(is_plain) {
        return text.to_owned();
    }
    // Within single quotes nothing has a meaning but the single quote.
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_quoted_where_a_shell_would_read_it() {
        for (text, word) in [
            ("mcp-s3-role", "mcp-s3-role"),
            ("/mcp/", "/mcp/"),
            ("", "''"),
            ("a b", "'a b'"),
            ("it's", r"'it'\''s'"),
            ("$(id)", "'$(id)'"),
            ("~", "'~'"),
            ("a=b", "'a=b'"),
            ("#", "'#'"),
            ("{a,b}", "'{a,b}'"),
        ] {
            assert_eq!(quoted(text), word);
        }
    }
}
