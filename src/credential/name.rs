//! Which names are those of credentials, and which values are none whatever they are called.
//!
//! A config's own check refuses only shapes that issuers made recognisable. Here a name is reason
//! enough: a variable that is a reference without need costs one line in the secret store, and a
//! password that is taken over is in git for ever.

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
/// Parts of names, without what stands between their words.
const PARTS: [&str; 14] = [
    "accesskey",
    "apikey",
    "authorization",
    "bearer",
    "credential",
    "oauth",
    "passcode",
    "passphrase",
    "passw",
    "privatekey",
    "secret",
    "secretkey",
    "signingkey",
    "token",
];
/// Parts of names whose values are often numbers.
const NUMBERS: [&str; 4] = ["passw", "passcode", "pwd", "totp"];
/// Last words of names whose value is where a credential lies.
const PLACES: [&str; 6] = ["file", "path", "dir", "folder", "location", "credentials"];

/// Whether `name` says that what it names is a credential.
pub fn is_secret_name(name: &str) -> bool {
    let words = words(name);
    let whole = words.concat();
    let last = words
        .last()
        .map(|word| word.trim_end_matches(|c: char| c.is_ascii_digit()));
    let own = words.iter().map(String::as_str).chain(last);
    own.into_iter().any(|word| WORDS.contains(&word))
        || PARTS.iter().any(|part| whole.contains(part))
}

/// Whether `value` is a switch or a number.
pub fn is_plain(value: &str) -> bool {
    /// Longest number that is surely none that was given out, in digits.
    const LONGEST: usize = 10;
    let is_switch = ["true", "false", "yes", "no", "on", "off", "null", "none"]
        .iter()
        .any(|word| value.eq_ignore_ascii_case(word));
    let is_number = !value.is_empty()
        && value.len() <= LONGEST
        && value.starts_with(|c: char| c.is_ascii_digit())
        && value.chars().all(|c| c.is_ascii_digit() || c == '.');
    is_switch || is_number
}

/// Whether `value` is a switch, a number that measures something, or the path of a file with a
/// credential.
pub fn is_harmless(name: &str, value: &str) -> bool {
    let whole = words(name).concat();
    let is_digits = value.len() > 1 && value.starts_with(|c: char| c.is_ascii_digit());
    let may_be_number = NUMBERS.iter().any(|part| whole.contains(part));
    let names_place = words(name)
        .last()
        .is_some_and(|word| PLACES.contains(&word.as_str()));
    let is_path = value.starts_with(['/', '~', '.']) && !value.contains(char::is_whitespace);
    is_plain(value) && !(is_digits && may_be_number) || names_place && is_path
}

/// The words of `name` in lower case: of `GITHUB_TOKEN`, `apiKey` and `--api-key` alike.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_lower = false;
    for character in name.chars() {
        if !character.is_alphanumeric() || after_lower && character.is_uppercase() {
            words.push(String::new());
        }
        after_lower = character.is_lowercase() || character.is_numeric();
        if character.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(character.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
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
            "AWS_SECRETACCESSKEY",
            "PassPhrase2",
            "X-OAuth2-Data",
            "TOKENS_ALL",
            "Api1Key",
            "SIGNING_KEY2",
        ] {
            assert!(is_secret_name(name), "{name}");
        }
        for name in ["LOG_LEVEL", "KEYBOARD", "AUTHOR", "PATH", "MONKEY"] {
            assert!(!is_secret_name(name), "{name}");
        }
    }
}
