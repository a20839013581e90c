//! The one printer of drafts: YAML with comments, in which no credential stands.

use super::draft::Server;
use super::remark::{Kind, Remark};
use super::tree::{Entry, Map, Value};
use crate::yaml::{comment, scalar, text_value};

/// Longest line of a list or mapping that is written on one, in characters.
const WIDEST: usize = 100;
/// Shorter values are masked nowhere: they stand in every text, in bytes.
const SHORTEST: usize = 6;
/// Longest value that may be a mere word, in bytes.
const LONGEST_WORD: usize = 12;
/// Columns per level.
const STEP: usize = 2;

/// A set being printed.
#[derive(Debug)]
pub struct Printer {
    /// What is written so far.
    pub out: String,
    hidden: Vec<String>,
    /// What of it is to be done.
    pub to_do: Vec<Remark>,
}

impl Printer {
    /// A printer that repeats none of `hidden`, the values of credentials.
    pub fn new(hidden: &[String]) -> Self {
        Self {
            out: String::new(),
            hidden: telling(hidden),
            to_do: Vec::new(),
        }
    }

    /// A server as an item of the list.
    pub fn server(&mut self, server: &Server, map: &Map) {
        for remark in &server.remarks {
            self.remark(STEP, remark);
        }
        let start = self.out.len();
        self.map(2 * STEP, map);
        // The name comes first, and no remark stands above it.
        if self.out.get(start + STEP..start + 2 * STEP).is_some() {
            self.out.replace_range(start + STEP..start + 2 * STEP, "- ");
        }
    }

    /// A mapping whose keys are at column `indent`.
    pub fn map(&mut self, indent: usize, map: &Map) {
        for entry in map.iter() {
            for remark in &entry.remarks {
                self.remark(indent, remark);
            }
            self.out.extend(std::iter::repeat_n(' ', indent));
            let key = self.masked_key(&entry.key);
            scalar(&mut self.out, &key);
            self.out.push(':');
            self.value(indent, entry);
        }
    }

    fn value(&mut self, indent: usize, entry: &Entry) {
        match &entry.value {
            Value::Text(text) => {
                let text = self.masked(text);
                text_value(&mut self.out, indent, &text);
                self.out.push('\n');
                return;
            }
            Value::Map(map) if !map.is_empty() && self.flow(&entry.value, indent).is_none() => {
                self.out.push('\n');
                self.map(indent + STEP, map);
                return;
            }
            Value::List(items)
                if !items.is_empty() && self.flow(&entry.value, indent).is_none() =>
            {
                self.out.push('\n');
                for item in items {
                    self.item(indent, item);
                }
                return;
            }
            _ => {}
        }
        let text = self
            .flow(&entry.value, indent)
            .unwrap_or_else(|| "{}".to_owned());
        self.out.push(' ');
        self.out.push_str(&text);
        self.out.push('\n');
    }

    fn item(&mut self, indent: usize, item: &Value) {
        let start = self.out.len();
        if let Value::Map(map) = item
            && !map.is_empty()
        {
            self.map(indent + STEP, map);
            self.out
                .replace_range(start + indent..start + indent + STEP, "- ");
            return;
        }
        self.out.extend(std::iter::repeat_n(' ', indent));
        self.out.push('-');
        if let Value::Text(text) = item {
            let text = self.masked(text);
            text_value(&mut self.out, indent, &text);
        } else {
            let text = self.flow(item, 0).unwrap_or_else(|| "[]".to_owned());
            self.out.push(' ');
            self.out.push_str(&text);
        }
        self.out.push('\n');
    }

    /// `value` on one line, if that is short and nothing is said inside it.
    fn flow(&self, value: &Value, indent: usize) -> Option<String> {
        let mut text = String::new();
        match value {
            Value::Text(word) => scalar(&mut text, &self.masked(word)),
            Value::Number(number) => text = number.to_string(),
            Value::Off => text.push_str("false"),
            Value::List(items) => {
                let items: Option<Vec<String>> = items
                    .iter()
                    .map(|item| {
                        self.flow(item, indent)
                            .filter(|_| !matches!(item, Value::Map(_)))
                    })
                    .collect();
                text = format!("[{}]", items?.join(", "));
            }
            Value::Map(map) => {
                /// More are easier to read below each other.
                const FEW: usize = 3;
                let is_plain = |entry: &Entry| {
                    entry.remarks.is_empty() && !matches!(entry.value, Value::Map(_))
                };
                if map.len() > FEW || !map.iter().all(is_plain) {
                    return None;
                }
                let entries: Option<Vec<String>> = map
                    .iter()
                    .map(|entry| {
                        let mut text = String::new();
                        scalar(&mut text, &self.masked_key(&entry.key));
                        Some(format!("{text}: {}", self.flow(&entry.value, indent)?))
                    })
                    .collect();
                text = format!("{{{}}}", entries?.join(", "));
            }
        }
        (text.chars().count() + indent <= WIDEST && !text.contains('\n')).then_some(text)
    }

    /// A comment at column `indent`.
    pub fn remark(&mut self, indent: usize, remark: &Remark) {
        let text = self.masked(&remark.text);
        comment(
            &mut self.out,
            indent,
            &format!("{}: {text}", remark.kind.word()),
        );
        if remark.kind == Kind::ToDo {
            self.to_do.push(Remark {
                text,
                ..remark.clone()
            });
        }
    }

    /// `key` without the values of credentials. One that is such a value as a whole is a name that was
    /// written for its value, and two of these must stay two.
    fn masked_key(&self, key: &str) -> String {
        if self.hidden.iter().any(|value| value == key) {
            key.to_owned()
        } else {
            self.masked(key)
        }
    }

    /// `text` without the values of credentials.
    fn masked(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for value in &self.hidden {
            if text.contains(value.as_str()) {
                text = text.replace(value.as_str(), "REMOVED");
            }
        }
        text
    }
}

/// The values that nothing may repeat. What gives nothing away and may stand everywhere is left out.
fn telling(values: &[String]) -> Vec<String> {
    let values = values.iter().map(|value| value.trim());
    let mut hidden: Vec<String> = values
        .filter(|value| value.len() >= SHORTEST && !is_common(value))
        .map(str::to_owned)
        .collect();
    // The longest first, so that none of its rest stays.
    hidden.sort_by_key(|value| std::cmp::Reverse(value.len()));
    hidden.dedup();
    hidden
}

/// Whether `value` is a word, what stands for a value (`YOUR_TOKEN_HERE`), or a version.
fn is_common(value: &str) -> bool {
    let is_word = value.len() <= LONGEST_WORD && value.chars().all(|c| c.is_ascii_lowercase());
    let is_placeholder =
        value.contains('_') && value.chars().all(|c| c.is_ascii_uppercase() || c == '_');
    let number = value.strip_prefix('v').unwrap_or(value);
    let (major, rest) = number.split_once('.').unwrap_or_default();
    let is_version = (1..=4).contains(&major.len())
        && major.chars().all(|c| c.is_ascii_digit())
        && rest.starts_with(|c: char| c.is_ascii_digit())
        && rest.len() <= LONGEST_WORD
        && rest
            .chars()
            .all(|c| c.is_ascii_digit() || c.is_ascii_lowercase() || matches!(c, '.' | '-'));
    is_word || is_placeholder || is_version
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_everywhere_is_not_masked() {
        for value in [
            "streamable",
            "YOUR_TOKEN_HERE",
            "A_TOKEN",
            "1.0.0-rc1",
            "v2.1",
        ] {
            assert!(is_common(value), "{value}");
        }
        for value in [
            "hunter2",
            "AKIAIOSFODNN7EXAMPLE",
            "correcthorsebattery",
            "1.2!",
            "ABCDEFGH",
        ] {
            assert!(!is_common(value), "{value}");
        }
    }
}
