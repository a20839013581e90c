//! The volumes of a pod, as the kubelet fills them.

use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, chown, symlink};
use std::path::Path;

use k8s_openapi::api::core::v1::{KeyToPath, Volume};

use crate::support::quantity::quantity;

/// The folder that the kubelet changes at once by renaming a link to it.
const DATA: &str = "..data";
const TIMESTAMP: &str = "..2026_01_02_03_04_05.0123456789";

/// Keys and values of a ConfigMap or Secret, by its name.
pub type Objects = BTreeMap<String, BTreeMap<String, String>>;

/// Fills `volume` in `folder` for processes of `group`.
pub fn fill(folder: &Path, volume: &Volume, objects: &Objects, group: u32) {
    let target = folder.join(&volume.name);
    fs::create_dir(&target).unwrap();
    if let Some(empty) = &volume.empty_dir {
        let limit = empty.size_limit.as_ref().map(|limit| limit.0.as_str());
        let limit = limit.unwrap_or_else(|| panic!("{} has no limit", volume.name));
        let bytes = quantity(limit).unwrap();
        let file = folder.join(format!("{}.limit", volume.name));
        fs::write(file, bytes.to_string()).unwrap();
        return;
    }
    let (object, items, mode) = if let Some(config) = &volume.config_map {
        (Some(&config.name), &config.items, config.default_mode)
    } else if let Some(secret) = &volume.secret {
        (
            secret.secret_name.as_ref(),
            &secret.items,
            secret.default_mode,
        )
    } else {
        panic!("tests/pods knows no volume like {volume:?}");
    };
    let object = object.unwrap();
    let values = objects.get(object);
    let values = values.unwrap_or_else(|| panic!("no ConfigMap or Secret {object}"));
    let files = chosen(values, items.as_deref());
    write(
        &target,
        &files,
        u32::try_from(mode.unwrap_or(0o644)).unwrap(),
        group,
    );
}

/// Fills `name` in `folder` with what a process needs to call the API server: the token, whose authority,
/// and in which namespace.
pub fn fill_token(folder: &Path, name: &str, namespace: &str, group: u32) {
    let target = folder.join(name);
    fs::create_dir(&target).unwrap();
    let files = [
        ("ca.crt", ""),
        ("namespace", namespace),
        ("token", "s3cret"),
    ];
    let files = files.map(|(file, text)| (file.to_owned(), text));
    write(&target, &files, 0o644, group);
}

/// Files and texts: all keys, or those that `items` name.
fn chosen<'v>(
    values: &'v BTreeMap<String, String>,
    items: Option<&[KeyToPath]>,
) -> Vec<(String, &'v str)> {
    match items {
        None => values
            .iter()
            .map(|(key, value)| (key.clone(), value.as_str()))
            .collect(),
        Some(items) => items
            .iter()
            .map(|item| (item.path.clone(), values[&item.key].as_str()))
            .collect(),
    }
}

/// Files as the kubelet writes them: links to what stands in a folder with a time for its name, readable by the
/// group that the pod's `fsGroup` names.
fn write(target: &Path, files: &[(String, &str)], mode: u32, group: u32) {
    let data = target.join(TIMESTAMP);
    fs::create_dir(&data).unwrap();
    symlink(TIMESTAMP, target.join(DATA)).unwrap();
    for (name, text) in files {
        let file = data.join(name);
        fs::write(&file, text).unwrap();
        own(&file, mode | 0o440, group);
        symlink(Path::new(DATA).join(name), target.join(name)).unwrap();
    }
    own(&data, 0o2775, group);
    own(target, 0o2775, group);
}

fn own(path: &Path, mode: u32, group: u32) {
    chown(path, Some(0), Some(group)).unwrap();
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}
