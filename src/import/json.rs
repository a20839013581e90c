//! Documents of a source, also in the JSON that editors write: with comments and commas too many.
//!
//! JSON is read by the house's YAML reader, which knows the place of everything. What it does not know
//! is blanked first, byte for byte, so that every place stays.

use serde::de::IgnoredAny;

use crate::problem::Problems;
use crate::source::Source;
use crate::yaml::{Node, parse};

/// The documents of `source`, whose index is `index`.
pub fn documents(source: &Source, index: u32, problems: &mut Problems) -> Vec<Node> {
    let text = source.text.strip_prefix('\u{feff}').unwrap_or(&source.text);
    let begins = text.trim_start();
    if begins.starts_with(['{', '[']) || begins.starts_with("//") || begins.starts_with("/*") {
        let plain = plain(&source.text);
        if serde_json::from_str::<IgnoredAny>(plain.trim_start_matches('\u{feff}')).is_ok() {
            return parse(&plain, index, problems);
        }
    }
    parse(&source.text, index, problems)
}

/// `text` with blanks for comments, for tabs between values, and for commas before a closing bracket.
fn plain(text: &str) -> String {
    let mut plain: Vec<u8> = text.bytes().collect();
    let mut at = 0;
    let mut comma = None;
    let blank = |plain: &mut Vec<u8>, range: std::ops::Range<usize>| {
        for byte in plain.get_mut(range).unwrap_or_default() {
            if !matches!(byte, b'\n' | b'\r') {
                *byte = b' ';
            }
        }
    };
    while let Some(byte) = plain.get(at).copied() {
        let rest = plain.get(at..).unwrap_or_default();
        let length = match byte {
            b'"' => string_length(rest),
            b'/' if rest.starts_with(b"//") => {
                let end = rest
                    .iter()
                    .position(|byte| *byte == b'\n')
                    .unwrap_or(rest.len());
                blank(&mut plain, at..at + end);
                end
            }
            b'/' if rest.starts_with(b"/*") => {
                let end = rest.windows(2).skip(2).position(|pair| pair == b"*/");
                let end = end.map_or(rest.len(), |end| end + 4);
                blank(&mut plain, at..at + end);
                end
            }
            b'\t' => {
                blank(&mut plain, at..at + 1);
                1
            }
            _ => 1,
        };
        match byte {
            b',' => comma = Some(at),
            b']' | b'}' => {
                if let Some(comma) = comma.take() {
                    blank(&mut plain, comma..comma + 1);
                }
            }
            b' ' | b'\t' | b'\n' | b'\r' | b'/' => {}
            _ => comma = None,
        }
        at += length;
    }
    String::from_utf8(plain).unwrap_or_else(|_| text.to_owned())
}

/// Bytes of the string at the beginning of `text`, its quotes included.
fn string_length(text: &[u8]) -> usize {
    let mut is_escaped = false;
    for (at, byte) in text.iter().enumerate().skip(1) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn comments_tabs_and_trailing_commas_give_way_to_blanks() {
        let text = "{\t// a\n\"u\": \"http://x/*,}\", /* b */ \"l\": [1, 2,],\n}";
        let plain = plain(text);
        assert_eq!(plain.len(), text.len());
        let value: serde_json::Value = serde_json::from_str(&plain).unwrap();
        assert_eq!(value, serde_json::json!({"u": "http://x/*,}", "l": [1, 2]}));
    }

    proptest! {
        #[test]
        fn every_text_keeps_its_length(text in any::<String>()) {
            prop_assert_eq!(plain(&text).len(), text.len());
        }

        #[test]
        fn json_stays_what_it_is(text in r#"[ {}\[\],:"/*a\\\t1-9\n]{0,24}"#) {
            if let Ok(value) = serde_json::from_str::<serde_json::Value>(&text) {
                prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&plain(&text)).unwrap(), value);
            }
        }
    }
}
