//! Names of environment variables.
//!
//! Kubernetes accepts almost any printable text, shells and most programs do not. C identifiers
//! are what works everywhere.

use smol_str::SmolStr;

use super::invalid::Invalid;
use super::wording::{contains_offender, quoted, too_long};

/// Characters in an environment variable's name at most: the limit of the Secret key that
/// follows from it.
pub const ENV_NAME_MAX: usize = 253;

/// Name of an environment variable: a C identifier.
///
/// At most 253 letters, digits and `_`, not starting with a digit. Example: `GITHUB_TOKEN`.
/// Source: POSIX.1-2017 §8.1. Stricter than Kubernetes, which also allows `-` and `.`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EnvName(SmolStr);
text_value!(EnvName.0);

impl EnvName {
    /// Reads the name of an environment variable.
    ///
    /// # Errors
    /// Names the first character or the length that breaks the rule.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match problem(text) {
            None => Ok(Self(text.into())),
            Some(problem) => Err(Invalid::new(
                problem,
                format!(
                    "use letters, digits and `_`, not starting with a digit, such as `{}`",
                    nearest(text)
                ),
            )),
        }
    }
}

fn problem(text: &str) -> Option<String> {
    if text.is_empty() {
        return Some("the variable's name is empty".to_owned());
    }
    contains_offender(text, is_identifier_char)
        .or_else(|| too_long(text, ENV_NAME_MAX))
        .or_else(|| {
            text.starts_with(|c: char| c.is_ascii_digit())
                .then(|| format!("{} starts with a digit", quoted(text)))
        })
}

fn is_identifier_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// A legal name as close to `text` as can be, for use in a message.
fn nearest(text: &str) -> String {
    let name: String = text
        .chars()
        .map(|c| if is_identifier_char(c) { c } else { '_' })
        .skip_while(|c| !c.is_ascii_alphabetic())
        .take(ENV_NAME_MAX)
        .collect();
    match name.as_str() {
        "" => "GITHUB_TOKEN".to_owned(),
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_are_c_identifiers() {
        for good in ["GITHUB_TOKEN", "_x", "a", "http_proxy", &"A".repeat(253)] {
            assert_eq!(EnvName::parse(good).unwrap().as_str(), good);
        }
        let bad = [
            ("", "the variable's name is empty"),
            ("1A", "`1A` starts with a digit"),
            ("GITHUB-TOKEN", "`GITHUB-TOKEN` contains `-` (character 7)"),
            ("A.B", "`A.B` contains `.` (character 2)"),
            ("A=B", "`A=B` contains `=` (character 2)"),
            ("A B", "`A B` contains a space (character 2)"),
            ("Ä", "`Ä` contains `Ä` (character 1)"),
            ("<<", "`<<` contains `<` (character 1)"),
            ("A\0", "`A\\u{0}` contains `\\u{0}` (character 2)"),
        ];
        for (text, problem) in bad {
            assert_eq!(EnvName::parse(text).unwrap_err().problem, problem);
        }
        EnvName::parse(&"A".repeat(254)).unwrap_err();
    }

    #[test]
    fn the_help_offers_the_nearest_name() {
        let help = EnvName::parse("GITHUB-TOKEN").unwrap_err().help;
        assert!(help.ends_with("such as `GITHUB_TOKEN`"), "{help}");
    }

    proptest! {
        #[test]
        fn no_text_panics_and_the_nearest_name_is_legal(text in any::<String>()) {
            let _ = EnvName::parse(&text);
            prop_assert!(EnvName::parse(&nearest(&text)).is_ok());
        }
    }
}
