//! What a process is told: environment variables, and secrets.

use schemars::JsonSchema;
use serde::Deserialize;

use super::field::Field;

/// Value of an environment variable.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename = "$shape")]
#[schemars(rename = "EnvValue", untagged)]
pub enum EnvValue {
    /// The value itself. Numbers and booleans may stand without quotes.
    #[serde(rename = "text")]
    #[schemars(with = "EnvLiteral")]
    Literal(String),
    /// Where the value comes from.
    #[serde(rename = "mapping")]
    From(EnvSource),
}

/// What a person may write for a literal value.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "only its schema is used")]
pub(super) enum EnvLiteral {
    Text(String),
    Integer(i64),
    Bool(bool),
}

/// Where an environment variable's value comes from: exactly one of `secret`, `configMap`, `field`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct EnvSource {
    /// Name of a Secret that exists outside this set.
    pub secret: Field<String>,
    /// Name of a ConfigMap that exists outside this set.
    pub config_map: Field<String>,
    /// Key in the Secret or ConfigMap.
    pub key: Field<String>,
    /// Field of the pod, such as `status.podIP`.
    pub field: Field<String>,
}

/// A value in the secret store.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename = "$shape")]
#[schemars(rename = "Secret", untagged)]
pub enum Secret {
    /// `path/in/store`, or `path/in/store#property` for one property of a JSON value.
    #[serde(rename = "text")]
    Path(String),
    /// The long form.
    #[serde(rename = "mapping")]
    From(SecretSource),
}

/// A value in the secret store, in the long form.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("required" = ["key"]))]
pub struct SecretSource {
    /// Path in the store.
    pub key: Field<String>,
    /// One property of a JSON value. Default: the whole value.
    pub property: Field<String>,
    /// Version of the value. Default: the newest.
    pub version: Field<String>,
    /// Environment variable or file. Default `env`.
    pub r#as: Field<SecretAs>,
    /// Absolute path of the file. Default `/etc/mcp-secrets/<key>`.
    pub path: Field<String>,
}

/// How a secret reaches the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum SecretAs {
    /// As an environment variable.
    Env,
    /// As a file; the environment variable then holds its path.
    File,
}
