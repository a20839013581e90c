//! POSIX shell: the one place where text becomes a word of a command.

/// `text` as one word that a POSIX shell reads as exactly that text.
#[must_use]
pub fn quote(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "@%+=:,./-_".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;
    use proptest::prelude::*;

    #[test]
    fn plain_words_stay_plain() {
        for (text, word) in [
            ("mcp-github", "mcp-github"),
            ("arn:aws:iam::1:role/a", "arn:aws:iam::1:role/a"),
            ("", "''"),
            ("a b", "'a b'"),
            ("it's", r"'it'\''s'"),
            ("$(rm -r)", "'$(rm -r)'"),
        ] {
            assert_eq!(quote(text), word);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_shell_reads_every_text_as_it_is(text in "[^\0]*") {
            let script = format!("printf %s {}", quote(&text));
            let output = Command::new("sh").args(["-c", &script]).output().unwrap();
            prop_assert_eq!(output.stdout, text.as_bytes());
        }
    }
}
