//! The container that hands a bridge over before the server's own starts.
//!
//! It sees no secret and no configuration, and nothing of it runs on: what it leaves is one file, which
//! the server's container can read and not change.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{
    Container, EmptyDirVolumeSource, ResourceRequirements, Volume, VolumeMount,
};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;

use super::container::security_context;
use crate::model::{BRIDGE_FOLDER, BRIDGE_LIMIT_MEBIBYTES, BRIDGE_VOLUME, Bridge, Server};

const NAME: &str = "bridge";
/// What copying one file takes; the file's pages in memory can be reclaimed.
const REQUESTS: [(&str, &str); 3] = [
    ("cpu", "100m"),
    ("memory", "128Mi"),
    ("ephemeral-storage", "64Mi"),
];
/// The same, with room for the file.
const LIMITS: [(&str, &str); 3] = [
    ("cpu", "500m"),
    ("memory", "128Mi"),
    ("ephemeral-storage", "512Mi"),
];

/// The init container that copies `bridge` to where `server` starts it.
pub fn bridge_container(server: &Server, bridge: &Bridge) -> Container {
    Container {
        name: NAME.into(),
        image: Some(bridge.image.to_string()),
        image_pull_policy: Some(server.pull_policy.into()),
        // The image's entrypoint is the bridge.
        args: Some(bridge.args.clone()),
        resources: Some(ResourceRequirements {
            requests: Some(quantities(&REQUESTS)),
            limits: Some(quantities(&LIMITS)),
            ..ResourceRequirements::default()
        }),
        security_context: Some(security_context(server)),
        volume_mounts: Some(vec![mount()]),
        ..Container::default()
    }
}

/// The folder that both containers see.
pub fn bridge_volume() -> Volume {
    Volume {
        name: BRIDGE_VOLUME.into(),
        empty_dir: Some(EmptyDirVolumeSource {
            size_limit: Some(Quantity(format!("{BRIDGE_LIMIT_MEBIBYTES}Mi"))),
            ..EmptyDirVolumeSource::default()
        }),
        ..Volume::default()
    }
}

fn mount() -> VolumeMount {
    VolumeMount {
        name: BRIDGE_VOLUME.into(),
        mount_path: BRIDGE_FOLDER.into(),
        ..VolumeMount::default()
    }
}

fn quantities(named: &[(&str, &str)]) -> BTreeMap<String, Quantity> {
    let named = named.iter();
    named
        .map(|(name, quantity)| ((*name).to_owned(), Quantity((*quantity).to_owned())))
        .collect()
}
