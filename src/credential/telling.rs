//! Texts that hold a credential, whatever field they stand in.
//!
//! A value has no name where it stands in the midst of a text: in a connection string, in a command for a
//! shell, in a file. There the text itself tells: it names the value, or writes it where credentials
//! stand. What is found too often costs a reader one line; what is not found is in git for ever.

use super::credential;
use super::name::{is_harmless, is_plain, is_secret_name};

/// Words behind `bearer` that only speak of it.
const PROSE: [&str; 10] = [
    "access",
    "auth",
    "authentication",
    "authorization",
    "credentials",
    "header",
    "headers",
    "scheme",
    "token",
    "tokens",
];
/// Beginnings of flags that switch something off, and carry nothing.
const SWITCHES: [&str; 4] = ["--no-", "--disable-", "--skip-", "--without-"];

/// Whether `text` holds what looks like a credential or is called one.
pub fn holds_credential(text: &str) -> bool {
    credential(text).is_some()
        || text.split_whitespace().any(has_userinfo)
        || named(text).is_some()
        || has_telling_words(text)
}

/// Whether the `value` of what is called `name` must not be shown.
pub fn is_secret(name: &str, value: &str) -> bool {
    holds_credential(value) || is_secret_name(name) && !is_harmless(name, value)
}

/// The name that `text` gives a credential in it: `token=…`, `"api key": "…"`, `<password>…`.
pub fn named(text: &str) -> Option<&str> {
    text.char_indices()
        .filter(|(_, character)| matches!(character, '=' | ':' | '>'))
        .find_map(|(at, separator)| {
            let (before, after) = text.split_at_checked(at)?;
            let value = after.strip_prefix(separator)?;
            let name = name_before(before)?;
            (is_secret_name(name) && is_value(value)).then_some(name)
        })
}

/// The name at the end of `text`, quotes and blanks behind it or not; of two words where those are one
/// name, as `api key` is.
fn name_before(text: &str) -> Option<&str> {
    let text = text.trim_end_matches(is_around);
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    let start = text.trim_end_matches(is_part).len();
    let one = text.get(start..).filter(|name| !name.is_empty())?;
    let before = text.get(..start)?;
    // The host of a URL names nothing.
    if before.ends_with("//") {
        return None;
    }
    let two = before
        .strip_suffix(' ')
        .map(|before| before.trim_end_matches(is_part).len());
    let two = two.and_then(|start| text.get(start..));
    two.filter(|_| !is_secret_name(one)).or(Some(one))
}

fn is_around(character: char) -> bool {
    character.is_whitespace() || matches!(character, '"' | '\'' | '\\' | '`' | '*' | ']')
}

/// Whether `text` begins with something that may be a credential.
fn is_value(text: &str) -> bool {
    /// Longer is no number.
    const LONGEST: usize = 32;
    let text = text.trim_start_matches(|c| is_around(c) || matches!(c, '=' | '>'));
    let end = text.floor_char_boundary(LONGEST);
    let begin = text.get(..end).unwrap_or_default();
    let value = begin
        .split(|c: char| {
            c.is_whitespace() || matches!(c, '"' | '\'' | '\\' | ',' | ';' | '&' | '}')
        })
        .next()
        .unwrap_or_default();
    let is_none = value.is_empty() || value.starts_with("</") || is_plain(value);
    !is_none
}

/// Whether a word of `text` announces that the next one is a credential.
fn has_telling_words(text: &str) -> bool {
    let is_edge = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '\\' | ',');
    let mut words = text
        .split(is_edge)
        .filter(|word| !word.is_empty())
        .peekable();
    while let Some(word) = words.next() {
        if let Some(next) = words.peek()
            && announces(word, next)
        {
            return true;
        }
    }
    false
}

/// Whether `next` is a credential because `word` stands before it: `--api-key`, `Authorization:`, `Bearer`.
pub fn announces(word: &str, next: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    let last = lower
        .rsplit([' ', ':', '=', '(', '`'])
        .next()
        .unwrap_or_default();
    let is_small = next.chars().all(|c| c.is_ascii_lowercase());
    let is_flag = word.starts_with('-') && !word.contains(['=', ':']);
    let is_named = word.trim_end().ends_with(['=', ':'])
        && name_before(word.trim_end().trim_end_matches(['=', ':'])).is_some_and(is_secret_name);
    match last {
        "basic" => !is_small,
        "bearer" => !PROSE.contains(
            &next
                .to_ascii_lowercase()
                .trim_matches(|c: char| !c.is_alphanumeric()),
        ),
        "-u" | "--user" | "--proxy-user" => has_password(next),
        _ if SWITCHES.iter().any(|switch| lower.starts_with(switch)) => false,
        _ => (is_flag && is_secret_name(word) || is_named) && !is_plain(next),
    }
}

/// `user:password`, which is no pair of numbers.
fn has_password(text: &str) -> bool {
    let is_number = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    text.split_once(':')
        .is_some_and(|(user, password)| !is_number(user) || !is_number(password))
}

/// Whether a URL in `word` has a user, or what may be one: passwords are often not escaped, and may hold
/// every character that ends a host.
pub fn has_userinfo(word: &str) -> bool {
    let Some((_, rest)) = word.split_once("//") else {
        return false;
    };
    rest.split("//").any(|part| {
        let end = part
            .find(['/', '?', '#', '"', '\'', ','])
            .unwrap_or(part.len());
        let authority = part.get(..end).unwrap_or(part);
        match authority.rsplit_once('@') {
            Some((user, _)) => is_telling_user(user),
            None => part.contains('@') && authority.contains(':') || has_odd_port(authority),
        }
    })
}

/// Whether a password may be in `user`: none is in the user of every Git host, and none in a reference.
fn is_telling_user(user: &str) -> bool {
    let (name, password) = user.split_once(':').unwrap_or(("git", user));
    let is_reference = [("$(", ")"), ("${", "}"), ("{", "}"), ("<", ">")]
        .iter()
        .any(|(open, close)| {
            let inner = password
                .strip_prefix(open)
                .and_then(|rest| rest.strip_suffix(close));
            inner.is_some_and(|name| {
                name.chars()
                    .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
            })
        });
    user != "git" && (name.is_empty() || !is_reference)
}

/// Whether what should be a port is none.
fn has_odd_port(authority: &str) -> bool {
    let behind = authority.rsplit(']').next().unwrap_or_default();
    let port = behind
        .split_once(':')
        .map(|(_, port)| port)
        .unwrap_or_default();
    !port.chars().all(|c| c.is_ascii_digit()) && !port.starts_with(['$', '{', '<', '%', '*'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_names_or_places_a_credential_holds_one() {
        for text in [
            "token=S",
            "\"password\" : \"S\"",
            "{\\\"clientSecret\\\":\\\"S\\\"}",
            "api key: S",
            "MY_TOKEN_2='S'",
            "AccountKey=abc==;x=1",
            "passphrase:\n  S",
            "--header=Authorization: S",
            "<password>S</password>",
            "Basic dXNlcjpwYXNz",
            "X: bearer hunter2",
            "run --api-key S",
            "curl -u admin:S x",
            "https://S@host/x",
            "https://u:a/S@h",
            "https://u:a#S@h",
            "https://u:$S@h",
            "https://u:1/S@h",
            "https://u:a?S@h",
            "redis://:S@h:1",
            "jdbc:x://h/db?user=a&password=S",
            "https://h/x?access_token=S",
        ] {
            assert!(holds_credential(text), "{text}");
        }
    }

    #[test]
    fn a_switch_and_the_path_of_a_file_are_no_credentials() {
        assert!(!is_secret("USE_TOKEN", "true"));
        assert!(!is_secret("MAX_TOKENS", "4096"));
        assert!(is_secret("DB_PASSWORD", "123456"));
        assert!(!is_secret(
            "GOOGLE_APPLICATION_CREDENTIALS",
            "/etc/key.json"
        ));
        assert!(is_secret("API_KEY", "/etc/key.json"));
        assert!(is_secret("API_KEY", ""));
    }

    #[test]
    fn ordinary_texts_hold_none() {
        for text in [
            "https://host:8080/x",
            "http://[::1]:80/x",
            "http://host:${PORT}/x",
            "postgres://app:$(PASSWORD)@db:5432/x",
            "git+ssh://git@github.com/a/b",
            "git+https://github.com/a/b@v1",
            "http://token.example:80",
            "max_tokens=4096",
            "use_token: true",
            "--token",
            "--no-auth --port",
            "Basic search over HTTP, with bearer tokens",
            "the token is in the store",
            "--user 1000:1000",
            "level=debug, format: json",
        ] {
            assert!(!holds_credential(text), "{text}");
        }
    }
}
