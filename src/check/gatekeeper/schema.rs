//! What a constraint may say: the schema of its kind, which Gatekeeper makes of the template.
//!
//! A misspelt parameter is no parameter, and the policy then asks for something else than its author
//! meant. The API server refuses such a constraint, so it is refused here in the same cases. The one
//! difference to `gator`: a required field with a default is there, as it is in a cluster.

use serde_json::{Value as Json, json};

use super::rego::is_match;
use super::templates::Template;
use crate::manifest::{Object, json, key};
use crate::nearest::nearest;
use crate::source::Place;
use crate::yaml::{Node, Value};

/// What is wrong with `constraint`, of the kind that `template` makes, each with its place.
#[must_use]
pub fn breaches(constraint: &Object, template: &Template<'_>) -> Vec<(Place, String)> {
    let mut look = Look {
        is_lenient: false,
        found: Vec::new(),
    };
    look.at(constraint.root(), &of_kind(template), "");
    let spec = constraint.at("spec");
    if spec.get("enforcementAction").text() == Some("scoped")
        && !spec.get("scopedEnforcementActions").exists()
    {
        let what =
            "`spec.enforcementAction` is scoped, and `spec.scopedEnforcementActions` is missing";
        look.found
            .push((spec.get("enforcementAction").place(), what.into()));
    }
    look.found
}

/// The schema of a constraint (frameworks, constraint/pkg/client/crds; gatekeeper, the schema of its
/// match).
fn of_kind(template: &Template<'_>) -> Json {
    let anything = json!({"x-kubernetes-preserve-unknown-fields": true});
    let texts = json!({"type": "array", "items": {"type": "string"}});
    let name = json!({"type": "string", "pattern": r"^\*?[-:a-z0-9]*\*?$"});
    let selector = json!({"type": "object", "properties": {
        "matchLabels": {"type": "object", "additionalProperties": {"type": "string"}},
        "matchExpressions": {"type": "array", "items": {"type": "object", "required": ["key", "operator"], "properties": {
            "key": {"type": "string"},
            "operator": {"type": "string", "enum": ["In", "NotIn", "Exists", "DoesNotExist"]},
            "values": texts,
        }}},
    }});
    let applies_to = json!({"type": "object", "properties": {
        "kinds": {"type": "array", "items": {"type": "object", "properties": {"apiGroups": texts, "kinds": texts}}},
        "scope": {"type": "string"},
        "namespaces": {"type": "array", "items": name},
        "excludedNamespaces": {"type": "array", "items": name},
        "labelSelector": selector,
        "namespaceSelector": selector,
        "name": name,
        "source": {"type": "string", "enum": ["All", "Generated", "Original"]},
    }});
    let scoped = json!({"type": "array", "items": {"type": "object", "properties": {
        "action": {"type": "string"},
        "enforcementPoints": {"type": "array", "items": {"type": "object", "properties": {"name": {"type": "string"}}}},
    }}});
    let mut spec = json!({
        "match": applies_to,
        "enforcementAction": {"type": "string"},
        "scopedEnforcementActions": scoped,
    });
    if let (Json::Object(fields), Some(parameters)) = (&mut spec, parameters(template)) {
        fields.insert("parameters".into(), parameters);
    }
    json!({"type": "object", "properties": {
        "apiVersion": {"type": "string"},
        "kind": {"type": "string"},
        "metadata": anything,
        "spec": {"type": "object", "properties": spec},
        "status": anything,
    }})
}

/// The schema of `spec.parameters`; `None` where a template takes none.
fn parameters(template: &Template<'_>) -> Option<Json> {
    let mut schema = match &template.schema {
        Json::Null if template.is_lenient => json!({}),
        Json::Null => return None,
        schema => schema.clone(),
    };
    if template.is_lenient {
        keep_unknown(&mut schema);
    }
    Some(schema)
}

/// What `legacySchema` asks for: fields that are not in the schema stay.
fn keep_unknown(schema: &mut Json) {
    let Json::Object(fields) = schema else { return };
    for (key, inner) in fields.iter_mut() {
        match (key.as_str(), inner) {
            ("properties", Json::Object(properties)) => {
                properties.values_mut().for_each(keep_unknown);
            }
            ("items" | "additionalProperties", inner) => keep_unknown(inner),
            _ => {}
        }
    }
    fields.insert("x-kubernetes-preserve-unknown-fields".into(), json!(true));
}

/// A walk over a value and its schema.
struct Look {
    /// Whether unknown fields are none of its business.
    is_lenient: bool,
    found: Vec<(Place, String)>,
}

impl Look {
    /// Notes what of `node`, to which `path` leads, `schema` does not allow.
    fn at(&mut self, node: &Node, schema: &Json, path: &str) {
        let value = match &node.value {
            Value::Scalar(_) => json(node),
            Value::Sequence(_) => json!([]),
            Value::Mapping(_) => json!({}),
        };
        if value.is_null() && (schema["nullable"] == true || schema.get("default").is_some()) {
            return;
        }
        if let Some(wanted) = mismatch(&value, schema) {
            let what = format!(
                "`{path}` is {}, where {wanted} is asked for",
                called(&value)
            );
            self.found.push((node.place, what));
            return;
        }
        match &node.value {
            Value::Mapping(_) => self.fields(node, schema, path),
            Value::Sequence(items) => {
                if let Some(schema) = schema.get("items") {
                    for (item, index) in items.iter().zip(0..) {
                        self.at(item, schema, &format!("{path}[{index}]"));
                    }
                }
                self.size(
                    node,
                    items.len(),
                    "items",
                    ["minItems", "maxItems"],
                    schema,
                    path,
                );
            }
            Value::Scalar(_) => self.scalar(node, &value, schema, path),
        }
        self.combined(node, schema, path);
    }

    fn fields(&mut self, node: &Node, schema: &Json, path: &str) {
        let Value::Mapping(entries) = &node.value else {
            return;
        };
        let properties = schema["properties"].as_object();
        let others = &schema["additionalProperties"];
        let keeps = self.is_lenient
            || schema["x-kubernetes-preserve-unknown-fields"] == true
            || others == true;
        for entry in entries {
            let name = key(entry);
            let path = match path {
                "" => name.clone(),
                path => format!("{path}.{name}"),
            };
            let known = properties.and_then(|known| known.get(&name));
            match known.or(others.as_object().map(|_| others)) {
                Some(schema) => self.at(&entry.value, schema, &path),
                None if keeps => {}
                None => {
                    let known: Vec<&str> = properties
                        .into_iter()
                        .flat_map(|known| known.keys().map(String::as_str))
                        .collect();
                    let near = nearest(&name, &known);
                    let near =
                        near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
                    let what = format!("its kind has no field `{path}`{near}");
                    self.found.push((entry.key.place, what));
                }
            }
        }
        for name in schema["required"].as_array().into_iter().flatten() {
            let name = name.as_str().unwrap_or_default();
            let known = properties.and_then(|known| known.get(name));
            let is_filled_in = || known.is_some_and(|known| known.get("default").is_some());
            if entries.iter().all(|entry| key(entry) != name) && !is_filled_in() {
                let what = format!("`{path}` lacks `{name}`, which is required");
                self.found.push((node.place, what));
            }
        }
        let bounds = ["minProperties", "maxProperties"];
        self.size(node, entries.len(), "fields", bounds, schema, path);
    }

    fn scalar(&mut self, node: &Node, value: &Json, schema: &Json, path: &str) {
        if let Some(text) = value.as_str() {
            let bounds = ["minLength", "maxLength"];
            let length = text.chars().count();
            self.size(node, length, "characters", bounds, schema, path);
            if let Some(pattern) = schema["pattern"].as_str()
                && is_match(pattern, text) == Some(false)
            {
                let what = format!("`{path}` is `{text}`, which does not match `{pattern}`");
                self.found.push((node.place, what));
            }
        }
        if let Some(number) = value.as_f64()
            && let Some(wanted) = out_of_bounds(number, schema)
        {
            let what = format!("`{path}` is {value}, where {wanted} is asked for");
            self.found.push((node.place, what));
        }
    }

    /// Notes that there are fewer or more of `what` than `schema` says under the keys `bounds`.
    fn size(
        &mut self,
        node: &Node,
        size: usize,
        what: &str,
        bounds: [&str; 2],
        schema: &Json,
        path: &str,
    ) {
        let [least, most] = bounds.map(|key| schema[key].as_u64());
        let size = size as u64;
        let wanted = match (least, most) {
            (Some(least), _) if size < least => format!("{least} or more"),
            (_, Some(most)) if size > most => format!("{most} or fewer"),
            _ => return,
        };
        let what = format!("`{path}` has {size} {what}, where {wanted} are asked for");
        self.found.push((node.place, what));
    }

    /// Notes what the schemas in `schema` that are about the same value do not allow.
    fn combined(&mut self, node: &Node, schema: &Json, path: &str) {
        let keeps = |schema: &Json| {
            let mut look = Look {
                is_lenient: true,
                found: Vec::new(),
            };
            look.at(node, schema, path);
            look.found.is_empty()
        };
        let list = |key: &str| schema[key].as_array().map_or(&[][..], Vec::as_slice);
        let kept = |key: &str| list(key).iter().filter(|schema| keeps(schema)).count();
        let all = list("allOf").len();
        let broken = [
            ("allOf", kept("allOf") < all),
            ("anyOf", !list("anyOf").is_empty() && kept("anyOf") == 0),
            ("oneOf", !list("oneOf").is_empty() && kept("oneOf") != 1),
            ("not", schema.get("not").is_some_and(keeps)),
        ];
        for (key, _) in broken.iter().filter(|(_, is_broken)| *is_broken) {
            let what = format!("`{path}` is not what `{key}` in its schema asks for");
            self.found.push((node.place, what));
        }
        if let Some(allowed) = schema["enum"].as_array()
            && !allowed.contains(&json(node))
        {
            let allowed: Vec<String> = allowed.iter().map(Json::to_string).collect();
            let what = format!("`{path}` is none of {}", allowed.join(", "));
            self.found.push((node.place, what));
        }
    }
}

/// What `schema` wants instead of a value of this type.
fn mismatch(value: &Json, schema: &Json) -> Option<&'static str> {
    let is_whole = value.as_f64().is_some_and(|number| number.fract() == 0.0);
    if schema["x-kubernetes-int-or-string"] == true {
        return (!is_whole && !value.is_string()).then_some("a whole number or text");
    }
    let (is_right, wanted) = match schema["type"].as_str()? {
        "array" => (value.is_array(), "a list"),
        "object" => (value.is_object(), "a mapping"),
        "string" => (value.is_string(), "text"),
        "boolean" => (value.is_boolean(), "true or false"),
        "integer" => (is_whole, "a whole number"),
        "number" => (value.is_number(), "a number"),
        _ => return None,
    };
    (!is_right).then_some(wanted)
}

fn called(value: &Json) -> &'static str {
    match value {
        Json::Null => "empty",
        Json::Bool(_) => "a boolean",
        Json::Number(_) => "a number",
        Json::String(_) => "text",
        Json::Array(_) => "a list",
        Json::Object(_) => "a mapping",
    }
}

/// What `schema` wants instead of `number`.
fn out_of_bounds(number: f64, schema: &Json) -> Option<String> {
    let bound = |key: &str| schema[key].as_f64();
    let excludes = |key: &str| schema[key] == true;
    match (bound("minimum"), bound("maximum"), bound("multipleOf")) {
        (Some(least), _, _) if number <= least && excludes("exclusiveMinimum") => {
            Some(format!("more than {least}"))
        }
        (Some(least), _, _) if number < least => Some(format!("{least} or more")),
        (_, Some(most), _) if number >= most && excludes("exclusiveMaximum") => {
            Some(format!("less than {most}"))
        }
        (_, Some(most), _) if number > most => Some(format!("{most} or less")),
        (_, _, Some(of)) if (number / of).fract() != 0.0 => Some(format!("a multiple of {of}")),
        _ => None,
    }
}
