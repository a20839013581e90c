//! Types, choices and limits of the schema in words, as `kubectl explain` has them.

use serde_json::{Value, json};

use super::{choices, resolved};

/// The type of `schema`: `string`, `[]Object`, `map[string]string`, `string | Object`.
pub fn type_name(schema: &Value, root: &Value) -> String {
    let schema = resolved(schema, root);
    if let Some(forms) = schema.get("anyOf").and_then(Value::as_array) {
        let mut names = Vec::new();
        for form in forms {
            for name in type_name(form, root).split(" | ") {
                if !names.iter().any(|known| known == name) {
                    names.push(name.to_owned());
                }
            }
        }
        return names.join(" | ");
    }
    if let Some(word) = schema.get("const") {
        return if word.is_boolean() {
            "boolean"
        } else {
            "string"
        }
        .to_owned();
    }
    if choices(&schema).is_some() {
        return "string".to_owned();
    }
    match schema.get("type").and_then(Value::as_str) {
        Some("array") => {
            let items = schema.get("items").unwrap_or(&Value::Null);
            let name = type_name(items, root);
            if name.contains(' ') {
                format!("[]({name})")
            } else {
                format!("[]{name}")
            }
        }
        Some("object") => match schema.get("additionalProperties") {
            Some(values @ Value::Object(_)) if schema.get("properties").is_none() => {
                let name = type_name(values, root);
                if name.contains(' ') {
                    format!("map[string]({name})")
                } else {
                    format!("map[string]{name}")
                }
            }
            _ => "Object".to_owned(),
        },
        Some(name) => name.to_owned(),
        None => "Object".to_owned(),
    }
}

/// The words that `schema` may be, or its items, each with what it means.
pub fn words(schema: &Value, root: &Value) -> Vec<(String, String)> {
    let schema = resolved(schema, root);
    if let Some(items) = schema.get("items") {
        return words(items, root);
    }
    if let Some(forms) = schema.get("anyOf").and_then(Value::as_array) {
        return forms.iter().flat_map(|form| words(form, root)).collect();
    }
    let variants = schema.get("oneOf").and_then(Value::as_array);
    let variants = variants.map_or(vec![schema.clone()], Clone::clone);
    variants
        .iter()
        .flat_map(|variant| {
            let meaning = match schema.get("oneOf") {
                Some(_) => variant.get("description").and_then(Value::as_str),
                None => None,
            };
            let meaning: Vec<&str> = meaning.unwrap_or_default().split_whitespace().collect();
            let meaning = meaning.join(" ");
            let named = choices(&json!({ "oneOf": [variant] }))
                .into_iter()
                .flatten();
            let named: Vec<_> = named.map(|word| (plain(&word), meaning.clone())).collect();
            named
        })
        .collect()
}

/// What a value must keep to, one limit each: `at least 1`, `matches ^/`.
pub fn limits(schema: &Value, root: &Value) -> Vec<String> {
    let mut limits = own_limits(schema);
    if let Some(items) = schema.get("items") {
        let items = own_limits(&resolved(items, root));
        limits.extend(items.into_iter().map(|limit| format!("each {limit}")));
    }
    if let Some(pattern) = schema.pointer("/propertyNames/pattern") {
        limits.push(format!("keys match {}", plain(pattern)));
    }
    limits
}

fn own_limits(schema: &Value) -> Vec<String> {
    let mut limits = Vec::new();
    for (keyword, words) in [
        ("minimum", "at least"),
        ("maximum", "at most"),
        ("exclusiveMinimum", "above"),
        ("exclusiveMaximum", "below"),
        ("minItems", "items: at least"),
        ("maxLength", "characters: at most"),
        ("pattern", "matches"),
    ] {
        if let Some(limit) = schema.get(keyword) {
            limits.push(format!("{words} {}", plain(limit)));
        }
    }
    limits
}

/// A word without quotes.
fn plain(word: &Value) -> String {
    word.as_str()
        .map_or_else(|| word.to_string(), str::to_owned)
}
