//! `spec.servers[].patches`.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny};

use super::field::Field;
use super::pattern;

/// The last word on one kind of the server's objects.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("required" = ["kind", "patch"]))]
pub struct Patch {
    /// The kind, such as `Deployment`.
    #[schemars(regex(pattern = pattern::WORD), extend("examples" = ["Deployment"]))]
    pub kind: Field<String>,
    /// The namespace of a Role or RoleBinding. Default: each that the server has.
    #[schemars(length(max = 63), regex(pattern = pattern::DNS_LABEL))]
    #[schemars(extend("examples" = ["apps"]))]
    pub namespace: Field<String>,
    /// What is different, as in `kubectl patch`: a strategic merge patch, and for custom kinds a JSON
    /// merge patch.
    #[schemars(extend("examples" = [{"spec": {"revisionHistoryLimit": 3}}]))]
    pub patch: Field<Free>,
}

/// A part of a manifest, which is read as what it is a part of.
#[derive(Debug, Clone, Copy, Default)]
pub struct Free;

impl<'de> Deserialize<'de> for Free {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|_| Self)
    }
}

impl JsonSchema for Free {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Free".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({ "type": "object" })
    }
}
