//! ConstraintTemplates: the kind of constraint that each makes, and the Rego that judges.

use serde_json::{Map, Value as Json};

use crate::manifest::{At, Object, json_at};

/// The API group of templates.
pub const GROUP: &str = "templates.gatekeeper.sh";
/// The target whose reviews are of Kubernetes objects; others are not Gatekeeper's.
const TARGET: &str = "admission.k8s.gatekeeper.sh";
const REGO: &str = "Rego";

/// One ConstraintTemplate.
#[derive(Debug)]
pub struct Template<'m> {
    /// All of it.
    pub object: &'m Object,
    /// The kind of its constraints.
    pub kind: &'m str,
    /// What judges.
    pub source: Source<'m>,
    /// The structural schema of `spec.parameters`, whose defaults count.
    pub schema: Json,
    /// Whether the schema lets unknown fields stay, because it is older than structural ones.
    pub is_lenient: bool,
}

/// What judges an object.
#[derive(Debug)]
pub enum Source<'m> {
    /// Rego.
    Rego(Rego<'m>),
    /// Code of other engines only, by their names.
    Foreign(Vec<&'m str>),
    /// Nothing for Kubernetes' objects.
    None,
}

/// Rego with its libraries.
#[derive(Debug)]
pub struct Rego<'m> {
    /// The module with the rule `violation`.
    pub module: At<'m>,
    /// Modules that it imports as `data.lib`.
    pub libs: Vec<At<'m>>,
    /// Whether it is written in Rego v1 without an import that says so.
    #[cfg_attr(
        not(feature = "gatekeeper"),
        allow(dead_code, reason = "nobody evaluates it")
    )]
    pub is_v1: bool,
}

impl<'m> Rego<'m> {
    /// The texts of all modules, that with the rule `violation` first.
    pub fn texts(&self) -> impl Iterator<Item = &'m str> {
        let modules = std::iter::once(&self.module).chain(&self.libs);
        modules.map(|module| module.text().unwrap_or_default())
    }
}

/// Whether `object` is a ConstraintTemplate.
#[must_use]
pub fn is_template(object: &Object) -> bool {
    object.group() == GROUP && object.kind() == "ConstraintTemplate"
}

impl<'m> Template<'m> {
    /// The template that `object` is, if it is one.
    #[must_use]
    pub fn of(object: &'m Object) -> Option<Self> {
        let crd = object.at("spec.crd.spec");
        is_template(object).then(|| Self {
            object,
            kind: crd.at("names.kind").text().unwrap_or_default(),
            source: source(object.at("spec.targets")),
            schema: json_at(crd.at("validation.openAPIV3Schema")),
            is_lenient: crd
                .at("validation.legacySchema")
                .boolean()
                .unwrap_or_else(|| !object.api_version().ends_with("/v1")),
        })
    }

    /// The parameters `given` by a constraint, with the schema's defaults for those that it leaves
    /// out, as the API server fills them in: where there are no parameters at all it has nothing to
    /// fill.
    #[must_use]
    pub fn parameters(&self, given: At<'_>) -> Json {
        let mut parameters = json_at(given);
        if parameters.is_null() {
            return Json::Object(Map::new());
        }
        fill_in(&mut parameters, &self.schema);
        parameters
    }
}

fn source(targets: At<'_>) -> Source<'_> {
    let is_ours = |target: &At<'_>| target.get("target").text() == Some(TARGET);
    let Some(target) = targets.items().find(is_ours) else {
        return Source::None;
    };
    let codes = target.get("code").items();
    let engine = |code: At<'_>| code.get("engine").text() == Some(REGO);
    if let Some(code) = codes.clone().find(|code| engine(*code)) {
        let source = code.get("source");
        let is_v1 = source.get("version").text() == Some("v1");
        return rego(source, is_v1);
    }
    if target.get("rego").exists() {
        return rego(target, false);
    }
    let engines: Vec<&str> = codes
        .map(|code| code.get("engine").text().unwrap_or("?"))
        .collect();
    if engines.is_empty() {
        Source::None
    } else {
        Source::Foreign(engines)
    }
}

fn rego(source: At<'_>, is_v1: bool) -> Source<'_> {
    Source::Rego(Rego {
        module: source.get("rego"),
        libs: source.get("libs").items().collect(),
        is_v1,
    })
}

/// Writes the defaults of the structural schema `schema` into `value`.
fn fill_in(value: &mut Json, schema: &Json) {
    match value {
        Json::Object(fields) => {
            let properties = schema.get("properties").and_then(Json::as_object);
            for (name, schema) in properties.into_iter().flatten() {
                if let Some(default) = schema.get("default")
                    && !fields.contains_key(name)
                {
                    fields.insert(name.clone(), default.clone());
                }
                if let Some(field) = fields.get_mut(name) {
                    fill_in(field, schema);
                }
            }
            if let Some(schema) = schema.get("additionalProperties") {
                let others = fields.iter_mut();
                let is_other =
                    |name: &str| properties.is_none_or(|known| !known.contains_key(name));
                for (_, other) in others.filter(|(name, _)| is_other(name)) {
                    fill_in(other, schema);
                }
            }
        }
        Json::Array(items) => {
            if let Some(schema) = schema.get("items") {
                for item in items {
                    fill_in(item, schema);
                }
            }
        }
        _ => {}
    }
}
