//! Volumes, their mounts, and the ConfigMaps behind them.

use serde_json::{Value, json};

use crate::support::bundle::{Bundle, Pod};
use crate::support::quantity::quantity;
use crate::support::rule::Rule;

use super::names::is_label;
use super::repeated;

const DEPLOYMENT: &str = "Deployment";
const GITHUB: &str = "tools-github";
/// Data of one ConfigMap (core validation, `MaxSecretSize`).
const CONFIG_MAP_LIMIT: usize = 1 << 20;

pub const RULES: &[Rule] = &[
    Rule {
        name: "volumes have different names, DNS labels",
        violations: |bundle| each(bundle, volumes),
        broken_by: |bundle| set(bundle, "/volumes/1/name", json!("tmp")),
    },
    Rule {
        name: "mount paths are absolute and different",
        violations: |bundle| each(bundle, mount_paths),
        broken_by: |bundle| {
            set(
                bundle,
                "/containers/0/volumeMounts/1/mountPath",
                json!("/tmp"),
            );
        },
    },
    Rule {
        name: "no mount lies inside a read-only one, where its folder cannot be made",
        violations: |bundle| each(bundle, buried),
        broken_by: |bundle| {
            set(
                bundle,
                "/containers/0/volumeMounts/1/mountPath",
                json!("/etc/mcp/cache"),
            );
        },
    },
    Rule {
        name: "every mount has its volume, and every volume its mount",
        violations: |bundle| each(bundle, mounts),
        broken_by: |bundle| set(bundle, "/containers/0/volumeMounts/1/name", json!("cache")),
    },
    Rule {
        name: "no two keys of a Secret or ConfigMap are mounted as one file",
        violations: |bundle| each(bundle, items),
        broken_by: |bundle| {
            let item = json!({"key": "github-token", "path": "key.pem"});
            set(bundle, "/volumes/3/secret/items/-", item);
        },
    },
    Rule {
        name: "every writable folder has a size limit",
        violations: |bundle| each(bundle, limits),
        broken_by: |bundle| set(bundle, "/volumes/0/emptyDir", json!({})),
    },
    Rule {
        name: "ConfigMaps hold valid keys and at most 1 MiB",
        violations: config_maps,
        broken_by: |bundle| {
            bundle.set(
                "ConfigMap",
                "tools-github-config",
                "/data/..",
                json!("text"),
            );
        },
    },
];

fn set(bundle: &mut Bundle, field: &str, value: Value) {
    bundle.set(
        DEPLOYMENT,
        GITHUB,
        &format!("/spec/template/spec{field}"),
        value,
    );
}

fn each(bundle: &Bundle, check: impl Fn(&Pod) -> Vec<String>) -> Vec<String> {
    bundle.pods().iter().flat_map(check).collect()
}

fn volumes(pod: &Pod) -> Vec<String> {
    let names = || pod.spec.volumes.iter().flatten().map(|volume| &volume.name);
    let mut violations = repeated(names());
    violations.extend(names().filter(|name| !is_label(name)).cloned());
    violations
}

fn mount_paths(pod: &Pod) -> Vec<String> {
    let mounts = || {
        pod.container()
            .volume_mounts
            .iter()
            .flatten()
            .map(|mount| &mount.mount_path)
    };
    let mut violations = repeated(mounts());
    let bad = |path: &&String| !path.starts_with('/') || path.contains(':');
    violations.extend(mounts().filter(bad).cloned());
    violations
}

fn buried(pod: &Pod) -> Vec<String> {
    let mounts = || pod.container().volume_mounts.iter().flatten();
    let mut violations = Vec::new();
    for outer in mounts().filter(|mount| mount.read_only == Some(true)) {
        let folder = format!("{}/", outer.mount_path);
        for inner in mounts().filter(|mount| mount.mount_path.starts_with(&folder)) {
            violations.push(format!("{} in {}", inner.mount_path, outer.mount_path));
        }
    }
    violations
}

fn mounts(pod: &Pod) -> Vec<String> {
    let mut volumes: Vec<_> = pod.spec.volumes.iter().flatten().map(|v| &v.name).collect();
    let mounts = pod.container().volume_mounts.iter().flatten();
    let mut mounted: Vec<_> = mounts.map(|mount| &mount.name).collect();
    volumes.sort();
    mounted.sort();
    let fits = volumes == mounted;
    (!fits)
        .then(|| format!("volumes {volumes:?}, mounts {mounted:?}"))
        .into_iter()
        .collect()
}

fn items(pod: &Pod) -> Vec<String> {
    let mut violations = Vec::new();
    for volume in pod.spec.volumes.iter().flatten() {
        let secret = volume
            .secret
            .as_ref()
            .and_then(|secret| secret.items.as_ref());
        let config = volume
            .config_map
            .as_ref()
            .and_then(|config| config.items.as_ref());
        let items = || secret.into_iter().chain(config).flatten();
        violations.extend(repeated(items().map(|item| &item.path)));
        for item in items() {
            let parts: Vec<&str> = item.path.split('/').collect();
            let is_local = !item.path.starts_with('/') && !parts.contains(&"..");
            if !is_local || item.path.starts_with("..") || !is_key(&item.key) {
                violations.push(format!("{item:?}"));
            }
        }
    }
    violations
}

fn limits(pod: &Pod) -> Vec<String> {
    let unlimited = |volume: &&k8s_openapi::api::core::v1::Volume| {
        volume.empty_dir.as_ref().is_some_and(|folder| {
            let limit = folder
                .size_limit
                .as_ref()
                .and_then(|limit| quantity(&limit.0));
            limit.is_none_or(|limit| limit <= 0.0)
        })
    };
    let volumes = pod.spec.volumes.iter().flatten();
    volumes
        .filter(unlimited)
        .map(|volume| volume.name.clone())
        .collect()
}

fn config_maps(bundle: &Bundle) -> Vec<String> {
    let mut violations = Vec::new();
    for map in bundle.of_kind("ConfigMap") {
        let data = map["data"].as_object().unwrap();
        let size: usize = data.values().map(|text| text.as_str().unwrap().len()).sum();
        violations.extend(data.keys().filter(|key| !is_key(key)).cloned());
        if size > CONFIG_MAP_LIMIT {
            violations.push(format!("{size} bytes"));
        }
    }
    violations
}

/// Kubernetes' `IsConfigMapKey`.
pub fn is_key(text: &str) -> bool {
    let is_inner = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    (1..=253).contains(&text.len())
        && text.chars().all(is_inner)
        && text != "."
        && !text.starts_with("..")
}
