//! Whatever value is written is read back as it was, by others and by ourselves.

use arbitrary::{Arbitrary, Result, Unstructured};
use mcpset::problem::Problems;
use mcpset::yaml::{self, Node, Plain, Scalar, Style, read_plain};
use serde_json::{Map, Number, Value, json};

/// How deep values go: readers have limits, and ours is among the lowest.
const DEPTH: usize = 24;

/// What readers take for something else, in whole or in part.
const TRICKY: [&str; 32] = [
    "",
    " ",
    "\n",
    "\n\n",
    "\t",
    "\r",
    "- ",
    ": ",
    " #",
    "---",
    "...",
    "?",
    "|",
    ">",
    "~",
    "null",
    "y",
    "No",
    "0o17",
    "0x1F",
    "1e3",
    ".5",
    "-.inf",
    "2025-06-18",
    "12:30:45",
    "<<",
    "=",
    "&a",
    "*a",
    "!t",
    "\u{feff}",
    "\u{2028}",
];

/// A value that is made of `data`.
pub fn writer(data: &[u8]) {
    let mut bytes = Unstructured::new(data);
    let Ok(made) = value(&mut bytes, DEPTH) else {
        return;
    };
    let mut document = String::new();
    yaml::document(&mut document, &made).expect("JSON has a YAML form");
    assert_eq!(read(&document), made, "{document}");
    ours_reads(&document, &made);

    let mut items = String::new();
    for _ in 0..2 {
        yaml::list_item(&mut items, &made).expect("JSON has a YAML form");
    }
    assert_eq!(read(&items), json!([made, made]), "{items}");

    if let Value::String(text) = &made {
        one_line(text);
    }
}

fn value(bytes: &mut Unstructured<'_>, depth: usize) -> Result<Value> {
    let kinds = if depth == 0 || bytes.is_empty() { 4 } else { 8 };
    Ok(match bytes.int_in_range(0..=kinds - 1)? {
        0 => text(bytes)?.into(),
        1 => bool::arbitrary(bytes)?.into(),
        2 => number(bytes)?,
        3 => Value::Null,
        4 | 5 => {
            let count = bytes.int_in_range(0..=6)?;
            let items = (0..count).map(|_| value(bytes, depth - 1));
            Value::Array(items.collect::<Result<_>>()?)
        }
        _ => {
            let count = bytes.int_in_range(0..=6)?;
            let entries = (0..count).map(|_| Ok((text(bytes)?, value(bytes, depth - 1)?)));
            Value::Object(entries.collect::<Result<Map<_, _>>>()?)
        }
    })
}

fn number(bytes: &mut Unstructured<'_>) -> Result<Value> {
    Ok(match bytes.int_in_range(0..=2)? {
        0 => i64::arbitrary(bytes)?.into(),
        1 => u64::arbitrary(bytes)?.into(),
        _ => Number::from_f64(f64::arbitrary(bytes)?).map_or(Value::Null, Value::Number),
    })
}

/// Parts that are tricky, and parts that are anything; now and then one that is long.
fn text(bytes: &mut Unstructured<'_>) -> Result<String> {
    let mut text = String::new();
    for _ in 0..bytes.int_in_range(0..=4)? {
        match bytes.int_in_range(0..=7)? {
            0 | 1 => text.push_str(bytes.choose(&TRICKY)?),
            2 => text.push(char::arbitrary(bytes)?),
            3 => {
                let part = text.clone();
                text.push_str(&part.repeat(bytes.int_in_range(0..=40)?));
            }
            _ => text.push_str(<&str>::arbitrary(bytes)?),
        }
    }
    Ok(text)
}

fn read(text: &str) -> Value {
    serde_yaml::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// `text` as one line between others, in each style.
fn one_line(text: &str) {
    /// Longer keys are not simple, in bytes.
    const LONGEST_KEY: usize = 1024;
    let mut one = String::new();
    yaml::scalar(&mut one, text);
    assert!(!one.contains('\n'), "{one}");
    assert_eq!(
        read(&format!("[{one}, {one}]")),
        json!([text, text]),
        "{one}"
    );
    if one.len() <= LONGEST_KEY {
        assert_eq!(
            read(&format!("{{{one}: {one}}}")),
            json!({text: text}),
            "{one}"
        );
    }
}

/// Our own parser sees `value` in `document`.
fn ours_reads(document: &str, value: &Value) {
    let mut problems = Problems::default();
    let mut nodes = yaml::parse(document, 0, &mut problems);
    assert!(
        !problems.has_errors(),
        "{:?}\n{document}",
        problems.into_sorted()
    );
    match nodes.pop() {
        None => assert!(value.is_null(), "{document}"),
        Some(node) => assert!(is(&node, value), "{node:?}\n{document}"),
    }
    assert!(nodes.is_empty(), "{document}");
}

fn is(node: &Node, value: &Value) -> bool {
    match (&node.value, value) {
        (yaml::Value::Scalar(scalar), value) => scalar_is(scalar, value),
        (yaml::Value::Sequence(nodes), Value::Array(values)) => {
            nodes.len() == values.len() && nodes.iter().zip(values).all(|(n, v)| is(n, v))
        }
        (yaml::Value::Mapping(entries), Value::Object(map)) => {
            let known = |entry: &yaml::Entry| {
                let value = map.get(entry.name());
                value.is_some_and(|value| is(&entry.value, value))
            };
            entries.len() == map.len() && entries.iter().all(known)
        }
        _ => false,
    }
}

fn scalar_is(scalar: &Scalar, value: &Value) -> bool {
    let plain = (scalar.style == Style::Plain).then(|| read_plain(&scalar.text));
    match value {
        Value::String(text) => {
            *text == scalar.text && !matches!(plain, Some(plain) if plain != Plain::Text)
        }
        Value::Null => plain == Some(Plain::Null),
        Value::Bool(value) => plain == Some(Plain::Bool(*value)),
        Value::Number(number) if number.is_f64() => {
            plain.is_some() && scalar.text.parse().ok() == number.as_f64()
        }
        Value::Number(number) => plain.is_some() && scalar.text == number.to_string(),
        Value::Array(_) | Value::Object(_) => false,
    }
}
