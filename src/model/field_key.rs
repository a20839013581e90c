//! The key of a field that somebody else defines, such as one of a patch.

use smol_str::SmolStr;

use super::invalid::Invalid;
use super::text::CleanText;

/// Characters of a key in Go's JSON, quotes included, that kustomize reads (seen in 5.8.1).
const LONGEST_JSON: usize = 1024;

/// A [`CleanText`] that kustomize reads as a key: it drops `<<` even where that is quoted, and reads none of more
/// than 1,024 characters in JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldKey(SmolStr);
text_value!(FieldKey.0);

impl FieldKey {
    /// Takes a key as it is.
    ///
    /// # Errors
    /// Names what kustomize does not hand on.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        CleanText::parse(text)?;
        if text == "<<" {
            return Err(Invalid::new(
                "kustomize drops a field that is called `<<`",
                "leave it out; a merge is `<<: *name`, without quotes",
            ));
        }
        let length = json_length(text);
        if length > LONGEST_JSON {
            return Err(Invalid::new(
                format!("the key has {length} characters as JSON writes it"),
                format!("kustomize reads one of at most {LONGEST_JSON}"),
            ));
        }
        Ok(Self(text.into()))
    }
}

/// Characters of `text` in Go's JSON, which escapes what HTML and scripts read otherwise.
fn json_length(text: &str) -> usize {
    let length = |character| match character {
        '"' | '\\' | '\n' | '\r' | '\t' => 2,
        '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => 6,
        _ => 1,
    };
    2 + text.chars().map(length).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_kustomize_drops_or_cannot_read_is_no_key() {
        for good in [
            "",
            "a.b/c",
            "<<<",
            &"k".repeat(1022),
            &"ß".repeat(1022),
            &"\n".repeat(511),
            &"<".repeat(170),
        ] {
            assert_eq!(FieldKey::parse(good).unwrap().as_str(), good);
        }
        for (bad, problem) in [
            ("<<", "kustomize drops a field that is called `<<`"),
            ("\u{85}", "the text holds U+0085 at line 1, character 1"),
            (
                &"k".repeat(1023),
                "the key has 1025 characters as JSON writes it",
            ),
            (
                &"&".repeat(171),
                "the key has 1028 characters as JSON writes it",
            ),
            (
                &"\"".repeat(512),
                "the key has 1026 characters as JSON writes it",
            ),
        ] {
            assert_eq!(FieldKey::parse(bad).unwrap_err().problem, problem);
        }
    }
}
