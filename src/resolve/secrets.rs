//! What one server takes from the secret store.

use std::collections::HashMap;

use super::env::variable_name;
use super::scope::{Reported, Scope, all, group, setting};
use crate::api::{self, Entries, Field, Placed};
use crate::credential::{credential, exposed};
use crate::model::{CleanText, ConfigKey, EnvName, MountPath, SECRETS_FOLDER, SecretItem};
use crate::problem::{Code, Problem};
use crate::source::Place;

/// A secret as the environment sees it.
pub struct SecretVariable {
    /// The variable.
    pub name: Placed<EnvName>,
    /// Its key in the Secret.
    pub key: ConfigKey,
    /// The file, when it is one.
    pub file: Option<SecretFile>,
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

/// Resolves `secrets`, sorted by key.
pub fn secrets(
    scope: &mut Scope<'_>,
    field: &Field<Entries<api::Secret>>,
) -> Result<Vec<(SecretItem, SecretVariable)>, Reported> {
    let entries = group(field)?;
    let mut secrets = all(entries.iter().map(|(key, secret)| {
        let name = variable_name(scope, key);
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
    refuse_shared_files(scope, &secrets)?;
    Ok(secrets)
}

/// A path, property or version in the store: any clean text but none at all.
fn remote_text(scope: &mut Scope<'_>, text: &str, place: Place) -> Result<String, Reported> {
    if let Some(what) = credential(text) {
        return scope.report(exposed(what, place).help(
            "write the path under which the store keeps it, such as `mcp/github/token`; then revoke this one",
        ));
    }
    if text.is_empty() {
        return scope.report(
            Problem::error(
                Code::InvalidValue,
                place,
                "a path in a secret store is empty",
            )
            .help("write `path/in/store`, or `path/in/store#property`"),
        );
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
    place: Place,
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
    if folder.is_empty() {
        return scope.report(
            Problem::error(
                Code::InvalidValue,
                place,
                format!("`{path}` lies in `/`, where nothing can be mounted"),
            )
            .help(format!(
                "put it into a folder, such as `{SECRETS_FOLDER}{path}`"
            )),
        );
    }
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

/// Two secrets with one path are two variables and one file.
fn refuse_shared_files(
    scope: &mut Scope<'_>,
    secrets: &[(SecretItem, SecretVariable)],
) -> Result<(), Reported> {
    let mut seen = HashMap::new();
    let mut result = Ok(());
    for (_, variable) in secrets {
        let Some(file) = &variable.file else { continue };
        let path = file.path();
        let Some(first) = seen.insert(path.clone(), &variable.name) else {
            continue;
        };
        result = scope.report(
            Problem::error(
                Code::NameCollision,
                variable.name.place,
                format!(
                    "`{}` and `{}` are both the file `{path}`",
                    first.value, variable.name.value
                ),
            )
            .related(first.place, "the other one")
            .help("give each secret a `path` of its own"),
        );
    }
    result
}
