//! Keys and values of labels and annotations.
//!
//! Labels select: a value that the API server refuses stops a whole bundle. Versions are the
//! usual culprit, because semantic versioning allows `+` and 128 characters where a label does
//! not; [`LabelValue::lossy`] is for those. Rules:
//! <https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/>.

use smol_str::SmolStr;

use super::invalid::Invalid;
use super::name::subdomain_problem;
use super::wording::{contains_offender, quoted, too_long};

/// What the names of labels and annotations begin with that mcpset decides.
pub const OWN_NAMES: [&str; 3] = ["app.kubernetes.io/", "mcpset.dev/", "checksum/"];

/// Characters in the name part of a key, and in a label value, at most.
pub const LABEL_PART_MAX: usize = 63;

/// Key of a label: `name`, or `prefix/name`.
///
/// The prefix is a DNS-1123 subdomain of at most 253 characters; the name has at most 63
/// letters, digits, `-`, `_` and `.`, with a letter or digit at both ends.
/// Example: `app.kubernetes.io/name`. Source: Kubernetes `IsQualifiedName`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LabelKey(SmolStr);
text_value!(LabelKey.0);

impl LabelKey {
    /// Reads a label key.
    ///
    /// # Errors
    /// Names the part and the character that break the rule.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        check_key(text, "app.kubernetes.io/name")?;
        Ok(Self(text.into()))
    }
}

/// Key of an annotation; the rule is that of [`LabelKey`].
///
/// Kubernetes also allows upper case in the prefix of an annotation; DNS names have none here.
/// Example: `eks.amazonaws.com/role-arn`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AnnotationKey(SmolStr);
text_value!(AnnotationKey.0);

impl AnnotationKey {
    /// Reads an annotation key.
    ///
    /// # Errors
    /// Names the part and the character that break the rule.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        check_key(text, "example.com/owner")?;
        Ok(Self(text.into()))
    }
}

/// Value of a label.
///
/// Empty, or at most 63 letters, digits, `-`, `_` and `.`, with a letter or digit at both ends.
/// Example: `1.4.2`. Source: Kubernetes `IsValidLabelValue`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LabelValue(SmolStr);
text_value!(LabelValue.0);

impl LabelValue {
    /// Reads a label value.
    ///
    /// # Errors
    /// Names the first character, end or length that breaks the rule; the help shows the
    /// nearest legal value.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if text.is_empty() {
            return Ok(Self(SmolStr::default()));
        }
        match part_problem(text) {
            None => Ok(Self(text.into())),
            Some(problem) => Err(Invalid::new(
                problem,
                format!(
                    "use at most {LABEL_PART_MAX} letters, digits, `-`, `_` and `.`, such as `{}`",
                    match Self::lossy(text).0.as_str() {
                        "" => "platform-team",
                        nearest => nearest,
                    }
                ),
            )),
        }
    }

    /// The nearest legal value of any text: other characters become `_`, what remains is cut
    /// to 63 characters, and both ends are trimmed to a letter or digit.
    ///
    /// `1.4.2+build.7` becomes `1.4.2_build.7`. A legal value stays as it is.
    #[must_use]
    pub fn lossy(text: &str) -> Self {
        let replaced: String = text
            .chars()
            .map(|c| if is_part_char(c) { c } else { '_' })
            .skip_while(|c| !c.is_ascii_alphanumeric())
            .take(LABEL_PART_MAX)
            .collect();
        let trimmed = replaced.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        Self(trimmed.into())
    }
}

fn check_key(text: &str, example: &str) -> Result<(), Invalid> {
    let (prefix, name) = match text.split_once('/') {
        Some((prefix, name)) => (Some(prefix), name),
        None => (None, text),
    };
    if let Some(prefix) = prefix
        && let Some(problem) = subdomain_problem(prefix)
    {
        let problem = match prefix {
            "" => format!("{} has nothing before the `/`", quoted(text)),
            _ => format!("the prefix {problem}"),
        };
        let help = format!(
            "use a lower-case DNS name of at most 253 characters before the `/`, such as `{example}`"
        );
        return Err(Invalid::new(problem, help));
    }
    match part_problem(name) {
        None => Ok(()),
        Some(problem) => Err(Invalid::new(
            problem,
            format!(
                "use at most {LABEL_PART_MAX} letters, digits, `-`, `_` and `.`, after at most one prefix, such as `{example}`"
            ),
        )),
    }
}

/// How `text` breaks the rule of a key's name and of a value that is not empty.
fn part_problem(text: &str) -> Option<String> {
    if text.is_empty() {
        return Some("the name is empty".to_owned());
    }
    contains_offender(text, is_part_char)
        .or_else(|| too_long(text, LABEL_PART_MAX))
        .or_else(|| {
            let bare = |c: Option<char>| c.is_some_and(|c| !c.is_ascii_alphanumeric());
            if bare(text.chars().next()) {
                Some(format!(
                    "{} does not start with a letter or digit",
                    quoted(text)
                ))
            } else if bare(text.chars().next_back()) {
                Some(format!(
                    "{} does not end with a letter or digit",
                    quoted(text)
                ))
            } else {
                None
            }
        })
}

fn is_part_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn keys_are_qualified_names() {
        let longest = format!("{}/{}", "a".repeat(253), "b".repeat(63));
        let good = [
            "release",
            "app.kubernetes.io/name",
            "kubernetes.io/metadata.name",
            "k8s.io/x",
            "checkov.io/skip1",
            "A_b-C.d",
            &longest,
        ];
        for text in good {
            assert_eq!(LabelKey::parse(text).unwrap().as_str(), text);
            assert_eq!(AnnotationKey::parse(text).unwrap().as_str(), text);
        }
        let bad = [
            ("", "the name is empty"),
            ("/name", "`/name` has nothing before the `/`"),
            ("a/", "the name is empty"),
            ("a/b/c", "`b/c` contains `/` (character 2)"),
            (
                "App.io/name",
                "the prefix `App.io` contains `A` (character 1)",
            ),
            ("a_b/name", "the prefix `a_b` contains `_` (character 2)"),
            ("-name", "`-name` does not start with a letter or digit"),
            ("name.", "`name.` does not end with a letter or digit"),
            ("a b", "`a b` contains a space (character 2)"),
            ("<<", "`<<` contains `<` (character 1)"),
        ];
        for (text, problem) in bad {
            assert_eq!(LabelKey::parse(text).unwrap_err().problem, problem);
            assert_eq!(AnnotationKey::parse(text).unwrap_err().problem, problem);
        }
        LabelKey::parse(&"a".repeat(64)).unwrap_err();
        LabelKey::parse(&format!("{}/b", "a".repeat(254))).unwrap_err();
    }

    #[test]
    fn values_are_empty_or_plain() {
        for good in ["", "1.4.2", "A_b", "0", "true", &"a".repeat(63)] {
            assert_eq!(LabelValue::parse(good).unwrap().as_str(), good);
        }
        for bad in [
            "1.4.2+7",
            "-a",
            "a_",
            "a b",
            "a/b",
            "ä",
            "a\n",
            &"a".repeat(64),
        ] {
            LabelValue::parse(bad).unwrap_err();
        }
        let help = LabelValue::parse("1.4.2+7").unwrap_err().help;
        assert!(help.ends_with("such as `1.4.2_7`"), "{help}");
    }

    #[test]
    fn lossy_gives_the_nearest_value() {
        let cut = "a".repeat(63);
        for (text, value) in [
            ("1.4.2+build.7", "1.4.2_build.7"),
            ("Équipe A", "quipe_A"),
            ("--", ""),
            ("(beta)", "beta"),
            (&"a".repeat(70), &cut),
        ] {
            assert_eq!(LabelValue::lossy(text).as_str(), value);
        }
    }

    proptest! {
        #[test]
        fn lossy_is_always_legal(text in any::<String>()) {
            let value = LabelValue::lossy(&text);
            prop_assert_eq!(LabelValue::parse(value.as_str()), Ok(value));
        }

        #[test]
        fn lossy_keeps_legal_values(text in "[A-Za-z0-9]([-_.A-Za-z0-9]{0,61}[A-Za-z0-9])?") {
            let lossy = LabelValue::lossy(&text);
            prop_assert_eq!(lossy.as_str(), text.as_str());
        }

        #[test]
        fn no_text_panics(text in any::<String>()) {
            let _ = (LabelKey::parse(&text), AnnotationKey::parse(&text), LabelValue::parse(&text));
        }
    }
}
