//! How refused text is shown in a message.
//!
//! The text may be hostile: very long, or with characters that would move the cursor of a
//! terminal or hide what follows. A message shows a short, visible form of it.

use std::fmt::{self, Write as _};

/// A message quotes at most this many characters of a value.
const QUOTE_MAX: usize = 80;

/// `text` in backticks, shortened, with invisible characters written as `\u{…}`.
pub(crate) fn quoted(text: &str) -> Quoted<'_> {
    Quoted(text)
}

/// Put together only when something is to be said of it, which is seldom.
#[derive(Clone, Copy)]
pub(crate) struct Quoted<'t>(&'t str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('`')?;
        for c in self.0.chars().take(QUOTE_MAX) {
            if is_invisible(c) {
                write!(f, "{}", c.escape_unicode())?;
            } else {
                f.write_char(c)?;
            }
        }
        if self.0.chars().nth(QUOTE_MAX).is_some() {
            f.write_char('…')?;
        }
        f.write_char('`')
    }
}

/// The first character of `text` that is not `allowed`, and where it stands, counted from 1:
/// "`_` (character 4)".
pub(super) fn offender(text: &str, allowed: impl Fn(char) -> bool) -> Option<String> {
    let (index, c) = text.chars().enumerate().find(|&(_, c)| !allowed(c))?;
    let name = match c {
        ' ' => "a space".to_owned(),
        '\n' => "a line break".to_owned(),
        '\t' => "a tab".to_owned(),
        c => quoted(&c.to_string()).to_string(),
    };
    Some(format!("{name} (character {})", index + 1))
}

/// "`a` contains `_` (character 4)", when a character of `text` is not `allowed`.
pub(super) fn contains_offender(text: &str, allowed: impl Fn(char) -> bool) -> Option<String> {
    offender(text, allowed).map(|offender| format!("{} contains {offender}", quoted(text)))
}

/// "`a…` has 70 characters, the limit is 63", when `text` is longer than `max` bytes.
pub(super) fn too_long(text: &str, max: usize) -> Option<String> {
    (text.len() > max).then(|| {
        let length = text.chars().count();
        format!(
            "{} has {length} characters, the limit is {max}",
            quoted(text)
        )
    })
}

/// Whether a terminal would obey `c` or not show it: control characters, zero-width characters,
/// direction marks, line separators, tags and non-characters.
pub(crate) fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_offender_is_named_with_its_place() {
        let cases = [
            ("abc_d", Some("`_` (character 4)")),
            ("ä", Some("`ä` (character 1)")),
            ("a b", Some("a space (character 2)")),
            ("a\u{202e}", Some("`\\u{202e}` (character 2)")),
            ("abc", None),
        ];
        for (text, expected) in cases {
            let found = offender(text, |c| c.is_ascii_alphanumeric());
            assert_eq!(found.as_deref(), expected, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn a_quote_is_short_and_visible(text in any::<String>()) {
            let shown = quoted(&text).to_string();
            let longest_escape = r"\u{10ffff}".len();
            let is_short = shown.chars().count() <= QUOTE_MAX * longest_escape + 3;
            prop_assert!(is_short);
            prop_assert!(!shown.chars().any(is_invisible));
        }
    }
}
