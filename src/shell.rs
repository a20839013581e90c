//! Text as one word of a POSIX shell.

/// `text` in single quotes, in which a shell leaves every character alone but the quote itself.
#[must_use]
pub fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_character_ends_the_word() {
        assert_eq!(quote(""), "''");
        assert_eq!(quote("a b"), "'a b'");
        assert_eq!(quote("$(x) `y` \\"), "'$(x) `y` \\'");
        assert_eq!(quote("it's"), r"'it'\''s'");
    }
}
