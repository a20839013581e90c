//! What several test files need: running the program, and reading what it wrote.
#![allow(dead_code, reason = "each test file uses a part")]

pub mod run;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The project's folder; tests name files relative to it.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The program under test.
pub fn mcpset() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mcpset"));
    command.current_dir(root());
    command
}

/// One document of a bundle.
pub struct Document {
    /// Its kind.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Its text, without the `---` line.
    pub text: String,
    /// Its value, as an independent reader sees it.
    pub value: serde_yaml::Value,
}

/// What `mcpset render` prints for `path`.
pub fn render_text(path: &Path) -> String {
    let output = mcpset().arg("render").arg(path).output().unwrap();
    stdout_of(output)
}

/// The documents of `mcpset render path`.
pub fn render(path: &Path) -> Vec<Document> {
    documents(&render_text(path))
}

/// The documents of a stream that mcpset or one of its hosts wrote.
pub fn documents(stream: &str) -> Vec<Document> {
    stream
        .split("---\n")
        .filter(|text| !text.trim().is_empty())
        .map(|text| {
            let value: serde_yaml::Value = serde_yaml::from_str(text).unwrap();
            let get =
                |value: &serde_yaml::Value, key: &str| value[key].as_str().unwrap().to_owned();
            Document {
                kind: get(&value, "kind"),
                name: get(&value["metadata"], "name"),
                text: text.to_owned(),
                value,
            }
        })
        .collect()
}

/// The standard output of a run that must have gone well.
pub fn stdout_of(output: Output) -> String {
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}\n{stderr}", output.status);
    String::from_utf8(output.stdout).unwrap()
}

/// Every config in `examples/`, relative to [`root`].
pub fn examples() -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(root().join("examples"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension() == Some(OsStr::new("yaml")))
        .map(|path| path.strip_prefix(root()).unwrap().to_owned())
        .collect();
    paths.sort();
    assert!(!paths.is_empty(), "no examples");
    paths
}

/// A pinned peer that `./test` installed.
pub fn peer(name: &str) -> PathBuf {
    let folder = std::env::var_os("MCPSET_PEERS")
        .map_or_else(|| root().join("target/peers/bin"), PathBuf::from);
    let path = folder.join(name);
    assert!(
        path.exists(),
        "{} is missing: run ./test --peers",
        path.display()
    );
    path
}
