//! A folder of manifests, one file per object: what Flux and plain CI apply.
//!
//! The folder may hold other people's files, so each of ours says in its first line which set it
//! comes from. Only such files are replaced, and those of the same set that no longer belong to it
//! are removed. Each file appears under its name complete or not at all, and a run that ends well leaves
//! all of them.

mod turn;

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::model::Set;
use crate::resources::{Kind, Object, is_chosen, objects};
use crate::yaml;
use turn::Turn;

/// How the first line of every file begins.
const MARK: &str = "# Written by mcpset from the McpServerSet ";

/// The file that lists the others.
const KUSTOMIZATION: &str = "kustomization.yaml";
/// Its other names, beside which kustomize takes none.
pub const OTHER_KUSTOMIZATIONS: [&str; 2] = ["kustomization.yml", "Kustomization"];
/// Its first line.
const KUSTOMIZATION_LINE: &str = "# Written by mcpset; do not edit.\n";

/// Why the folder was left as it is, or half written.
#[derive(Debug)]
pub enum FolderError {
    /// A file that is in the way and not ours.
    Foreign(PathBuf),
    /// Another run is writing into the folder.
    Busy(PathBuf),
    /// A file that was written, and is gone before the run ends.
    Gone(PathBuf),
    /// The file system said no.
    Io(PathBuf, io::Error),
}

impl std::fmt::Display for FolderError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Foreign(path) => write!(
                f,
                "{} is in the way and was not written by mcpset for this set; move it, or choose another folder; nothing was written",
                path.display()
            ),
            Self::Busy(path) => write!(
                f,
                "another run of mcpset is writing into {}; run it again when that is done; nothing was written",
                path.display()
            ),
            Self::Gone(path) => write!(
                f,
                "{} was removed by somebody while the others were written; run it again",
                path.display()
            ),
            Self::Io(path, error) => write!(f, "{}: {error}", path.display()),
        }
    }
}

impl std::error::Error for FolderError {}

/// What is written.
#[derive(Debug, Clone, Copy)]
pub struct Content<'s> {
    /// Objects of these sets.
    pub sets: &'s [&'s Set],
    /// Of these kinds alone, unless there is none here. Files of other kinds stay as they are.
    pub only: &'s [&'static Kind],
    /// A kustomization of all that mcpset wrote into the folder, too.
    pub kustomization: bool,
}

impl Content<'_> {
    /// The objects of `set` that are to be written.
    fn objects(&self, set: &Set) -> impl Iterator<Item = Object> {
        objects(set).filter(|object| is_chosen(object.kind(), self.only))
    }

    /// Whether a file called `name`, which holds an object of these sets no more, is to be removed.
    fn covers(&self, name: &str) -> bool {
        let kind = name.rsplit('_').nth(1).unwrap_or_default();
        let mut only = self.only.iter();
        self.only.is_empty() || only.any(|chosen| chosen.name.eq_ignore_ascii_case(kind))
    }
}

/// How many files there are now that were not so before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Written {
    /// New, or with another content.
    pub written: usize,
    /// As they were.
    pub unchanged: usize,
    /// Of objects that the sets have no more.
    pub removed: usize,
}

/// Writes `content` into `folder`, which is made where it does not exist, and tells `step` of every
/// object: how many are done, and how many there are.
///
/// # Errors
/// [`FolderError::Foreign`] and [`FolderError::Busy`] before anything was written; [`FolderError::Gone`] when
/// all was; [`FolderError::Io`] at any time.
pub fn write(
    folder: &Path,
    content: Content<'_>,
    mut step: impl FnMut(&Object, usize, usize),
) -> Result<Written, FolderError> {
    let sets = content.sets;
    let mut wanted = BTreeSet::new();
    for set in sets {
        for object in content.objects(set) {
            let name = file_name(&object);
            refuse_foreign(folder.join(&name), &first_line(set))?;
            wanted.insert(name);
        }
    }
    if content.kustomization {
        refuse_foreign(folder.join(KUSTOMIZATION), KUSTOMIZATION_LINE)?;
        for other in OTHER_KUSTOMIZATIONS.map(|name| folder.join(name)) {
            if other.exists() {
                return Err(FolderError::Foreign(other));
            }
        }
    }
    fs::create_dir_all(folder).map_err(|error| FolderError::Io(folder.into(), error))?;
    let _turn = Turn::take(folder)?;
    let mut text = String::new();
    let mut written = Written::default();
    let mut count = |is_new| {
        let number = if is_new {
            &mut written.written
        } else {
            &mut written.unchanged
        };
        *number += 1;
    };
    let mut done = 0;
    for set in sets {
        for object in content.objects(set) {
            text.clear();
            text.push_str(&first_line(set));
            append(&mut text, &object, folder)?;
            count(replace(&folder.join(file_name(&object)), text.as_bytes())?);
            done += 1;
            step(&object, done, wanted.len());
        }
    }
    let removed = remove_stale(folder, content, &wanted)?;
    if content.kustomization {
        text.clear();
        text.push_str(KUSTOMIZATION_LINE);
        append(&mut text, &kustomization(folder)?, folder)?;
        count(replace(&folder.join(KUSTOMIZATION), text.as_bytes())?);
        wanted.insert(KUSTOMIZATION.to_owned());
    }
    refuse_gone(folder, &wanted)?;
    Ok(Written { removed, ..written })
}

/// Refuses a folder in which one of the files `written` is no more: it was emptied, or another has its name.
fn refuse_gone(folder: &Path, written: &BTreeSet<String>) -> Result<(), FolderError> {
    let mut paths = written.iter().map(|name| folder.join(name));
    match paths.find(|path| path.symlink_metadata().is_err()) {
        Some(path) => Err(FolderError::Gone(path)),
        None => Ok(()),
    }
}

fn append(text: &mut String, value: &impl Serialize, folder: &Path) -> Result<(), FolderError> {
    yaml::document(text, value)
        .map_err(|error| FolderError::Io(folder.into(), io::Error::other(error)))
}

/// A kustomization as far as we write one.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Kustomization {
    api_version: &'static str,
    kind: &'static str,
    resources: BTreeSet<String>,
}

/// A kustomization of every object that mcpset wrote into `folder`, for whatever set.
fn kustomization(folder: &Path) -> Result<Kustomization, FolderError> {
    let mut resources = BTreeSet::new();
    for path in manifests(folder)? {
        if begins_with(&path, MARK)? {
            // Our own names are text; a copy of another name cannot be listed.
            let name = path.file_name().and_then(OsStr::to_str);
            resources.extend(name.map(str::to_owned));
        }
    }
    Ok(Kustomization {
        api_version: "kustomize.config.k8s.io/v1beta1",
        kind: "Kustomization",
        resources,
    })
}

/// `litellm_deployment_mcp-github.yaml`. Names hold no `_`, so two objects never share a file.
#[must_use]
pub fn file_name(object: &Object) -> String {
    let kind = object.kind().to_lowercase();
    let name = object.name();
    match object.namespace() {
        "" => format!("{kind}_{name}.yaml"),
        namespace => format!("{namespace}_{kind}_{name}.yaml"),
    }
}

fn first_line(set: &Set) -> String {
    format!("{MARK}{}/{}; do not edit.\n", set.namespace, set.name)
}

/// The set that a file with this text was written for: `litellm/mcp`; `None` for files of others.
#[must_use]
pub fn set_of(text: &str) -> Option<&str> {
    let line = text.lines().next()?.strip_prefix(MARK)?;
    line.split(';').next()
}

/// Refuses a file that is in the way and does not begin with `line`.
fn refuse_foreign(path: PathBuf, line: &str) -> Result<(), FolderError> {
    if path.symlink_metadata().is_ok() && !begins_with(&path, line)? {
        return Err(FolderError::Foreign(path));
    }
    Ok(())
}

/// Whether there is a file at `path` that begins with `line`.
fn begins_with(path: &Path, line: &str) -> Result<bool, FolderError> {
    let mut found = vec![0; line.len()];
    let result = fs::symlink_metadata(path).and_then(|metadata| {
        if !metadata.is_file() {
            return Ok(false);
        }
        match fs::File::open(path)?.read_exact(&mut found) {
            Ok(()) => Ok(found == line.as_bytes()),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
            Err(error) => Err(error),
        }
    });
    result.map_err(|error| FolderError::Io(path.into(), error))
}

/// Puts `content` at `path` in one step, and says whether that was necessary. A file that holds it already
/// is left alone, so that its time says when it last changed.
fn replace(path: &Path, content: &[u8]) -> Result<bool, FolderError> {
    if fs::read(path).is_ok_and(|present| present == content) {
        return Ok(false);
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(turn::name_beside(&name));
    let written = fs::File::create(&beside).and_then(|mut file| {
        file.write_all(content)?;
        file.sync_all()?;
        fs::rename(&beside, path)
    });
    if written.is_err() {
        // The error that matters is the one being returned.
        let _ = fs::remove_file(&beside);
    }
    let written = written.map(|()| true);
    written.map_err(|error| FolderError::Io(path.into(), error))
}

/// The manifests in `folder`.
fn manifests(folder: &Path) -> Result<Vec<PathBuf>, FolderError> {
    let failed = |error| FolderError::Io(folder.into(), error);
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "yaml")
        {
            paths.push(path);
        }
    }
    Ok(paths)
}

/// Removes what these sets wrote before and write no more, and says how much that was.
fn remove_stale(
    folder: &Path,
    content: Content<'_>,
    wanted: &BTreeSet<String>,
) -> Result<usize, FolderError> {
    let mut removed = 0;
    for path in manifests(folder)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if wanted.contains(&*name) || !content.covers(&name) {
            continue;
        }
        for set in content.sets {
            if begins_with(&path, &first_line(set))? {
                fs::remove_file(&path).map_err(|error| FolderError::Io(path.clone(), error))?;
                removed += 1;
                break;
            }
        }
    }
    Ok(removed)
}
