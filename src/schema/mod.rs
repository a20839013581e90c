//! What a config may hold, in the languages of those who read it before mcpset does: editors, API
//! servers, kustomize.
//!
//! All forms are made from the types that read the config, so none of them can know a field that
//! mcpset does not. They say less than mcpset: the rules that need more than one field, and what
//! excludes what, are told by mcpset alone.

mod crd;
mod openapi;
mod structural;
mod types;
mod view;

use schemars::schema_for;
use serde_json::{Value, json};

use crate::api::{CHECK_KIND, KIND, McpServerSet, McpServerSetCheck};

pub use crd::crd;
pub use openapi::openapi;
pub use view::{ANY_KEY, NotFound, View};

/// Beside a default: who says so.
pub const DEFAULT_FROM: &str = "x-default-from";

/// What keeps Argo CD from taking the schema for a manifest where it lies beside a set.
/// Source: argo-cd `reposerver/repository/repository.go`.
const NO_MANIFEST: &str = "+argocd:skip-file-rendering";

/// A kind of config.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `McpServerSet`.
    Set,
    /// `McpServerSetCheck`.
    Check,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Set, Self::Check];

    /// As the config says it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Set => KIND,
            Self::Check => CHECK_KIND,
        }
    }
}

/// The JSON schema of `kind` (2020-12), for editors and CI.
#[must_use]
pub fn json_schema(kind: Kind) -> Value {
    let mut schema = match kind {
        Kind::Set => json!(schema_for!(McpServerSet)),
        Kind::Check => json!(schema_for!(McpServerSetCheck)),
    };
    if let Some(root) = schema.as_object_mut() {
        root.insert("$comment".into(), NO_MANIFEST.into());
    }
    schema
}

/// What `schema`, a part of the document `root`, refers to: with what it says itself laid over.
fn resolved(schema: &Value, root: &Value) -> Value {
    let Some(reference) = schema.get("$ref").and_then(Value::as_str) else {
        return schema.clone();
    };
    let target = root.pointer(reference.trim_start_matches('#'));
    let mut resolved = target.map_or(Value::Null, |target| resolved(target, root));
    if let (Value::Object(resolved), Value::Object(own)) = (&mut resolved, schema) {
        let own = own.iter().filter(|(key, _)| *key != "$ref");
        resolved.extend(own.map(|(key, value)| (key.clone(), value.clone())));
    }
    resolved
}

/// The words of a choice, where `schema` is one.
fn choices(schema: &Value) -> Option<Vec<Value>> {
    if let Some(words) = schema.get("enum").and_then(Value::as_array) {
        return Some(words.clone());
    }
    let forms = schema.get("oneOf").and_then(Value::as_array)?;
    let words: Vec<Value> = forms
        .iter()
        .flat_map(|form| match (form.get("const"), form.get("enum")) {
            (Some(word), _) => vec![word.clone()],
            (None, Some(Value::Array(words))) => words.clone(),
            (None, _) => Vec::new(),
        })
        .collect();
    (!words.is_empty()).then_some(words)
}
