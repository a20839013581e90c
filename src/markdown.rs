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

/// `text` as a code span, which shows it letter by letter; a line break is a space.
///
/// The span is closed by as many backticks as open it (CommonMark 0.31, section 6.1), so these are
/// one more than any run within.
#[must_use]
pub fn code(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let runs = text.split(|c| c != '`').map(str::len);
    let fence = "`".repeat(runs.max().unwrap_or_default() + 1);
    let line: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    // One blank on both sides is not shown, and keeps backticks apart.
    let is_bare = line.starts_with(['`', ' ']) || line.ends_with(['`', ' ']);
    let pad = if is_bare { " " } else { "" };
    format!("{fence}{pad}{line}{pad}{fence}")
}

/// `text`, whose parts in backticks are code, as a page shows it.
#[must_use]
pub fn prose(text: &str) -> String {
    let parts = text.split('`').enumerate();
    let parts = parts.map(|(index, part)| match index % 2 {
        0 => sentences(part, index > 0),
        _ => code(part),
    });
    parts.collect()
}

/// As [`text`], but a full stop or colon between a letter, or code, and a blank stays as it is: it begins no
/// list and is part of no address.
fn sentences(part: &str, follows_code: bool) -> String {
    let mut page = String::with_capacity(part.len());
    let mut previous = if follows_code { 'a' } else { ' ' };
    let mut rest = part.chars().peekable();
    while let Some(c) = rest.next() {
        let is_last = rest.peek().is_none_or(|next| next.is_whitespace());
        if matches!(c, '.' | ':') && previous.is_alphabetic() && is_last {
            page.push(c);
        } else {
            page.push_str(&text(c.encode_utf8(&mut [0; 4])));
        }
        previous = c;
    }
    page
}

/// `text` as a block of code in `language`, closed by more backticks than any run within.
#[must_use]
pub fn block(language: &str, text: &str) -> String {
    let runs = text.split(|c| c != '`').map(str::len);
    let fence = "`".repeat(runs.max().unwrap_or_default().max(2) + 1);
    let text = text.trim_end();
    format!("{fence}{language}\n{text}\n{fence}\n")
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

    #[test]
    fn prose_shows_what_is_in_backticks_as_code() {
        assert_eq!(
            prose("Write: `a*b`. Not 1. or www.example, *never*."),
            "Write: `a*b`. Not 1&#46; or www&#46;example, &#42;never&#42;&#46;"
        );
        assert_eq!(prose("It ends."), "It ends.");
    }

    #[test]
    fn no_text_ends_its_block() {
        assert_eq!(block("yaml", "a: b\n"), "```yaml\na: b\n```\n");
        assert_eq!(block("", "```\n"), "````\n```\n````\n");
    }

    #[test]
    fn a_code_span_holds_what_it_shows() {
        assert_eq!(code("mcp.yaml"), "`mcp.yaml`");
        assert_eq!(code("a`b``c"), "```a`b``c```");
        assert_eq!(code("`a\nb"), "`` `a b ``");
    }

    proptest! {
        #[test]
        fn no_text_ends_its_code_span(hostile in "[`a \n|]{1,12}") {
            let span = code(&hostile);
            let fence = span.len() - span.trim_start_matches('`').len();
            let inner = span.get(fence..span.len() - fence).unwrap();
            prop_assert!(inner.split(|c| c != '`').all(|run| run.len() < fence));
            prop_assert!(!span.contains('\n'));
        }

        #[test]
        fn no_text_leaves_its_cell(hostile in any::<String>()) {
            let page = text(&hostile);
            prop_assert!(!page.contains(['|', '<', '>', '$', '[', ']', '(', ')', '`', '*', '\\', '\n', '\r']));
        }
    }
}
