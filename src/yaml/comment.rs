//! Comments: the one function that puts foreign text behind a `#`.

use super::write::is_visible_char;

/// Longest comment, in characters: what is longer is no remark but a document.
const LONGEST: usize = 400;

/// Appends `text` as one comment line at column `indent`. Line breaks and runs of white space become a
/// blank, what is no visible character its code point, so that nothing of it can leave the comment.
pub fn comment(out: &mut String, indent: usize, text: &str) {
    out.extend(std::iter::repeat_n(' ', indent));
    out.push('#');
    let mut length = 0;
    for word in text.split_whitespace() {
        out.push(' ');
        for character in word.chars() {
            length += 1;
            if length > LONGEST {
                out.push('…');
                break;
            }
            if is_visible_char(character) {
                out.push(character);
            } else {
                out.extend(character.escape_unicode());
            }
        }
        if length > LONGEST {
            break;
        }
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn commented(text: &str) -> String {
        let mut out = String::new();
        comment(&mut out, 2, text);
        out
    }

    #[test]
    fn lines_are_joined_and_what_is_invisible_is_named() {
        assert_eq!(commented("a\n- b: c"), "  # a - b: c\n");
        assert_eq!(
            commented("x\u{7}\u{2028}y\u{200b}\u{85}z"),
            "  # x\\u{7} y\\u{200b} z\n"
        );
        assert_eq!(commented(""), "  #\n");
    }

    #[test]
    fn a_document_is_cut() {
        assert!(commented(&"word ".repeat(1000)).len() < 700);
    }

    proptest! {
        #[test]
        fn no_text_leaves_its_comment(text in any::<String>()) {
            let out = commented(&text);
            prop_assert_eq!(out.matches('\n').count(), 1);
            prop_assert!(out.ends_with('\n') && !out.contains('\r'));
            let document = format!("a: 1\n{out}b: 2\n");
            let read: serde_yaml::Value = serde_yaml::from_str(&document).unwrap();
            prop_assert_eq!(read, serde_yaml::from_str::<serde_yaml::Value>("{a: 1, b: 2}").unwrap());
        }
    }
}
