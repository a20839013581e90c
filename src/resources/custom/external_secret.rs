//! `external-secrets.io/v1` `ExternalSecret`.

use serde::Serialize;

/// What is fetched, and into which Secret.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExternalSecretSpec {
    /// Time between two reads of the store.
    pub refresh_interval: String,
    /// The store.
    pub secret_store_ref: SecretStoreRef,
    /// The Secret that is written.
    pub target: SecretTarget,
    /// Its keys.
    pub data: Vec<SecretData>,
}

/// A store of the External Secrets Operator.
#[derive(Debug, Clone, Serialize)]
pub struct SecretStoreRef {
    /// `ClusterSecretStore` or `SecretStore`.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
}

/// The Secret that is written.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SecretTarget {
    /// Its name.
    pub name: String,
    /// `Owner`: it goes with the ExternalSecret.
    pub creation_policy: &'static str,
}

/// One key of the Secret.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SecretData {
    /// The key.
    pub secret_key: String,
    /// Where its value is.
    pub remote_ref: RemoteRef,
}

/// A value in the store.
#[derive(Debug, Clone, Serialize)]
pub struct RemoteRef {
    /// Its path.
    pub key: String,
    /// One property of a JSON value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub property: Option<String>,
    /// A version other than the newest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}
