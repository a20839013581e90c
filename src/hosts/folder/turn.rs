//! One run at a time in a folder, which clears away what killed runs left there.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read};
use std::path::Path;

use super::{FolderError, KUSTOMIZATION_LINE, MARK};

/// The turn of this run, which ends with the run, however that ends.
#[derive(Debug)]
pub struct Turn {
    /// The folder, locked. File systems that lock no folders have none: there nobody is kept away, and
    /// nothing can be told to be left behind.
    _folder: Option<File>,
}

impl Turn {
    /// Takes the turn in `folder`.
    ///
    /// # Errors
    /// [`FolderError::Busy`] while another run has it; [`FolderError::Io`] when what a killed run left
    /// cannot be removed.
    pub fn take(folder: &Path) -> Result<Self, FolderError> {
        // Only Unix opens folders.
        let Ok(file) = File::open(folder) else {
            return Ok(Self { _folder: None });
        };
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(FolderError::Busy(folder.into())),
            Err(TryLockError::Error(_)) => return Ok(Self { _folder: None }),
        }
        clear(folder)?;
        Ok(Self {
            _folder: Some(file),
        })
    }
}

/// The name under which the file `name` is written, before it gets its own.
pub fn name_beside(name: &str) -> String {
    format!(".{name}.{}.tmp", std::process::id())
}

/// Whether `name` is one that [`name_beside`] gives.
fn is_beside(name: &str) -> bool {
    let inner = name
        .strip_prefix('.')
        .and_then(|name| name.strip_suffix(".tmp"));
    inner
        .and_then(|inner| inner.rsplit_once('.'))
        .is_some_and(|(name, run)| {
            name.strip_suffix(".yaml").is_some() && run.parse::<u32>().is_ok()
        })
}

/// Removes the files in `folder` that a killed run was writing.
fn clear(folder: &Path) -> Result<(), FolderError> {
    let failed = |path: &Path, error| FolderError::Io(path.into(), error);
    for entry in fs::read_dir(folder).map_err(|error| failed(folder, error))? {
        let path = entry.map_err(|error| failed(folder, error))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if is_beside(&name) && beginning(&path).is_ok_and(|text| is_ours(&text)) {
            fs::remove_file(&path).map_err(|error| failed(&path, error))?;
        }
    }
    Ok(())
}

/// How the file at `path` begins; nothing but a file does.
fn beginning(path: &Path) -> io::Result<Vec<u8>> {
    if !fs::symlink_metadata(path)?.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let mut text = Vec::new();
    let longest = MARK.len().max(KUSTOMIZATION_LINE.len());
    File::open(path)?
        .take(longest as u64)
        .read_to_end(&mut text)?;
    Ok(text)
}

/// Whether `content` begins as a file of ours, as far as it goes.
fn is_ours(content: &[u8]) -> bool {
    let lines = [MARK, KUSTOMIZATION_LINE].map(str::as_bytes);
    lines
        .into_iter()
        .any(|line| content.starts_with(line) || line.starts_with(content))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_run_was_writing_is_taken_for_it() {
        assert!(is_beside(&name_beside("litellm_service_mcp-github.yaml")));
        for name in [
            ".a.yaml.tmp",
            "a.yaml.1.tmp",
            ".a.json.1.tmp",
            ".a.yaml.x.tmp",
            ".1.tmp",
            ".tmp",
        ] {
            assert!(!is_beside(name), "{name}");
        }
        assert!(is_ours(b"") && is_ours(b"# Written by mcps"));
        assert!(is_ours(KUSTOMIZATION_LINE.as_bytes()));
        assert!(!is_ours(b"# Written by me\n"));
    }
}
