//! Running the real kustomize and kubectl with mcpset as a plugin.

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// What lets kustomize run KRM functions.
pub const FLAGS: [&str; 2] = ["--enable-alpha-plugins", "--enable-exec"];

/// A temporary folder with files in it.
pub struct Folder(tempfile::TempDir);

impl Folder {
    /// A folder with `files`: path and content.
    pub fn new(files: &[(&str, &str)]) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        for (path, content) in files {
            folder.write(path, content);
        }
        folder
    }

    /// The same in memory, where there is such a file system: nothing waits for a disk.
    pub fn in_memory(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir());
        let folder = Self(folder.unwrap());
        for (path, content) in files {
            folder.write(path, content);
        }
        folder
    }

    /// Writes a file.
    pub fn write(&self, path: &str, content: &str) {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    /// The content of a file.
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.0.path().join(path)).unwrap()
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Every file below it with its content, by path.
    pub fn files(&self) -> std::collections::BTreeMap<String, String> {
        fn collect(
            root: &Path,
            folder: &Path,
            files: &mut std::collections::BTreeMap<String, String>,
        ) {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    collect(root, &path, files);
                } else {
                    let name = path
                        .strip_prefix(root)
                        .unwrap()
                        .to_string_lossy()
                        .into_owned();
                    files.insert(name, fs::read_to_string(path).unwrap());
                }
            }
        }
        let mut files = std::collections::BTreeMap::new();
        collect(self.path(), self.path(), &mut files);
        files
    }
}

/// A PATH on which mcpset is found.
pub fn path_with_mcpset() -> OsString {
    let program = Path::new(env!("CARGO_BIN_EXE_mcpset")).parent().unwrap();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::iter::once(program.to_owned()).chain(std::env::split_paths(&path));
    std::env::join_paths(path).unwrap()
}

/// The real kustomize, with mcpset on its PATH.
pub fn kustomize() -> Command {
    let mut command = Command::new(super::peer("kustomize"));
    command
        .current_dir(super::root())
        .env("PATH", path_with_mcpset());
    command
}

/// `kustomize build FLAGS folder`.
pub fn build(folder: &Path, flags: &[&str]) -> Output {
    kustomize()
        .arg("build")
        .args(flags)
        .arg(folder)
        .output()
        .unwrap()
}
