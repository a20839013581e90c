//! What one server finds in its file system: writable folders, configuration, secret files.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use super::env::{SecretVariable, exposed};
use super::scope::{Reported, Scope, all, group, setting};
use crate::api::{self, Entries, Field, List, Placed};
use crate::credential::credential;
use crate::model::{
    CONFIG_FOLDER, CleanText, ConfigFiles, ConfigKey, EnvName, MountPath, SECRETS_FOLDER,
    SecretItem, SecretMount, Writable,
};
use crate::problem::{Code, Problem};

const WRITABLE: &str = "/tmp";
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

/// Where a secret file lies.
#[derive(Debug, Clone)]
pub struct SecretFile {
    /// Its folder.
    pub folder: MountPath,
    /// Its name.
    pub name: ConfigKey,
}

impl SecretFile {
    /// Its absolute path.
    pub fn path(&self) -> String {
        format!("{}/{}", self.folder, self.name)
    }
}

/// Resolves `writable`, `config` and `secrets`.
pub fn files(scope: &mut Scope<'_>, server: &api::Server) -> Result<Files, Reported> {
    let writable = writable(scope, &server.writable);
    let config = config(scope, &server.config);
    let secrets = secrets(scope, &server.secrets);
    let (writable, config, secrets) = (writable?, config?, secrets?);
    let secret_mounts = secret_mounts(&secrets);
    refuse_shared_folders(scope, server, &writable, config.as_ref(), &secret_mounts)?;
    let (secrets, variables) = secrets.into_iter().unzip();
    Ok(Files {
        writable,
        config,
        secrets,
        secret_mounts,
        variables,
    })
}

fn writable(scope: &mut Scope<'_>, field: &Field<List<String>>) -> Result<Vec<Writable>, Reported> {
    let paths = if field.is_absent() {
        vec![scope.valid(MountPath::parse(WRITABLE), Code::InvalidValue, None)?]
    } else {
        scope.parse_items(field, MountPath::parse)?
    };
    let mut names = Vec::new();
    Ok(paths
        .into_iter()
        .map(|path| Writable {
            volume: volume_name(&mut names, path.as_str()),
            path,
        })
        .collect())
}

/// A volume name that tells what is in it: `/var/cache` is `var-cache`.
fn volume_name(taken: &mut Vec<String>, path: &str) -> String {
    /// Longest name, leaving room for a number (DNS-1123 label).
    const LONGEST: usize = 56;
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
    while taken.contains(&unique) || RESERVED_VOLUMES.contains(&unique.as_str()) {
        unique = format!("{name}-{number}");
        number += 1;
    }
    taken.push(unique.clone());
    unique
}

/// Names of the volumes that are not writable folders.
const RESERVED_VOLUMES: [&str; 2] = ["config", "secrets"];

fn config(
    scope: &mut Scope<'_>,
    field: &Field<Entries<String>>,
) -> Result<Option<ConfigFiles>, Reported> {
    let Some(entries) = field.given() else {
        return match field {
            Field::Wrong(_) => Err(Reported),
            _ => Ok(None),
        };
    };
    let files = all(entries.value.iter().map(|(key, text)| {
        let name = scope.parse(key, ConfigKey::parse);
        let text = scope.entry(key, text)?;
        if let Some(what) = credential(&text.value) {
            return scope.report(exposed(what, text.place).help(
                "store it in the secret store and write it under `secrets`, with `as: file` if the server reads a file; then revoke this one",
            ));
        }
        let content = scope.parse(text, CleanText::parse);
        Ok((name?, content?.to_string()))
    }))?;
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
                entries.place,
                format!("the files have {size} bytes together"),
            )
            .help(format!(
                "a ConfigMap holds at most {CONFIG_MAP_LIMIT}: put large data into the image"
            )),
        );
    }
    let files: BTreeMap<ConfigKey, String> = files.into_iter().collect();
    Ok(Some(ConfigFiles {
        checksum: checksum(&files),
        files,
    }))
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
    hash.finalize().iter().fold(String::new(), |mut hex, byte| {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn secrets(
    scope: &mut Scope<'_>,
    field: &Field<Entries<api::Secret>>,
) -> Result<Vec<(SecretItem, SecretVariable)>, Reported> {
    let entries = group(field)?;
    let mut secrets = all(entries.iter().map(|(key, secret)| {
        let name = scope.parse(key, EnvName::parse);
        let secret = scope.entry(key, secret)?;
        let name = Placed {
            value: name?,
            place: key.place,
        };
        match &secret.value {
            api::Secret::Path(path) => {
                let (path, property) = match path.split_once('#') {
                    Some((path, property)) => (path, Some(property)),
                    None => (path.as_str(), None),
                };
                let place = secret.place;
                let remote_key = remote_text(scope, path, place)?;
                let property = property.map(|text| remote_text(scope, text, place));
                Ok(env_secret(name, remote_key, property.transpose()?))
            }
            api::Secret::From(source) => long_form(scope, name, source, secret.place),
        }
    }))?;
    secrets.sort_by(|(a, _), (b, _)| a.key.cmp(&b.key));
    refuse_shared_keys(scope, &secrets)?;
    Ok(secrets)
}

/// A path, property or version in the store: any clean text but none at all.
fn remote_text(
    scope: &mut Scope<'_>,
    text: &str,
    place: crate::source::Place,
) -> Result<String, Reported> {
    if let Some(what) = credential(text) {
        return scope.report(exposed(what, place).help(
            "write the path under which the store keeps it, such as `mcp/github/token`; then revoke this one",
        ));
    }
    let trimmed = text.trim();
    if trimmed.is_empty() || trimmed != text {
        return scope.report(
            Problem::error(
                Code::InvalidValue,
                place,
                format!("`{text}` is no path in a secret store"),
            )
            .help("write `path/in/store`, or `path/in/store#property`, without blanks around it"),
        );
    }
    let text = scope.valid(CleanText::parse(text), Code::InvalidValue, place)?;
    Ok(text.to_string())
}

fn env_secret(
    name: Placed<EnvName>,
    remote_key: String,
    property: Option<String>,
) -> (SecretItem, SecretVariable) {
    let key = name.value.secret_key();
    (
        SecretItem {
            key: key.clone(),
            remote_key,
            property,
            version: None,
        },
        SecretVariable {
            name,
            key,
            file: None,
        },
    )
}

fn long_form(
    scope: &mut Scope<'_>,
    name: Placed<EnvName>,
    source: &api::SecretSource,
    place: crate::source::Place,
) -> Result<(SecretItem, SecretVariable), Reported> {
    let mut text = |field: &Field<String>| match field {
        Field::Absent => Ok(None),
        Field::Wrong(_) => Err(Reported),
        Field::Given(text) => remote_text(scope, &text.value, text.place).map(Some),
    };
    let (key, property, version) = (
        text(&source.key),
        text(&source.property),
        text(&source.version),
    );
    let as_file = setting(&source.r#as, api::SecretAs::Env)? == api::SecretAs::File;
    if let (false, Some(path)) = (as_file, source.path.place()) {
        return scope.report(
            Problem::error(Code::Contradiction, path, "`path` needs `as: file`")
                .help("add `as: file`, or remove the path"),
        );
    }
    let secret_key = name.value.secret_key();
    let file = as_file
        .then(|| secret_file(scope, &source.path, &secret_key))
        .transpose();
    let Some(remote_key) = key? else {
        return scope.report(
            Problem::error(Code::MissingField, place, "`key` is missing")
                .help("add the path in the store, such as `key: mcp/github/token`"),
        );
    };
    Ok((
        SecretItem {
            key: secret_key.clone(),
            remote_key,
            property: property?,
            version: version?,
        },
        SecretVariable {
            name,
            key: secret_key,
            file: file?,
        },
    ))
}

fn secret_file(
    scope: &mut Scope<'_>,
    path: &Field<String>,
    key: &ConfigKey,
) -> Result<SecretFile, Reported> {
    let default = format!("{SECRETS_FOLDER}/{key}");
    let place = path.place();
    let path = scope.or(path, &default, MountPath::parse)?;
    let (folder, name) = path.as_str().rsplit_once('/').unwrap_or(("", ""));
    let folder = scope.valid(MountPath::parse(folder), Code::InvalidValue, place);
    let name = scope.valid(ConfigKey::parse(name), Code::InvalidValue, place);
    Ok(SecretFile {
        folder: folder?,
        name: name?,
    })
}

/// `API_KEY` and `api_key` are two variables and one key.
fn refuse_shared_keys(
    scope: &mut Scope<'_>,
    sorted: &[(SecretItem, SecretVariable)],
) -> Result<(), Reported> {
    let clashes = sorted.windows(2).filter_map(|pair| match pair {
        [(a, first), (b, second)] if a.key == b.key => Some((first, second)),
        _ => None,
    });
    let mut result = Ok(());
    for (first, second) in clashes {
        result = scope.report(
            Problem::error(
                Code::NameCollision,
                second.name.place,
                format!(
                    "`{}` and `{}` are both kept under `{}`",
                    first.name.value, second.name.value, first.key
                ),
            )
            .related(first.name.place, "the other one")
            .help("rename one of them"),
        );
    }
    result
}

fn secret_mounts(secrets: &[(SecretItem, SecretVariable)]) -> Vec<SecretMount> {
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
        .enumerate()
        .map(|(index, (folder, files))| SecretMount {
            volume: match index {
                0 => "secrets".into(),
                _ => format!("secrets-{}", index + 1),
            },
            folder: folder.clone(),
            files,
        })
        .collect()
}

fn refuse_shared_folders(
    scope: &mut Scope<'_>,
    server: &api::Server,
    writable: &[Writable],
    config: Option<&ConfigFiles>,
    secrets: &[SecretMount],
) -> Result<(), Reported> {
    let place = [
        server.writable.place(),
        server.secrets.place(),
        server.config.place(),
    ]
    .into_iter()
    .flatten()
    .next();
    let mut folders: Vec<&str> = writable.iter().map(|w| w.path.as_str()).collect();
    folders.extend(config.map(|_| CONFIG_FOLDER));
    folders.extend(secrets.iter().map(|mount| mount.folder.as_str()));
    folders.sort_unstable();
    let mut result = Ok(());
    for pair in folders.windows(2) {
        if let [a, b] = pair
            && a == b
        {
            result = scope.report(
                Problem::error(
                    Code::NameCollision,
                    place,
                    format!("two things are mounted at `{a}`"),
                )
                .help("writable folders, `/etc/mcp` for `config` and the folders of secret files must differ"),
            );
        }
    }
    result
}
