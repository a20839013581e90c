//! The volumes of a pod.
//!
//! Kinds that were made for one vendor each, and have left Kubernetes since, are not taken.

use std::collections::BTreeSet;

use super::Field;
use super::grammar::{PULL_POLICIES, dns_label, dns_subdomain, file_within, straight_path};
use super::metadata::{of_template, selector};
use super::reference::{container_resource, pod_field};
use super::resources::{above_zero, amount};

const KINDS: [&str; 11] = [
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "hostPath",
    "image",
    "nfs",
    "persistentVolumeClaim",
    "projected",
    "secret",
];
const HOST_PATHS: [&str; 7] = [
    "BlockDevice",
    "CharDevice",
    "Directory",
    "DirectoryOrCreate",
    "File",
    "FileOrCreate",
    "Socket",
];

pub fn volumes(volumes: &Field<'_>) {
    volumes.unique(&["name"]);
    for volume in volumes.items() {
        volume.field("name").require().parse(dns_label);
        let known: Vec<&str> = ["name"].into_iter().chain(KINDS).collect();
        volume.only(&known);
        // One without a kind is an `emptyDir`.
        let is_said = volume.entries().iter().any(|(name, _)| *name != "name");
        if let Some(kind) = is_said.then(|| volume.exactly_one(&KINDS)).flatten() {
            source(kind, &volume.field(kind));
        }
    }
}

fn source(kind: &str, source: &Field<'_>) {
    match kind {
        "configMap" => {
            source.field("name").require();
            files(source);
        }
        "secret" => {
            source.field("secretName").require();
            files(source);
        }
        "downwardAPI" => {
            mode(&source.field("defaultMode"));
            for file in source.field("items").items() {
                told_file(&file);
            }
        }
        "emptyDir" => amount(&source.field("sizeLimit")),
        "hostPath" => {
            source.field("path").require().parse(straight_path);
            source.field("type").one_of(&HOST_PATHS);
        }
        "image" => source.field("pullPolicy").one_of(&PULL_POLICIES),
        "nfs" => {
            source.field("server").require();
            let path = source.field("path");
            if !path
                .require()
                .text()
                .is_some_and(|text| text.starts_with('/'))
            {
                path.refuse("it is not absolute", "begin it with `/`");
            }
        }
        "persistentVolumeClaim" => {
            source.field("claimName").require();
        }
        "csi" => {
            let driver = source.field("driver");
            driver.require();
            driver.parse(|text| dns_subdomain(&text.to_ascii_lowercase()));
            if driver.text().is_some_and(|text| text.len() > 63) {
                driver.refuse("it has more than 63 characters", "write its name");
            }
            let secret = source.field("nodePublishSecretRef");
            if secret.exists() {
                secret.field("name").require().parse(dns_subdomain);
            }
        }
        "ephemeral" => claim(&source.field("volumeClaimTemplate")),
        _ => projected(source),
    }
}

/// The files that keys of a ConfigMap or a Secret become.
fn files(source: &Field<'_>) {
    mode(&source.field("defaultMode"));
    for item in source.field("items").items() {
        item.field("key").require();
        item.field("path").require().parse(file_within);
        mode(&item.field("mode"));
    }
}

fn mode(mode: &Field<'_>) {
    mode.range(0..=0o777);
}

/// A file that says something of its pod.
fn told_file(file: &Field<'_>) {
    file.field("path").require().parse(file_within);
    mode(&file.field("mode"));
    match file.exactly_one(&["fieldRef", "resourceFieldRef"]) {
        Some("fieldRef") => pod_field(&file.field("fieldRef"), false),
        Some(_) => container_resource(&file.field("resourceFieldRef"), true),
        None => {}
    }
}

fn projected(projected: &Field<'_>) {
    const SOURCES: [&str; 6] = [
        "clusterTrustBundle",
        "configMap",
        "downwardAPI",
        "podCertificate",
        "secret",
        "serviceAccountToken",
    ];
    mode(&projected.field("defaultMode"));
    let mut paths = BTreeSet::new();
    for part in projected.field("sources").items() {
        let Some(kind) = part.exactly_one(&SOURCES) else {
            continue;
        };
        let source = part.field(kind);
        match kind {
            "configMap" | "secret" => {
                source.field("name").require();
                files(&source);
            }
            "downwardAPI" => {
                for file in source.field("items").items() {
                    told_file(&file);
                }
            }
            "serviceAccountToken" => {
                source.field("path").require().parse(file_within);
                source.field("expirationSeconds").range(600..=1 << 32);
            }
            _ => source.refuse("mcpset does not know how it is checked", "mount a Secret"),
        }
        for item in source.field("items").items() {
            let path = item.field("path");
            if path.text().is_some_and(|text| !paths.insert(text)) {
                path.refuse(
                    "another file of the volume has this path",
                    "write another one",
                );
            }
        }
    }
}

/// A claim that is made for each pod.
fn claim(template: &Field<'_>) {
    template.require();
    let metadata = template.field("metadata");
    of_template(&metadata);
    for (name, field) in metadata.entries() {
        if name != "labels" && name != "annotations" {
            field.refuse("a claim is named after its pod and volume", "remove it");
        }
    }
    let spec = template.field("spec");
    let modes = spec.field("accessModes");
    modes.require();
    for mode in modes.items() {
        mode.one_of(&[
            "ReadOnlyMany",
            "ReadWriteMany",
            "ReadWriteOnce",
            "ReadWriteOncePod",
        ]);
        if mode.is("ReadWriteOncePod") && modes.items().len() > 1 {
            mode.refuse("with it there is no other one", "write it alone");
        }
    }
    selector(&spec.field("selector"));
    let storage = spec.at("resources.requests.storage");
    storage.require();
    above_zero(&storage);
    spec.field("storageClassName").parse(dns_subdomain);
    spec.field("volumeAttributesClassName").parse(dns_subdomain);
    spec.field("volumeMode").one_of(&["Block", "Filesystem"]);
    for name in ["dataSource", "dataSourceRef"] {
        let source = spec.field(name);
        if source.exists() {
            source.field("name").require();
            source.field("kind").require();
            source.field("apiGroup").parse(dns_subdomain);
            source.field("namespace").parse(dns_label);
            let is_claim = source.field("kind").is("PersistentVolumeClaim");
            if source.field("apiGroup").is_empty() && !is_claim {
                source.refuse("it is of no group", "write its `apiGroup`");
            }
        }
    }
    let both = spec.field("dataSource").exists() && spec.field("dataSourceRef").exists();
    if both
        && !spec
            .field("dataSource")
            .equals(&spec.field("dataSourceRef"))
    {
        spec.field("dataSource")
            .refuse("it is not `dataSourceRef`", "write one of them");
    }
}
