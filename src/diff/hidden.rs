//! Values that must not be shown.
//!
//! They are taken out of both states before these are compared, and a fingerprint stands in their place:
//! whether they differ can then be seen, and whatever shows the difference has nothing to give away.

use std::fmt::Write as _;

use serde_json::{Map, Value as Json};
use sha2::{Digest, Sha256};

use crate::credential::name::{is_harmless, is_secret_name};
use crate::credential::telling::{announces, holds_credential};
use crate::credential::{credential, credentials};

/// What a fingerprint begins with. No text of a manifest has it: YAML and JSON files with it are refused.
const MARK: char = '\0';
/// What people see instead.
pub const SHOWN: &str = "(hidden)";
/// Fields of a Secret with what it keeps.
const KEPT: [&str; 2] = ["data", "stringData"];
/// Fields of a container with its command line.
const WORDS: [&str; 2] = ["command", "args"];
/// Where kubectl keeps the whole of an object that it applied (`last-applied-configuration`).
const APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// Takes what a Secret keeps, and what looks like a credential or is called one, out of `value`, in
/// which other objects may be.
pub fn hide(value: &mut Json) {
    match value {
        Json::Object(fields) => {
            hide_named(fields);
            let is_secret = fields.get("kind").and_then(Json::as_str) == Some("Secret");
            if is_secret && let Some(annotations) = fields.get_mut("metadata") {
                let applied = annotations.pointer_mut("/annotations");
                if let Some(applied) = applied.and_then(|all| all.get_mut(APPLIED)) {
                    hide_all(applied);
                }
            }
            for (name, value) in fields {
                if is_secret && KEPT.contains(&name.as_str()) || name == "stringData" {
                    hide_all(value);
                } else if WORDS.contains(&name.as_str()) {
                    hide_words(value);
                } else {
                    hide(value);
                }
            }
        }
        Json::Array(items) => items.iter_mut().for_each(hide),
        Json::String(text) if credential(text).is_some() => hide_lines(text),
        _ => {}
    }
}

/// Hides the value of a variable or header, or an entry of a ConfigMap, that its name calls a credential.
fn hide_named(fields: &mut Map<String, Json>) {
    let name = fields.get("name").and_then(Json::as_str).map(str::to_owned);
    if let (Some(name), Some(Json::String(value))) = (name, fields.get_mut("value"))
        && (is_called_secret(&name, value) || holds_credential(value))
    {
        *value = fingerprint(value);
    }
    let is_config = fields.get("kind").and_then(Json::as_str) == Some("ConfigMap");
    let entries = fields.get_mut("data").filter(|_| is_config);
    for (name, value) in entries.and_then(Json::as_object_mut).into_iter().flatten() {
        if let Json::String(text) = value
            && !text.trim_end().contains('\n')
            && is_called_secret(name, text)
        {
            *text = fingerprint(text);
        }
    }
}

/// Whether what is called `name` is a credential; an address is none because of its name.
fn is_called_secret(name: &str, value: &str) -> bool {
    is_secret_name(name) && !is_harmless(name, value) && !value.contains("://")
}

/// Hides the words of a command line that hold a credential or follow the flag that announces one.
fn hide_words(value: &mut Json) {
    let Json::Array(words) = value else {
        return hide(value);
    };
    let mut before = String::new();
    for word in words {
        let Json::String(word) = word else {
            continue;
        };
        let own = word.clone();
        let holds = credential(word).is_some() || !word.contains('\n') && holds_credential(word);
        if holds || announces(&before, word) && !word.contains("$(") {
            *word = fingerprint(word);
        }
        before = own;
    }
}

/// Hides every scalar in `value`.
fn hide_all(value: &mut Json) {
    match value {
        Json::Object(fields) => fields.values_mut().for_each(hide_all),
        Json::Array(items) => items.iter_mut().for_each(hide_all),
        scalar => *scalar = Json::String(fingerprint(&scalar.to_string())),
    }
}

/// Hides the lines of `text` that hold a credential, or all of it where one has several lines, as a
/// private key has.
fn hide_lines(text: &mut String) {
    if credentials(text).any(|part| part.contains('\n')) {
        *text = fingerprint(text);
        return;
    }
    let lines = text.split('\n').map(|line| match credential(line) {
        Some(_) => fingerprint(line),
        None => line.to_owned(),
    });
    *text = lines.collect::<Vec<_>>().join("\n");
}

fn fingerprint(text: &str) -> String {
    let mut mark = String::from(MARK);
    for byte in Sha256::digest(text.as_bytes()) {
        // Writing to a String cannot fail.
        let _ = write!(mark, "{byte:02x}");
    }
    mark
}

/// Whether something in `value` is hidden.
#[must_use]
pub fn is_hidden(value: &Json) -> bool {
    match value {
        Json::Object(fields) => fields.values().any(is_hidden),
        Json::Array(items) => items.iter().any(is_hidden),
        Json::String(text) => text.contains(MARK),
        _ => false,
    }
}

/// `value` as it is shown.
#[must_use]
pub fn shown(value: &Json) -> Json {
    match value {
        Json::Object(fields) => {
            let fields = fields.iter();
            Json::Object(
                fields
                    .map(|(name, value)| (name.clone(), shown(value)))
                    .collect(),
            )
        }
        Json::Array(items) => items.iter().map(shown).collect(),
        Json::String(text) => Json::String(shown_text(text)),
        other => other.clone(),
    }
}

/// `text` as it is shown.
#[must_use]
pub fn shown_text(text: &str) -> String {
    let lines = text.split('\n');
    let lines = lines.map(|line| if line.starts_with(MARK) { SHOWN } else { line });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn hidden(mut value: Json) -> Json {
        hide(&mut value);
        shown(&value)
    }

    #[test]
    fn what_a_secret_keeps_is_hidden_wherever_the_secret_is() {
        let applied = "{\"data\":{\"a\":\"czNjcjN0\"}}";
        let secret = json!({
            "kind": "Secret",
            "metadata": {"name": "a", "annotations": {APPLIED: applied, "b": "c"}},
            "type": "Opaque",
            "data": {"a": "czNjcjN0", "b": null},
            "stringData": {"c": 1},
        });
        let expected = json!({
            "kind": "Secret",
            "metadata": {"name": "a", "annotations": {APPLIED: SHOWN, "b": "c"}},
            "type": "Opaque",
            "data": {"a": SHOWN, "b": SHOWN},
            "stringData": {"c": SHOWN},
        });
        assert_eq!(hidden(secret.clone()), expected);
        assert_eq!(
            hidden(json!({"objects": [secret]})),
            json!({"objects": [expected]})
        );
        let config = json!({"kind": "ConfigMap", "data": {"a": "b"}});
        assert_eq!(hidden(config.clone()), config);
    }

    #[test]
    fn what_is_called_a_credential_is_hidden_and_what_only_leads_to_one_is_not() {
        let pair = |name: &str, value: &str| json!({"name": name, "value": value});
        for (name, value) in [
            ("API_TOKEN", "hunter2"),
            ("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI"),
            ("Authorization", "Basic dXNlcjpwYXNz"),
            ("DSN", "postgres://user:pass@db/orders"),
        ] {
            assert_eq!(hidden(pair(name, value)), pair(name, SHOWN), "{name}");
        }
        for (name, value) in [
            ("MCP_AUTH_JWKS_URI", "http://litellm:4000/jwks"),
            ("GITHUB_TOKEN_FILE", "/etc/mcp-secrets/token"),
            ("LOG_LEVEL", "info"),
        ] {
            assert_eq!(hidden(pair(name, value)), pair(name, value), "{name}");
        }
        let words = json!({"args": ["--password=hunter2", "--token", "hunter2", "--port", "8080"]});
        let told = json!({"args": [SHOWN, "--token", SHOWN, "--port", "8080"]});
        assert_eq!(hidden(words), told);
        let config = json!({"kind": "ConfigMap", "data": {"DB_PASSWORD": "hunter2", "MODE": "a"}});
        let told = json!({"kind": "ConfigMap", "data": {"DB_PASSWORD": SHOWN, "MODE": "a"}});
        assert_eq!(hidden(config), told);
        let reference =
            json!({"secretKeyRef": {"name": "mcp-github-secrets", "key": "github-token"}});
        assert_eq!(hidden(reference.clone()), reference);
    }

    #[test]
    fn of_a_text_only_the_line_with_a_credential_is_hidden() {
        let token = format!("ghp_{}", "a".repeat(36));
        let text = format!("a: 1\ntoken: {token}\nb: 2\n");
        assert_eq!(hidden(json!(text)), json!("a: 1\n(hidden)\nb: 2\n"));
        let key = "x\n-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----\n";
        assert_eq!(hidden(json!(key)), json!(SHOWN));
    }

    #[test]
    fn two_hidden_values_differ_where_the_values_do() {
        let secret = |value: &str| {
            let mut value = json!({"kind": "Secret", "data": {"a": value}});
            hide(&mut value);
            value
        };
        assert_eq!(secret("a"), secret("a"));
        assert_ne!(secret("a"), secret("b"));
    }
}
