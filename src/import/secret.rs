//! Which values are credentials.
//!
//! A config's own check refuses only shapes that issuers made recognisable. Here a name is reason
//! enough: a variable that is a reference without need costs one line in the secret store, and a
//! password that is taken over is in git for ever.

use crate::credential::credential;

/// Words of names whose values are credentials.
const WORDS: [&str; 26] = [
    "apikey",
    "auth",
    "authorization",
    "bearer",
    "cert",
    "cookie",
    "credential",
    "credentials",
    "dsn",
    "jwt",
    "key",
    "keys",
    "pass",
    "passphrase",
    "passwd",
    "password",
    "pat",
    "private",
    "pwd",
    "secret",
    "secrets",
    "session",
    "signature",
    "token",
    "totp",
    "webhook",
];
/// Endings of names that are written in one word.
const ENDINGS: [&str; 6] = [
    "apikey",
    "token",
    "secret",
    "password",
    "passwd",
    "credentials",
];
/// Last words of names whose value is where a credential lies.
const PLACES: [&str; 6] = ["file", "path", "dir", "folder", "location", "credentials"];

/// Whether `name` says that what it names is a credential.
pub fn is_secret_name(name: &str) -> bool {
    let words = words(name);
    words.iter().any(|word| {
        WORDS.contains(&word.as_str()) || ENDINGS.iter().any(|ending| word.ends_with(ending))
    })
}

/// Whether the `value` of what is called `name` must not be shown.
pub fn is_secret(name: &str, value: &str) -> bool {
    credential(value).is_some() || is_secret_name(name) && !is_harmless(name, value)
}

/// Whether `value` is a switch, or the path of a file with a credential.
fn is_harmless(name: &str, value: &str) -> bool {
    let is_switch = matches!(
        value,
        "true" | "false" | "yes" | "no" | "on" | "off" | "0" | "1"
    );
    let names_place = words(name)
        .last()
        .is_some_and(|word| PLACES.contains(&word.as_str()));
    let is_path = value.starts_with(['/', '~', '.']) && !value.contains(char::is_whitespace);
    is_switch || names_place && is_path
}

/// The words of `name` in lower case: of `GITHUB_TOKEN`, `apiKey` and `--api-key` alike.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_lower = false;
    for character in name.chars() {
        if !character.is_alphanumeric() || after_lower && character.is_uppercase() {
            words.push(String::new());
        }
        after_lower = character.is_lowercase();
        if character.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(character.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The name under which the word `word` of a command line carries a credential: that of the flag
/// `--api-key=…`, of the header `Authorization: …`, of the parameter `?token=…`. `None` when it carries
/// none.
pub fn secret_in_word(word: &str) -> Option<String> {
    let pairs = word.split(['?', '&']).flat_map(|part| {
        ['=', ':']
            .into_iter()
            .filter_map(move |separator| part.split_once(separator))
    });
    let named = pairs
        .filter(|(_, value)| !value.starts_with("//") && !value.trim().is_empty())
        .find(|(name, value)| is_secret_name(name) && is_secret(name, value.trim()))
        .map(|(name, _)| name.trim_start_matches('-').to_owned());
    named.or_else(|| credential(word).map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_credentials_are_known_in_every_spelling() {
        for name in [
            "GITHUB_TOKEN",
            "apiKey",
            "--api-key",
            "DB_PASSWORD",
            "OPENAIAPIKEY",
            "client.secret",
            "Authorization",
            "PGPASSWORD",
        ] {
            assert!(is_secret_name(name), "{name}");
        }
        for name in [
            "LOG_LEVEL",
            "KEYBOARD",
            "MAX_TOKENS",
            "AUTHOR",
            "PATH",
            "MONKEY",
        ] {
            assert!(!is_secret_name(name), "{name}");
        }
    }

    #[test]
    fn a_switch_and_the_path_of_a_file_are_no_credentials() {
        assert!(!is_secret("USE_TOKEN", "true"));
        assert!(!is_secret(
            "GOOGLE_APPLICATION_CREDENTIALS",
            "/etc/key.json"
        ));
        assert!(is_secret("API_KEY", "/etc/key.json"));
        assert!(is_secret("API_KEY", ""));
    }

    #[test]
    fn a_credential_inside_a_word_is_found() {
        for word in [
            "--api-key=hunter2",
            "Authorization: Bearer x",
            "https://a.example/sse?api_key=x",
            "API_KEY=x",
            "postgres://app:hunter2@db/x",
        ] {
            assert!(secret_in_word(word).is_some(), "{word}");
        }
        for word in [
            "--port=8080",
            "https://a.example/sse",
            "--token",
            "http://key.example:80",
        ] {
            assert_eq!(secret_in_word(word), None, "{word}");
        }
    }
}
