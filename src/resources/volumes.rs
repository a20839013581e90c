//! What a server finds in its file system besides its read-only image: folders it may write to,
//! its configuration, its secret files. Volumes and their mounts stand together, because each is
//! useless without the other.

use k8s_openapi::api::core::v1::{
    ConfigMapVolumeSource, EmptyDirVolumeSource, KeyToPath, SecretVolumeSource, Volume, VolumeMount,
};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;

use super::bridge::bridge_volume;
use crate::model::{
    BRIDGE_FOLDER, BRIDGE_VOLUME, CONFIG_FOLDER, SecretMount, Server, WRITABLE_LIMIT, Writable,
};

const CONFIG: &str = "config";
/// Readable by owner and group: the volume's group is the process's.
const SECRET_MODE: i32 = 0o440;

/// The volumes of `server`; `None` when it has none.
pub fn volumes(server: &Server) -> Option<Vec<Volume>> {
    let mut volumes: Vec<Volume> = server.writable.iter().map(scratch).collect();
    if server.config.is_some() {
        volumes.push(Volume {
            name: CONFIG.into(),
            config_map: Some(ConfigMapVolumeSource {
                name: server.names.config.to_string(),
                ..ConfigMapVolumeSource::default()
            }),
            ..Volume::default()
        });
    }
    volumes.extend(
        server
            .secret_mounts
            .iter()
            .map(|mount| secret_files(server, mount)),
    );
    volumes.extend(server.bridge.iter().map(|_| bridge_volume()));
    (!volumes.is_empty()).then_some(volumes)
}

/// Where they are mounted.
pub fn volume_mounts(server: &Server) -> Option<Vec<VolumeMount>> {
    let mut mounts: Vec<VolumeMount> = server
        .writable
        .iter()
        .map(|writable| VolumeMount {
            name: writable.volume.clone(),
            mount_path: writable.path.to_string(),
            ..VolumeMount::default()
        })
        .collect();
    if server.config.is_some() {
        mounts.push(read_only(CONFIG, CONFIG_FOLDER));
    }
    mounts.extend(
        server
            .secret_mounts
            .iter()
            .map(|mount| read_only(&mount.volume, mount.folder.as_str())),
    );
    if server.bridge.is_some() {
        mounts.push(read_only(BRIDGE_VOLUME, BRIDGE_FOLDER));
    }
    (!mounts.is_empty()).then_some(mounts)
}

fn read_only(volume: &str, path: &str) -> VolumeMount {
    VolumeMount {
        name: volume.into(),
        mount_path: path.into(),
        read_only: Some(true),
        ..VolumeMount::default()
    }
}

fn scratch(writable: &Writable) -> Volume {
    Volume {
        name: writable.volume.clone(),
        empty_dir: Some(EmptyDirVolumeSource {
            size_limit: Some(Quantity(WRITABLE_LIMIT.into())),
            ..EmptyDirVolumeSource::default()
        }),
        ..Volume::default()
    }
}

fn secret_files(server: &Server, mount: &SecretMount) -> Volume {
    Volume {
        name: mount.volume.clone(),
        secret: Some(SecretVolumeSource {
            secret_name: Some(server.names.secrets.to_string()),
            default_mode: Some(SECRET_MODE),
            items: Some(
                mount
                    .files
                    .iter()
                    .map(|(key, file)| KeyToPath {
                        key: key.to_string(),
                        path: file.to_string(),
                        ..KeyToPath::default()
                    })
                    .collect(),
            ),
            ..SecretVolumeSource::default()
        }),
        ..Volume::default()
    }
}
