//! What to write in place of a value of another type.

use super::{BOOLEAN, NUMBER, WHOLE_NUMBER};
use crate::yaml::plain::{Plain, read_plain};
use crate::yaml::tree::{Node, Scalar, Style, Value};

/// What to do about `node`, where `expected` should stand.
pub(super) fn remedy(node: &Node, expected: &str) -> String {
    let known = match (&node.value, expected) {
        (Value::Scalar(scalar), WHOLE_NUMBER | NUMBER | BOOLEAN) => of_scalar(scalar, expected),
        (Value::Scalar(scalar), "a list") if !scalar.text.is_empty() => {
            let words: Vec<&str> = scalar.text.split_whitespace().collect();
            Some(format!("write a list: `[{}]`", words.join(", ")))
        }
        (Value::Mapping(_), "a list") => {
            Some("write each item on a line of its own, behind `- `".into())
        }
        (Value::Sequence(items), "a mapping") => Some(match items.iter().find_map(variable) {
            Some(name) => format!("write `{name}: …` for each, without `- name:` and `value:`"),
            None => "write a line `key: value` for each, without `- `".into(),
        }),
        (Value::Mapping(_) | Value::Sequence(_), "text") => {
            Some("write text here; text of several lines stands indented below a `|`".into())
        }
        _ => None,
    };
    known.unwrap_or_else(|| {
        if expected.starts_with("`false`") {
            "leave it out for the default; write `false` to switch it off, or a mapping to change it".into()
        } else {
            format!("write {expected} here")
        }
    })
}

/// The number or boolean that `scalar` is but for its spelling.
fn of_scalar(scalar: &Scalar, expected: &str) -> Option<String> {
    let text = scalar.text.as_str();
    let is_quoted = scalar.style == Style::Text;
    match read_plain(text) {
        Plain::Integer if is_quoted && expected != BOOLEAN => Some(without_quotes(text)),
        Plain::Float if is_quoted && expected == NUMBER => Some(without_quotes(text)),
        Plain::Bool(_) if is_quoted && expected == BOOLEAN => Some(without_quotes(text)),
        _ if expected == BOOLEAN => boolean(text).map(|word| format!("write `{word}`")),
        _ => without_unit(text).map(|number| format!("write the number alone: `{number}`")),
    }
}

fn without_quotes(text: &str) -> String {
    format!("write it without quotes: `{text}`")
}

/// The boolean that some readers take `text` for.
fn boolean(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "yes" | "on" | "true" => Some(true),
        "no" | "off" | "false" => Some(false),
        _ => None,
    }
}

/// The number in a text such as `99.5%` or `60s`.
fn without_unit(text: &str) -> Option<&str> {
    let number = text.strip_suffix(['%', 's'])?.trim_end();
    matches!(read_plain(number), Plain::Integer | Plain::Float).then_some(number)
}

/// The name of an item as Kubernetes lists variables: `{name: LEVEL, value: info}`.
fn variable(item: &Node) -> Option<&str> {
    item.get("value").and(item.get("name"))?.text()
}
