//! A place to run a page's commands in: the project's files that pages name, what a reader has of
//! their own, and a home that is nobody's.

use std::fmt::Write;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::support;

/// The project's folders that pages name.
const FOLDERS: [&str; 5] = [
    "docs",
    "examples",
    "argocd-plugin",
    "helm-plugin",
    "kustomize-plugin",
];
/// What the reader of a page has: sets, manifests, a chart.
const READER: &str = "tests/docs/reader";

/// Stands in for a program that would call a cluster: the real one is asked for help with the same
/// words, so that it says what it does not know of them. What it is sent is read, and nothing is
/// printed.
const REHEARSAL: &str = r#"#!/bin/bash
set -euo pipefail
words=()
for word in "$@"; do
  if [ "$word" = -- ]; then break; fi
  words+=("$word")
done
case " $* " in *" - "* | *" /dev/stdin "*) cat >/dev/null ;; esac
exec "$REAL" "${words[@]}" --help >/dev/null
"#;

/// The folder, and the programs in it.
pub struct Scratch {
    folder: tempfile::TempDir,
}

/// One piece of a run.
pub struct Step<'b> {
    /// What bash is given.
    pub script: &'b str,
    /// Which Helm is `helm`.
    pub helm: &'static str,
    /// Whether what calls a cluster is only rehearsed.
    pub is_rehearsed: bool,
}

impl Scratch {
    /// The files, and mcpset.
    pub fn new() -> Self {
        let scratch = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        for folder in FOLDERS {
            let to = scratch.path("work").join(folder);
            copy(&support::root().join(folder), &to);
        }
        copy(&support::root().join(READER), &scratch.path("work"));
        for folder in ["home", "said", "bin", "work/target/release"] {
            fs::create_dir_all(scratch.path(folder)).unwrap();
        }
        let mcpset = Path::new(env!("CARGO_BIN_EXE_mcpset"));
        symlink(mcpset, scratch.path("bin/mcpset")).unwrap();
        symlink(mcpset, scratch.path("work/target/release/mcpset")).unwrap();
        scratch
    }

    /// Puts a real program on the PATH, under `name`, and its stand-in beside it.
    pub fn install(&self, name: &str) {
        let real = support::peer(name);
        if let Some(version) = name.strip_prefix("helm") {
            self.link(&real, &format!("bin-helm{version}/helm"));
            self.rehearse(&real, &format!("rehearsal-helm{version}/helm"));
        } else {
            self.link(&real, &format!("bin/{name}"));
            self.rehearse(&real, &format!("rehearsal/{name}"));
        }
    }

    fn link(&self, real: &Path, name: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        symlink(fs::canonicalize(real).unwrap(), path).unwrap();
    }

    fn rehearse(&self, real: &Path, name: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let script = REHEARSAL.replace("$REAL", &real.display().to_string());
        fs::write(&path, script).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// Runs `steps` in one shell, each under `set -euo pipefail`, and returns what each said on
    /// standard output and standard error. An error has the number of the step that failed, and what
    /// it said.
    pub fn run(&self, steps: &[Step]) -> Result<Vec<String>, (usize, String)> {
        let mut script = String::from("set -euo pipefail\n");
        let base = std::env::var("PATH").unwrap();
        for (index, step) in steps.iter().enumerate() {
            let rehearsal = if step.is_rehearsed {
                format!(
                    "{}:{}:",
                    self.path("rehearsal").display(),
                    self.path(&format!("rehearsal-{}", step.helm)).display()
                )
            } else {
                String::new()
            };
            let path = format!(
                "{rehearsal}{}:{}:{base}",
                self.path(&format!("bin-{}", step.helm)).display(),
                self.path("bin").display()
            );
            let helm = self.path("home").join(step.helm);
            let said = self.said(index);
            writeln!(
                script,
                "export PATH='{path}' HELM_DATA_HOME='{}'\nexec >'{}' 2>&1\n{}",
                helm.display(),
                said.display(),
                step.script
            )
            .unwrap();
        }
        let main = self.path("script.bash");
        fs::write(&main, script).unwrap();
        let mut command = Command::new("bash");
        for (name, _) in std::env::vars_os() {
            let name_of = name.to_string_lossy();
            if ["HELM_", "XDG_", "KUSTOMIZE_", "MCPSET_"]
                .iter()
                .any(|prefix| name_of.starts_with(prefix))
            {
                command.env_remove(&name);
            }
        }
        let output = command
            .arg(main)
            .current_dir(self.path("work"))
            .env("HOME", self.path("home"))
            .env("KUBECONFIG", self.path("home/no-cluster"))
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let said = (0..steps.len()).map_while(|index| fs::read_to_string(self.said(index)).ok());
        let mut said: Vec<String> = said.collect();
        if output.status.success() {
            return Ok(said);
        }
        let last = said.pop().unwrap_or_default();
        let stderr = String::from_utf8_lossy(&output.stderr);
        Err((said.len(), format!("{}\n{last}{stderr}", output.status)))
    }

    fn said(&self, index: usize) -> PathBuf {
        self.path("said").join(index.to_string())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// Copies a folder with all that is in it.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}
