//! Free text that every reader of the output reads back unchanged.
//!
//! kustomize corrupts U+0085 and refuses other control characters even where YAML or JSON
//! escapes them (measured: facts on YAML emitters). Text with them cannot pass through it, so it
//! does not enter.

use smol_str::SmolStr;

use super::invalid::Invalid;

/// Any text without control characters but tab, line feed and carriage return, and without
/// U+FFFE and U+FFFF.
///
/// No limit on its length. Example: `Reads issues and pull requests.`
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CleanText(SmolStr);
text_value!(CleanText.0);

impl CleanText {
    /// Takes text as it is.
    ///
    /// # Errors
    /// Names the first refused character by its code point, line and place in the line.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let (mut line, mut column) = (1_usize, 0_usize);
        for c in text.chars() {
            column += 1;
            if is_refused(c) {
                return Err(Invalid::new(
                    format!(
                        "the text holds U+{:04X} at line {line}, character {column}",
                        u32::from(c)
                    ),
                    "leave the character out: kustomize refuses or corrupts it",
                ));
            }
            if c == '\n' {
                (line, column) = (line + 1, 0);
            }
        }
        Ok(Self(text.into()))
    }
}

/// C0 but tab, line feed and carriage return; DEL; C1; and the two non-characters of the BMP.
fn is_refused(c: char) -> bool {
    let is_layout = matches!(c, '\t' | '\n' | '\r');
    (c.is_control() && !is_layout) || matches!(c, '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ordinary_text_stays_as_it_is() {
        for good in [
            "",
            "a\tb\r\nc",
            "Ünïcödé 日本 🦀",
            "\u{a0}\u{2028}\u{feff}\u{fffd}\u{10ffff}",
            "<<",
            "yes",
        ] {
            assert_eq!(CleanText::parse(good).unwrap().as_str(), good);
        }
    }

    #[test]
    fn what_kustomize_breaks_is_refused_with_its_place() {
        let cases = [
            ("\0", "the text holds U+0000 at line 1, character 1"),
            ("ab\u{7}", "the text holds U+0007 at line 1, character 3"),
            (
                "é\n\u{1b}[31m",
                "the text holds U+001B at line 2, character 1",
            ),
            (
                "a\n\nbc\u{7f}",
                "the text holds U+007F at line 3, character 3",
            ),
            ("\u{80}", "the text holds U+0080 at line 1, character 1"),
            ("x\u{85}", "the text holds U+0085 at line 1, character 2"),
            ("\u{9f}", "the text holds U+009F at line 1, character 1"),
            ("\u{fffe}", "the text holds U+FFFE at line 1, character 1"),
            ("\u{ffff}", "the text holds U+FFFF at line 1, character 1"),
        ];
        for (text, problem) in cases {
            assert_eq!(CleanText::parse(text).unwrap_err().problem, problem);
        }
    }

    proptest! {
        #[test]
        fn text_is_kept_or_refused_never_changed(text in any::<String>()) {
            let refused = text.chars().any(|c| matches!(u32::from(c),
                0..=8 | 0xb | 0xc | 0xe..=0x1f | 0x7f..=0x9f | 0xfffe | 0xffff));
            match CleanText::parse(&text) {
                Ok(clean) => {
                    prop_assert!(!refused);
                    prop_assert_eq!(clean.as_str(), text.as_str());
                }
                Err(_) => prop_assert!(refused),
            }
        }
    }
}
