//! Files that a person goes on with: written where there are none, all of them or none.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Why nothing was written.
#[derive(Debug)]
pub enum FreshError {
    /// Files that are there already.
    InTheWay(Vec<PathBuf>),
    /// The file system said no.
    Io(PathBuf, io::Error),
}

impl std::fmt::Display for FreshError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::InTheWay(paths) => {
                let names: Vec<String> = paths
                    .iter()
                    .map(|path| path.display().to_string())
                    .collect();
                let (verb, them) = match names.as_slice() {
                    [_] => ("is", "it"),
                    _ => ("are", "them"),
                };
                write!(
                    f,
                    "{} {verb} in the way; move {them}, or choose another folder; nothing was written",
                    names.join(", ")
                )
            }
            Self::Io(path, error) => {
                write!(f, "{}: {error}; nothing was written", path.display())
            }
        }
    }
}

impl std::error::Error for FreshError {}

/// Refuses files of these `names` in `folder`, whatever they are.
///
/// # Errors
/// [`FreshError::InTheWay`], with all of them.
pub fn require(folder: &Path, names: &[&str]) -> Result<(), FreshError> {
    let paths = names.iter().map(|name| folder.join(name));
    let found: Vec<PathBuf> = paths
        .filter(|path| path.symlink_metadata().is_ok())
        .collect();
    if found.is_empty() {
        Ok(())
    } else {
        Err(FreshError::InTheWay(found))
    }
}

/// Writes `files`, each a name and its text, into `folder`, which is made where it does not exist.
///
/// # Errors
/// What kept one of them from being written; the others are taken back.
pub fn write(folder: &Path, files: &[(&str, &str)]) -> Result<(), FreshError> {
    let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    require(folder, &names)?;
    let is_new = !folder.exists();
    fs::create_dir_all(folder).map_err(|error| FreshError::Io(folder.into(), error))?;
    let mut written = Vec::new();
    for (name, text) in files {
        let path = folder.join(name);
        // Whoever was quicker since we looked keeps the file.
        let result = OpenOptions::new().write(true).create_new(true).open(&path);
        let result = result.and_then(|mut file| {
            written.push(path.clone());
            file.write_all(text.as_bytes())?;
            file.sync_all()
        });
        if let Err(error) = result {
            take_back(folder, is_new, &written);
            return Err(FreshError::Io(path, error));
        }
    }
    Ok(())
}

/// Removes what was written. The error that matters is the one that led here.
fn take_back(folder: &Path, is_new: bool, written: &[PathBuf]) {
    for path in written {
        let _ = fs::remove_file(path);
    }
    if is_new {
        let _ = fs::remove_dir(folder);
    }
}
