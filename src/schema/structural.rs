//! The schema as Kubernetes has it: without references, every value with one type
//! (<https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema>).
//!
//! A structural schema knows no unions of types. What may be a text or a mapping is therefore let
//! through whole, and says in its description what it may be; mcpset looks closer.

use serde_json::{Map, Value, json};

use super::{DEFAULT_FROM, choices, resolved};

/// Keywords that mean the same in both languages.
const KEPT: [&str; 11] = [
    "type",
    "format",
    "pattern",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "required",
    "not",
];

/// The structural form of `schema`, a part of the document `root`. Extensions of Kubernetes stay.
pub fn structural(schema: &Value, root: &Value) -> Value {
    let schema = resolved(schema, root);
    let mut form = Map::new();
    let Some(own) = schema.as_object() else {
        return Value::Object(form);
    };
    if let Some(text) = description(&schema) {
        form.insert("description".into(), text.into());
    }
    if let Some(Value::Array(examples)) = own.get("examples")
        && let Some(example) = examples.first()
    {
        form.insert("example".into(), example.clone());
    }
    if own.contains_key("anyOf") {
        form.insert("x-kubernetes-preserve-unknown-fields".into(), true.into());
        return Value::Object(form);
    }
    for (key, value) in own {
        if KEPT.contains(&key.as_str()) || key.starts_with("x-kubernetes-") {
            form.insert(key.clone(), value.clone());
        }
    }
    for (bound, exclusive) in [
        ("minimum", "exclusiveMinimum"),
        ("maximum", "exclusiveMaximum"),
    ] {
        if let Some(number) = own.get(exclusive) {
            form.insert(bound.into(), number.clone());
            form.insert(exclusive.into(), true.into());
        }
    }
    if let Some(word) = own.get("const") {
        form.insert("enum".into(), json!([word]));
    } else if let Some(words) = choices(&schema) {
        form.insert("type".into(), "string".into());
        form.insert("enum".into(), words.into());
    }
    for (key, value) in own {
        let inside = match (key.as_str(), value) {
            ("properties", Value::Object(fields)) => fields
                .iter()
                .map(|(name, field)| (name.clone(), structural(field, root)))
                .collect::<Map<_, _>>()
                .into(),
            ("additionalProperties" | "items", Value::Object(_)) => structural(value, root),
            _ => continue,
        };
        form.insert(key.clone(), inside);
    }
    let is_free = ["properties", "additionalProperties"]
        .iter()
        .all(|fields| !form.contains_key(*fields));
    if is_free && form.get("type").is_some_and(|kind| kind == "object") {
        form.insert("x-kubernetes-preserve-unknown-fields".into(), true.into());
    }
    Value::Object(form)
}

/// What a field is, its default included: an API server would write a default down, and then no
/// `defaults` of the set could fill the field any more.
fn description(schema: &Value) -> Option<String> {
    let said = schema.get("description")?.as_str()?;
    let text: Vec<&str> = said.split_whitespace().collect();
    let mut text = text.join(" ");
    if let (Some(default), Some(from)) = (schema.get("default"), schema.get(DEFAULT_FROM)) {
        let from = from.as_str().unwrap_or_default();
        text = format!("{text} Default: {default} ({from}).");
    }
    Some(text)
}
