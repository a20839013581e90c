//! Objects as the API server takes them, and hands them to Gatekeeper: JSON.
//!
//! Quotes missing in someone's YAML decide what it sees, so that an unquoted scalar is taken
//! here as kubectl and gator take it (sigs.k8s.io/yaml, which is YAML 1.1), not as the strict reader
//! of our own configs takes it.

use serde_json::{Number, Value as Json};

use super::At;
use crate::yaml::{Entry, Node, Scalar, Style, Value};

/// What is at `at`; null for nothing.
#[must_use]
pub fn json_at(at: At<'_>) -> Json {
    at.node().map_or(Json::Null, json)
}

/// `node` as JSON.
#[must_use]
pub fn json(node: &Node) -> Json {
    match &node.value {
        Value::Scalar(scalar) => of_scalar(scalar),
        Value::Sequence(items) => Json::Array(items.iter().map(json).collect()),
        Value::Mapping(entries) => {
            let entries = entries.iter();
            let entries = entries.map(|entry| (key(entry), json(&entry.value)));
            Json::Object(entries.collect())
        }
    }
}

/// The name of a field: in JSON each is text, in YAML an unquoted `n` is none.
#[must_use]
pub fn key(entry: &Entry) -> String {
    match json(&entry.key) {
        Json::Bool(value) => value.to_string(),
        Json::Number(value) => value.to_string(),
        _ => entry.name().to_owned(),
    }
}

fn of_scalar(scalar: &Scalar) -> Json {
    let text = scalar.text.as_str();
    if scalar.style == Style::Text {
        return Json::String(text.to_owned());
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Json::Null,
        "true" | "True" | "TRUE" | "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => {
            Json::Bool(true)
        }
        "false" | "False" | "FALSE" | "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => {
            Json::Bool(false)
        }
        _ => number(text).map_or_else(|| Json::String(text.to_owned()), Json::Number),
    }
}

/// The number that go-yaml takes `text` for.
fn number(text: &str) -> Option<Number> {
    let begins = |c: char| c.is_ascii_digit() || "+-.".contains(c);
    if !text.starts_with(begins) {
        return None;
    }
    let plain: String = text.chars().filter(|c| *c != '_').collect();
    if let Ok(whole) = plain.parse::<u64>()
        && !is_octal(&plain)
    {
        return Some(whole.into());
    }
    if let Some(whole) = signed(&plain) {
        return Some(whole.into());
    }
    let digits = plain.trim_start_matches(['-', '+']);
    let is_fraction = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && digits.contains(|c: char| c.is_ascii_digit());
    is_fraction
        .then(|| plain.parse().ok())
        .flatten()
        .and_then(Number::from_f64)
}

fn is_octal(digits: &str) -> bool {
    digits.len() > 1 && digits.starts_with('0')
}

fn signed(text: &str) -> Option<i64> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let based = [("0x", 16), ("0o", 8), ("0b", 2), ("0", 8), ("", 10)];
    let (digits, base) = based.iter().find_map(|(prefix, base)| {
        let rest = digits.strip_prefix(prefix)?;
        (!rest.is_empty()).then_some((rest, *base))
    })?;
    let value = i64::from_str_radix(digits, base).ok()?;
    digits
        .starts_with(|c: char| c.is_ascii_hexdigit())
        .then_some(sign * value)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn unquoted_scalars_are_read_as_kubectl_reads_them() {
        for (text, expected) in [
            ("mcp", json!("mcp")),
            ("yes", json!(true)),
            ("Off", json!(false)),
            ("y", json!(true)),
            ("~", json!(null)),
            ("0", json!(0)),
            ("8080", json!(8080)),
            ("-3", json!(-3)),
            ("+3", json!(3)),
            ("017", json!(15)),
            ("0o17", json!(15)),
            ("0x1F", json!(31)),
            ("1_000", json!(1000)),
            ("99.5", json!(99.5)),
            ("1e3", json!(1000.0)),
            ("1.0.0", json!("1.0.0")),
            ("100m", json!("100m")),
            ("12:30:45", json!("12:30:45")),
            ("2025-06-18", json!("2025-06-18")),
            ("-c", json!("-c")),
            ("089", json!(89.0)),
        ] {
            let scalar = Scalar {
                text: text.into(),
                style: Style::Plain,
            };
            assert_eq!(of_scalar(&scalar), expected, "{text}");
        }
    }

    #[test]
    fn quotes_make_text_of_everything() {
        let scalar = Scalar {
            text: "8080".into(),
            style: Style::Text,
        };
        assert_eq!(of_scalar(&scalar), json!("8080"));
    }
}
