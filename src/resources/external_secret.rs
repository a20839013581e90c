//! What one server fetches from the secret store.

use super::custom::{
    Custom, ExternalSecretSpec, RemoteRef, SecretData, SecretStoreRef, SecretTarget,
};
use crate::model::{SecretStore, Server};

/// ExternalSecret that writes the Secret of the same name.
pub fn external_secret(store: &SecretStore, server: &Server) -> Custom<ExternalSecretSpec> {
    Custom {
        api_version: "external-secrets.io/v1",
        kind: "ExternalSecret",
        metadata: server.metadata(&server.names.secrets),
        spec: ExternalSecretSpec {
            refresh_interval: store.refresh_interval.to_string(),
            secret_store_ref: SecretStoreRef {
                kind: store.kind,
                name: store.name.to_string(),
            },
            target: SecretTarget {
                name: server.names.secrets.to_string(),
                creation_policy: "Owner",
            },
            data: server
                .secrets
                .iter()
                .map(|item| SecretData {
                    secret_key: item.key.to_string(),
                    remote_ref: RemoteRef {
                        key: item.remote_key.clone(),
                        property: item.property.clone(),
                        version: item.version.clone(),
                    },
                })
                .collect(),
        },
    }
}
