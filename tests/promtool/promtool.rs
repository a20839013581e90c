//! The real promtool and the files that it is given.

use std::fmt;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;

use crate::support;

/// A folder of one test's own.
pub struct Folder(PathBuf);

/// How promtool took a test of rules.
pub enum Played {
    /// All came as expected.
    AsWritten,
    /// Something else came: what promtool says about it.
    Otherwise(String),
}

/// An empty folder; it stays after the test, to look at.
pub fn folder(name: &str) -> Folder {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join("promtool")
        .join(name);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    Folder(path)
}

impl Folder {
    /// Writes `value` for Prometheus to read: JSON is YAML.
    pub fn write(&self, name: &str, value: &Value) {
        let text = serde_json::to_string_pretty(value).unwrap();
        fs::write(self.0.join(name), text).unwrap();
    }

    /// `promtool check rules`, with all that it knows to complain about: what it says, and whether
    /// all is well.
    pub fn check(&self, name: &str) -> (bool, String) {
        let output = self
            .promtool()
            .args(["check", "rules", "--lint=all", "--lint-fatal", name])
            .output();
        said(output.unwrap())
    }

    /// `promtool test rules` over unit tests and their names.
    pub fn play<'n>(&self, tests: impl IntoIterator<Item = (&'n str, Value)>) -> Played {
        let mut command = self.promtool();
        command.args(["test", "rules"]);
        for (name, test) in tests {
            let name = format!("{name}.test");
            self.write(&name, &test);
            command.arg(&name);
        }
        match said(command.output().unwrap()) {
            (true, _) => Played::AsWritten,
            (false, said) => Played::Otherwise(said),
        }
    }

    fn promtool(&self) -> Command {
        let mut command = Command::new(support::peer("promtool"));
        command.current_dir(&self.0);
        command
    }
}

fn said(output: Output) -> (bool, String) {
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).unwrap())
}

impl fmt::Display for Played {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AsWritten => f.write_str("as written"),
            Self::Otherwise(said) => f.write_str(said),
        }
    }
}
