//! What a process is told: environment variables, and secrets.

use schemars::JsonSchema;
use serde::Deserialize;

use super::field::Field;
use super::{from, pattern};

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
    #[schemars(length(max = 253), regex(pattern = pattern::DNS_SUBDOMAIN))]
    #[schemars(extend("examples" = ["shared-credentials"]))]
    pub secret: Field<String>,
    /// Name of a ConfigMap that exists outside this set.
    #[schemars(length(max = 253), regex(pattern = pattern::DNS_SUBDOMAIN))]
    #[schemars(extend("examples" = ["shared-settings"]))]
    pub config_map: Field<String>,
    /// Key in the Secret or ConfigMap.
    #[schemars(regex(pattern = pattern::CONFIG_KEY), extend("examples" = ["api-url"]))]
    pub key: Field<String>,
    /// Field of the pod.
    #[schemars(extend("examples" = ["status.podIP"]))]
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
    #[schemars(extend("examples" = ["mcp/github/token"]))]
    pub key: Field<String>,
    /// One property of a JSON value. Default: the whole value.
    #[schemars(extend("examples" = ["password"]))]
    pub property: Field<String>,
    /// Version of the value. Default: the newest.
    #[schemars(extend("examples" = ["uuid/3b1c0d5e-0f4c-4d2a-9a1e-0d7f5b6c7a8e"]))]
    pub version: Field<String>,
    /// Environment variable or file.
    #[schemars(extend("default" = "env", "x-default-from" = from::GUIDE_SECRETS))]
    #[schemars(extend("examples" = ["file"]))]
    pub r#as: Field<SecretAs>,
    /// Absolute path of the file. Default `/etc/mcp-secrets/<key>`.
    #[schemars(regex(pattern = pattern::PATH), extend("examples" = ["/etc/mcp-secrets/key.pem"]))]
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
