//! XML: the one place where text becomes part of a document.

/// `text` as the content of an element or the value of an attribute, in either kind of quotes.
///
/// Line breaks and tabs become character references, because a reader makes blanks of them in an
/// attribute (XML 1.0, section 3.3.3). What XML cannot hold at all becomes U+FFFD (section 2.2).
#[must_use]
pub fn text(text: &str) -> String {
    let mut document = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => document.push_str("&amp;"),
            '<' => document.push_str("&lt;"),
            '>' => document.push_str("&gt;"),
            '"' => document.push_str("&quot;"),
            '\'' => document.push_str("&apos;"),
            '\n' => document.push_str("&#10;"),
            '\r' => document.push_str("&#13;"),
            '\t' => document.push_str("&#9;"),
            '\0'..=' ' if c != ' ' => document.push(char::REPLACEMENT_CHARACTER),
            '\u{fffe}' | '\u{ffff}' => document.push(char::REPLACEMENT_CHARACTER),
            c => document.push(c),
        }
    }
    document
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn no_character_is_markup() {
        assert_eq!(
            text("<a b=\"c\"> & ]]>\r\n\u{1b}\u{ffff}"),
            "&lt;a b=&quot;c&quot;&gt; &amp; ]]&gt;&#13;&#10;\u{fffd}\u{fffd}"
        );
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(hostile in any::<String>()) {
            let escaped = text(&hostile);
            let document = format!("<a b='{escaped}'>{escaped}</a>");
            let read = roxmltree::Document::parse(&document).unwrap();
            let is_kept = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
            let expected: String = hostile
                .chars()
                .map(|c| if is_kept(c) { c } else { char::REPLACEMENT_CHARACTER })
                .collect();
            prop_assert_eq!(read.root_element().attribute("b").unwrap(), &expected);
            prop_assert_eq!(read.root_element().text().unwrap_or_default(), &expected);
        }
    }
}
