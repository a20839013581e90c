//! The JSON schema of the config, and a walk through a config along it.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::{Value, json};

/// The schema of `McpServerSet`.
pub static SCHEMA: LazyLock<Value> =
    LazyLock::new(|| json!(schemars::schema_for!(mcpset::api::McpServerSet)));

static VALIDATOR: LazyLock<Validator> =
    LazyLock::new(|| jsonschema::validator_for(&SCHEMA).unwrap());

/// What the schema says against `config`, with places.
pub fn violations(config: &Value) -> Vec<String> {
    let errors = VALIDATOR.iter_errors(config);
    errors
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

/// A value of a config and the part of the schema that describes it, without `$ref`.
#[derive(Debug, Clone)]
pub struct Step {
    /// Where the value stands (RFC 6901).
    pub place: String,
    /// Where the schema stands.
    pub schema_place: String,
    /// The schema.
    pub schema: Value,
    /// The value.
    pub value: Value,
}

/// Every value of `config` with its schema. Of a union's forms it is the one of the value's type.
pub fn walk(config: &Value) -> Vec<Step> {
    let mut steps = Vec::new();
    step(&SCHEMA, "#", config, "", &mut steps);
    steps
}

fn step(schema: &Value, schema_place: &str, value: &Value, place: &str, steps: &mut Vec<Step>) {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = SCHEMA.pointer(reference.trim_start_matches('#')).unwrap();
        return step(target, reference, value, place, steps);
    }
    if let Some(forms) = schema["anyOf"].as_array() {
        let fits = |(_, form): &(usize, &Value)| describes_type_of(form, value);
        let (index, form) = forms.iter().enumerate().find(fits).unwrap_or_else(|| {
            panic!("no form of {schema_place} is of the type of {value}");
        });
        return step(
            form,
            &format!("{schema_place}/anyOf/{index}"),
            value,
            place,
            steps,
        );
    }
    steps.push(Step {
        place: place.into(),
        schema_place: schema_place.into(),
        schema: schema.clone(),
        value: value.clone(),
    });
    let escaped = |key: &str| key.replace('~', "~0").replace('/', "~1");
    let is_free = ["properties", "additionalProperties"];
    let is_free = is_free.iter().all(|fields| schema[*fields].is_null());
    match value {
        // A part of a manifest, of which the schema says nothing.
        Value::Object(_) if is_free => {}
        Value::Object(map) => {
            for (key, value) in map {
                let place = format!("{place}/{}", escaped(key));
                let (part, name) = match schema["properties"].get(key) {
                    Some(part) => (part, format!("properties/{key}")),
                    None => (
                        &schema["additionalProperties"],
                        "additionalProperties".into(),
                    ),
                };
                step(
                    part,
                    &format!("{schema_place}/{name}"),
                    value,
                    &place,
                    steps,
                );
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                let schema_place = format!("{schema_place}/items");
                step(
                    &schema["items"],
                    &schema_place,
                    value,
                    &format!("{place}/{index}"),
                    steps,
                );
            }
        }
        _ => {}
    }
}

fn describes_type_of(schema: &Value, value: &Value) -> bool {
    if let Some(reference) = schema["$ref"].as_str() {
        return describes_type_of(
            SCHEMA.pointer(reference.trim_start_matches('#')).unwrap(),
            value,
        );
    }
    for union in ["anyOf", "oneOf"] {
        if let Some(forms) = schema[union].as_array() {
            return forms.iter().any(|form| describes_type_of(form, value));
        }
    }
    match schema["type"].as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("integer") => value.is_i64(),
        Some("boolean") => value.is_boolean(),
        _ => schema["const"] == *value,
    }
}

/// Every field that the schema knows, as the place of its schema.
pub fn all_fields() -> BTreeSet<String> {
    let mut fields = BTreeSet::new();
    collect(&SCHEMA, "#", &mut fields);
    fields
}

fn collect(schema: &Value, place: &str, fields: &mut BTreeSet<String>) {
    let properties = schema["properties"].as_object();
    for (name, part) in properties.into_iter().flatten() {
        let place = format!("{place}/properties/{name}");
        collect(part, &place, fields);
        fields.insert(place);
    }
    for (name, part) in schema["$defs"].as_object().into_iter().flatten() {
        collect(part, &format!("{place}/$defs/{name}"), fields);
    }
}

/// The fields that `config` uses, likewise.
pub fn used_fields(config: &Value) -> BTreeSet<String> {
    let mut fields = BTreeSet::new();
    for step in walk(config) {
        let properties = step.schema["properties"].as_object();
        for name in properties.into_iter().flatten().map(|(name, _)| name) {
            if step.value.get(name).is_some_and(|value| !value.is_null()) {
                fields.insert(format!("{}/properties/{name}", step.schema_place));
            }
        }
    }
    fields
}
