//! Keys of a `ConfigMap` or Secret.
//!
//! A key is also a file name once the object is mounted, so names that mean something to a file
//! system are refused.

use smol_str::SmolStr;

use super::env_name::EnvName;
use super::invalid::Invalid;
use super::wording::{contains_offender, quoted, too_long};

/// Characters in a key at most (Kubernetes' `DNS1123SubdomainMaxLength`).
pub const CONFIG_KEY_MAX: usize = 253;

/// Key of a `ConfigMap` or Secret.
///
/// 1 to 253 letters, digits, `-`, `_` and `.`; not `.`, and not starting with `..`.
/// Example: `allowed-buckets.json`. Source: Kubernetes `IsConfigMapKey`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ConfigKey(SmolStr);
text_value!(ConfigKey.0);

impl ConfigKey {
    /// Reads a key.
    ///
    /// # Errors
    /// Names the first character, the length or the reserved name that breaks the rule.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match problem(text) {
            None => Ok(Self(text.into())),
            Some(problem) => Err(Invalid::new(
                problem,
                "use at most 253 letters, digits, `-`, `_` and `.`, without a directory, such as `settings.json`",
            )),
        }
    }
}

impl EnvName {
    /// The guide's key for a secret: lower case, `-` for `_`. `GITHUB_TOKEN` gives
    /// `github-token`.
    ///
    /// Two names that differ only in case give the same key.
    #[must_use]
    pub fn secret_key(&self) -> ConfigKey {
        ConfigKey(self.as_str().to_ascii_lowercase().replace('_', "-").into())
    }
}

fn problem(text: &str) -> Option<String> {
    if text.is_empty() {
        return Some("the key is empty".to_owned());
    }
    contains_offender(text, |c| {
        c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')
    })
    .or_else(|| too_long(text, CONFIG_KEY_MAX))
    .or_else(|| {
        (text == "." || text.starts_with("..")).then(|| {
            format!(
                "{} is reserved by Kubernetes for its own files",
                quoted(text)
            )
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn keys_are_plain_file_names() {
        for good in [
            "a",
            ".env",
            "settings.json",
            "_",
            "-",
            "A-b_c.9",
            &"k".repeat(253),
        ] {
            assert_eq!(ConfigKey::parse(good).unwrap().as_str(), good);
        }
        let bad = [
            ("", "the key is empty"),
            (".", "`.` is reserved by Kubernetes for its own files"),
            ("..", "`..` is reserved by Kubernetes for its own files"),
            (
                "..data",
                "`..data` is reserved by Kubernetes for its own files",
            ),
            (
                "../etc/passwd",
                "`../etc/passwd` contains `/` (character 3)",
            ),
            ("a b", "`a b` contains a space (character 2)"),
            ("<<", "`<<` contains `<` (character 1)"),
            ("clé", "`clé` contains `é` (character 3)"),
        ];
        for (text, problem) in bad {
            assert_eq!(ConfigKey::parse(text).unwrap_err().problem, problem);
        }
        ConfigKey::parse(&"k".repeat(254)).unwrap_err();
    }

    #[test]
    fn a_variable_gives_the_guides_secret_key() {
        for (name, key) in [("GITHUB_TOKEN", "github-token"), ("_A", "-a"), ("x", "x")] {
            assert_eq!(EnvName::parse(name).unwrap().secret_key().as_str(), key);
        }
    }

    proptest! {
        #[test]
        fn every_secret_key_is_legal(name in "[A-Za-z_][A-Za-z0-9_]{0,252}") {
            let key = EnvName::parse(&name).unwrap().secret_key();
            prop_assert_eq!(ConfigKey::parse(key.as_str()), Ok(key));
        }

        #[test]
        fn no_text_panics(text in any::<String>()) {
            let _ = ConfigKey::parse(&text);
        }
    }
}
