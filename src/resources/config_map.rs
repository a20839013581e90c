//! The files of one server's configuration.

use k8s_openapi::api::core::v1::ConfigMap;

use crate::model::{ConfigFiles, Server};

/// ConfigMap with `config`'s files. Its checksum stands on the pod template, so that a change
/// restarts the pods.
pub fn config_map(server: &Server, config: &ConfigFiles) -> ConfigMap {
    ConfigMap {
        metadata: server.metadata(&server.names.config),
        data: Some(
            config
                .files
                .iter()
                .map(|(name, text)| (name.to_string(), text.clone()))
                .collect(),
        ),
        ..ConfigMap::default()
    }
}
