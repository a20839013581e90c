//! What one server finds in its file system: writable folders, configuration, secret files.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::scope::{Reported, Scope, all, group};
use super::secrets::{SecretVariable, secrets};
use super::stdio::Start;
use crate::api::{self, Entries, Field, List, Placed};
use crate::credential::{credential, exposed};
use crate::model::{
    BRIDGE_FOLDER, BRIDGE_VOLUME, CONFIG_FOLDER, CleanText, ConfigFiles, ConfigKey, MountPath,
    SecretItem, SecretMount, Writable,
};
use crate::problem::{Code, Problem};

const WRITABLE: &str = "/tmp";
/// Name of the volume of configuration files.
const CONFIG_VOLUME: &str = "config";
/// Name of the first volume of secret files.
const SECRETS_VOLUME: &str = "secrets";
/// The API server refuses a larger ConfigMap (kubernetes.io, ConfigMaps).
const CONFIG_MAP_LIMIT: usize = 1 << 20;

/// Everything that is mounted.
pub struct Files {
    /// Folders the server may write to.
    pub writable: Vec<Writable>,
    /// Files under `/etc/mcp`.
    pub config: Option<ConfigFiles>,
    /// What is fetched from the store.
    pub secrets: Vec<SecretItem>,
    /// Folders of secret files.
    pub secret_mounts: Vec<SecretMount>,
    /// The secrets as the environment sees them.
    pub variables: Vec<SecretVariable>,
}

/// Resolves `writable`, `config` and `secrets`, beside what the server is started with.
pub fn files(
    scope: &mut Scope<'_>,
    server: &api::Server,
    start: Option<&Start>,
) -> Result<Files, Reported> {
    let mut volumes = vec![CONFIG_VOLUME.to_owned(), BRIDGE_VOLUME.to_owned()];
    let writable = writable(scope, &server.writable, &mut volumes);
    let file = start.and_then(|start| start.file.as_ref());
    let config = config(scope, &server.config, file);
    let secrets = secrets(scope, &server.secrets);
    let (writable, config, secrets) = (writable?, config?, secrets?);
    let secret_mounts = secret_mounts(&secrets, &mut volumes);
    let mut read_only: Vec<MountPath> = secret_mounts
        .iter()
        .map(|mount| mount.folder.clone())
        .collect();
    let config_folder = config.iter().map(|_| CONFIG_FOLDER);
    let bridge = start.and_then(|start| start.bridge.as_ref());
    let own = config_folder.chain(bridge.map(|_| BRIDGE_FOLDER));
    read_only.extend(own.filter_map(|folder| MountPath::parse(folder).ok()));
    refuse_shared_folders(scope, server, &writable, &read_only)?;
    let (mut secrets, variables): (Vec<_>, Vec<_>) = secrets.into_iter().unzip();
    secrets.shrink_to_fit();
    Ok(Files {
        writable,
        config,
        secrets,
        secret_mounts,
        variables,
    })
}

fn writable(
    scope: &mut Scope<'_>,
    field: &Field<List<String>>,
    volumes: &mut Vec<String>,
) -> Result<Vec<Writable>, Reported> {
    let paths = if field.is_absent() {
        vec![scope.valid(MountPath::parse(WRITABLE), Code::InvalidValue, None)?]
    } else {
        scope.parse_items(field, MountPath::parse)?
    };
    Ok(paths
        .into_iter()
        .map(|path| Writable {
            volume: volume_name(volumes, path.as_str()),
            path,
        })
        .collect())
}

/// A volume name that tells what is in it: `/var/cache` is `var-cache`.
fn volume_name(taken: &mut Vec<String>, path: &str) -> String {
    /// Longest name, leaving room for a prefix or a number (DNS-1123 label).
    const LONGEST: usize = 50;
    let mut name: String = path
        .to_ascii_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .take(LONGEST)
        .collect();
    name = name.trim_matches('-').to_owned();
    if name.is_empty() {
        name = "writable".into();
    }
    let mut unique = name.clone();
    let mut number = 2;
    while taken.contains(&unique) {
        unique = format!("{name}-{number}");
        number += 1;
    }
    taken.push(unique.clone());
    unique
}

fn config(
    scope: &mut Scope<'_>,
    field: &Field<Entries<String>>,
    own: Option<&(ConfigKey, String)>,
) -> Result<Option<ConfigFiles>, Reported> {
    let written = group(field)?;
    let files = all(written.iter().map(|(key, text)| {
        let name = scope.parse(key, ConfigKey::parse);
        refuse_taken(scope, key, own);
        let text = scope.entry(key, text)?;
        if let Some(what) = credential(&text.value) {
            return scope.report(exposed(what, text.place).help(
                "store it in the secret store and write it under `secrets`, with `as: file` if the server reads a file; then revoke this one",
            ));
        }
        let content = scope.parse(text, CleanText::parse);
        Ok((name?, content?.to_string()))
    }))?;
    let files: BTreeMap<ConfigKey, String> = files.into_iter().chain(own.cloned()).collect();
    if files.is_empty() {
        return Ok(None);
    }
    let size: usize = files
        .iter()
        .map(|(name, text)| name.as_str().len() + text.len())
        .sum();
    if size > CONFIG_MAP_LIMIT {
        return scope.report(
            Problem::error(
                Code::TooLarge,
                field.place(),
                format!("the files have {size} bytes together"),
            )
            .help(format!(
                "a ConfigMap holds at most {CONFIG_MAP_LIMIT}: put large data into the image"
            )),
        );
    }
    Ok(Some(ConfigFiles {
        checksum: checksum(&files),
        files: files.into_iter().collect(),
    }))
}

/// Refuses a file that has the name of the bridge's `own`.
fn refuse_taken(scope: &mut Scope<'_>, key: &Placed<String>, own: Option<&(ConfigKey, String)>) {
    if own.is_some_and(|(name, _)| name.as_str() == key.value) {
        scope.note(
            Problem::error(
                Code::NameCollision,
                key.place,
                format!("`{}` is the bridge's own configuration", key.value),
            )
            .help("give your file another name"),
        );
    }
}

/// SHA-256 over names and contents, each with its length before it, so that no two sets of files
/// have the same text to hash.
fn checksum(files: &BTreeMap<ConfigKey, String>) -> String {
    let mut hash = Sha256::new();
    for (name, text) in files {
        for part in [name.as_str(), text] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
    }
    let digest = hash.finalize();
    let halves = digest.iter().flat_map(|byte| [byte >> 4, byte & 0xF]);
    halves
        .filter_map(|half| char::from_digit(half.into(), 16))
        .collect()
}

fn secret_mounts(
    secrets: &[(SecretItem, SecretVariable)],
    volumes: &mut Vec<String>,
) -> Vec<SecretMount> {
    let mut folders: BTreeMap<&MountPath, Vec<(ConfigKey, ConfigKey)>> = BTreeMap::new();
    for (_, variable) in secrets {
        if let Some(file) = &variable.file {
            folders
                .entry(&file.folder)
                .or_default()
                .push((variable.key.clone(), file.name.clone()));
        }
    }
    folders
        .into_iter()
        .map(|(folder, files)| SecretMount {
            volume: volume_name(volumes, SECRETS_VOLUME),
            folder: folder.clone(),
            files,
        })
        .collect()
}

fn refuse_shared_folders(
    scope: &mut Scope<'_>,
    server: &api::Server,
    writable: &[Writable],
    read_only: &[MountPath],
) -> Result<(), Reported> {
    let place = [
        server.writable.place(),
        server.secrets.place(),
        server.config.place(),
    ]
    .into_iter()
    .flatten()
    .next();
    let mut folders: Vec<&MountPath> = writable.iter().map(|writable| &writable.path).collect();
    folders.extend(read_only);
    folders.sort();
    // The last one, where two are written alike.
    let place_of = |folder: &MountPath| {
        let mut written = server.writable.value().into_iter().flatten().rev();
        written
            .find_map(|item| item.given().filter(|item| item.value == folder.as_str()))
            .map(|item| item.place)
            .or(place)
    };
    let mut result = Ok(());
    for pair in folders.windows(2) {
        if let [a, b] = pair
            && a == b
        {
            result = scope.report(
                Problem::error(
                    Code::NameCollision,
                    place_of(a),
                    format!("two things are mounted at `{a}`"),
                )
                .help("writable folders, `/etc/mcp` for `config` and the folders of secret files must differ"),
            );
        }
    }
    for outer in read_only {
        let inside = folders
            .iter()
            .find(|folder| **folder != outer && folder.is_within(outer));
        if let Some(inside) = inside {
            result = scope.report(
                Problem::error(
                    Code::NameCollision,
                    place_of(inside),
                    format!("`{inside}` lies inside `{outer}`, which is mounted read-only"),
                )
                .help("choose a folder outside: the mount point could not be made"),
            );
        }
    }
    result
}
