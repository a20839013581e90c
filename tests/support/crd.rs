//! Custom resource definitions, and the JSON schema that an API server enforces for each of them.
//!
//! A definition's `openAPIV3Schema` is not quite a JSON schema: fields that it does not name are
//! an error to a strict reader (the API server drops them), `nullable` and
//! `x-kubernetes-int-or-string` widen a type, and a list can be a set. [`enforced`] says all that
//! in JSON schema's own words, and panics at a keyword that it does not know, so that an updated
//! definition cannot bring a rule that nobody looks at.

use std::sync::LazyLock;

use jsonschema::{PatternOptions, Validator};
use serde_json::{Map, Value, json};

use super::bundle::read;

const TEXTS: [&str; 7] = [
    include_str!("../crds/eks.services.k8s.aws_podidentityassociations.yaml"),
    include_str!("../crds/external-secrets.io_externalsecrets.yaml"),
    include_str!("../crds/grafana.integreatly.org_grafanadashboards.yaml"),
    include_str!("../crds/iam.services.k8s.aws_roles.yaml"),
    include_str!("../crds/monitoring.coreos.com_prometheusrules.yaml"),
    include_str!("../crds/monitoring.coreos.com_servicemonitors.yaml"),
    include_str!("../crds/networking.k8s.aws_applicationnetworkpolicies.yaml"),
];

/// The served versions of all definitions in `tests/crds`.
pub static DEFINITIONS: LazyLock<Vec<Definition>> = LazyLock::new(|| {
    let read_one = |text: &&str| Definition::served(&read(text).remove(0));
    TEXTS.iter().flat_map(read_one).collect()
});

/// One version of one custom resource.
pub struct Definition {
    /// `group/version`.
    pub api_version: String,
    /// Its kind.
    pub kind: String,
    /// The places of its CEL rules, which no JSON schema can say, and the rules.
    pub cel: Vec<(String, String)>,
    /// What an API server enforces of its objects, as a JSON schema.
    pub schema: Value,
    validator: Validator,
}

impl Definition {
    fn served(definition: &Value) -> Vec<Self> {
        let spec = &definition["spec"];
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let versions = spec["versions"].as_array().unwrap().iter();
        versions
            .filter(|version| version["served"] == true)
            .map(|version| {
                let schema = &version["schema"]["openAPIV3Schema"];
                let mut cel = Vec::new();
                let enforced = enforced(schema, "", &mut cel);
                Self {
                    api_version: format!("{}/{}", text(&spec["group"]), text(&version["name"])),
                    kind: text(&spec["names"]["kind"]),
                    cel,
                    validator: validator(&enforced),
                    schema: enforced,
                }
            })
            .collect()
    }

    /// What is wrong with `object`, with its place.
    pub fn violations(&self, object: &Value) -> Vec<String> {
        let errors = self.validator.iter_errors(object);
        errors
            .map(|error| format!("{}{}: {error}", self.kind, error.instance_path()))
            .collect()
    }
}

/// The definition of `object`; `None` for built-in kinds.
pub fn definition(object: &Value) -> Option<&'static Definition> {
    DEFINITIONS.iter().find(|definition| {
        object["apiVersion"] == definition.api_version && object["kind"] == definition.kind
    })
}

/// A validator whose patterns are read without look-around and back-references, as Go's are.
fn validator(schema: &Value) -> Validator {
    jsonschema::options()
        .with_pattern_options(PatternOptions::regex())
        .build(schema)
        .unwrap()
}

/// What an API server enforces where a definition says `schema`, at `path`.
pub fn enforced(schema: &Value, path: &str, cel: &mut Vec<(String, String)>) -> Value {
    let mut out = Map::new();
    let schema = schema.as_object().unwrap();
    let flag = |name: &str| schema.get(name) == Some(&json!(true));
    for (keyword, value) in schema {
        match keyword.as_str() {
            "description"
            | "default"
            | "format"
            | "nullable"
            | "x-kubernetes-int-or-string"
            | "x-kubernetes-list-map-keys"
            | "x-kubernetes-map-type"
            | "x-kubernetes-preserve-unknown-fields" => {}
            "type" | "enum" | "pattern" | "minimum" | "maximum" | "minLength" | "maxLength"
            | "minItems" | "maxItems" | "minProperties" | "maxProperties" | "anyOf" => {
                out.insert(keyword.clone(), value.clone());
            }
            "required" => {
                // Defaults are put in before anything is checked.
                let is_needed = |name: &&Value| {
                    let property = &schema["properties"][name.as_str().unwrap()];
                    property.get("default").is_none()
                };
                let names: Vec<_> = value.as_array().unwrap().iter().filter(is_needed).collect();
                out.insert(keyword.clone(), json!(names));
            }
            "properties" => {
                let properties = value.as_object().unwrap().iter().map(|(name, schema)| {
                    (
                        name.clone(),
                        enforced(schema, &format!("{path}.{name}"), cel),
                    )
                });
                let properties: Map<_, _> = properties.collect();
                out.insert(keyword.clone(), properties.into());
            }
            "items" => {
                out.insert(keyword.clone(), enforced(value, &format!("{path}[]"), cel));
            }
            "additionalProperties" => {
                let path = format!("{path}.*");
                let values = if value.is_object() {
                    enforced(value, &path, cel)
                } else {
                    value.clone()
                };
                out.insert(keyword.clone(), values);
            }
            "x-kubernetes-list-type" => {
                if value == "set" {
                    out.insert("uniqueItems".into(), json!(true));
                }
                // Of what mcpset writes, only a rule's groups are in one; their names are asserted by
                // hand.
                let is_known = path.starts_with(".status.") || path == ".spec.groups";
                assert!(value != "map" || is_known, "{path} is a list with keys");
            }
            "x-kubernetes-validations" => {
                for rule in value.as_array().unwrap() {
                    cel.push((path.to_owned(), rule["rule"].as_str().unwrap().to_owned()));
                }
            }
            unknown => panic!("{path}: what does `{unknown}` say?"),
        }
    }
    // The API server itself knows what metadata holds.
    let is_open = flag("x-kubernetes-preserve-unknown-fields") || path == ".metadata";
    if schema.get("type") == Some(&json!("object")) && !is_open {
        out.entry("additionalProperties").or_insert(json!(false));
    }
    if flag("x-kubernetes-int-or-string") {
        out.insert("type".into(), json!(["integer", "string"]));
    }
    if flag("nullable") {
        return json!({"anyOf": [{"type": "null"}, out]});
    }
    out.into()
}
