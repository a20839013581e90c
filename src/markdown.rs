//! Markdown: the one place where text becomes part of a page.

use std::fmt::Write;

/// `text` as a page shows it: no character of it is read as Markdown, HTML or one of Grafana's
/// variables, and a line break is a space, as a table's cell has one line.
///
/// All ASCII punctuation but what prose is made of becomes a character reference, which every
/// dialect of Markdown shows as the character (CommonMark 0.31, section 2.5).
#[must_use]
pub fn text(text: &str) -> String {
    let mut page = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            ',' | ';' | '?' | '/' | '%' | '\'' => page.push(c),
            c if c.is_ascii_punctuation() => {
                // Writing to a String cannot fail.
                let _ = write!(page, "&#{};", u32::from(c));
            }
            c if c.is_whitespace() || c.is_control() => page.push(' '),
            c => page.push(c),
        }
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_markdown_or_grafana_would_read_is_a_character_reference() {
        assert_eq!(
            text("Reads *all* | <b>\n${job}"),
            "Reads &#42;all&#42; &#124; &#60;b&#62; &#36;&#123;job&#125;"
        );
        assert_eq!(text("Issues, pull requests"), "Issues, pull requests");
    }

    proptest! {
        #[test]
        fn no_text_leaves_its_cell(hostile in any::<String>()) {
            let page = text(&hostile);
            prop_assert!(!page.contains(['|', '<', '>', '$', '[', ']', '(', ')', '`', '*', '\\', '\n', '\r']));
        }
    }
}
