//! `mcpset diff`: what it says, how it ends, and whether it tells of every difference and of no other.

use crate::support;
mod command;
mod properties;
mod scenarios;

use std::fs;

use crate::support::run::{Ended, run};
use tempfile::TempDir;

/// A set that brings few objects of its own, so that the differences of its servers can be read.
const SET: &str = "\
apiVersion: mcpset.dev/v1alpha1
kind: McpServerSet
metadata: {name: mcp, namespace: litellm}
spec:
  namePrefix: mcp-
  platform:
    registry: registry.example.com
    litellm: {registration: none}
    monitoring: {alerts: false, dashboard: none}
  servers:
  - name: github
    image: mcp-github:1.0.0
    env: {LOG_LEVEL: info}
    secrets: {GITHUB_TOKEN: mcp/github/token}
    config:
      tools.yaml: |
        tools:
        - issues
        - pulls
  - name: s3
    image: mcp-s3:1.0.0
    aws: {roleArn: \"arn:aws:iam::123456789012:role/mcp-s3-role\"}
";

/// [`SET`] with `new` for the one place where it has `old`.
fn set_with(old: &str, new: &str) -> String {
    assert_eq!(SET.matches(old).count(), 1, "{old}");
    SET.replace(old, new)
}

/// A folder with the two sides of a comparison.
struct Sides(TempDir);

impl Sides {
    fn new(old: &str, new: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("old.yaml"), old).unwrap();
        fs::write(folder.path().join("new.yaml"), new).unwrap();
        Self(folder)
    }

    /// Runs `mcpset` with `args` in the folder.
    fn run(&self, args: &[&str]) -> Ended {
        run(support::mcpset().current_dir(self.0.path()).args(args), b"")
    }

    /// `mcpset diff old.yaml new.yaml` with more `args`.
    fn diff(&self, args: &[&str]) -> Ended {
        self.run(&[&["diff", "old.yaml", "new.yaml"], args].concat())
    }
}

impl Ended {
    /// What a run said that found differences, and nothing else to say.
    #[track_caller]
    fn differs(self) -> String {
        assert_eq!((self.status, self.stderr.as_str()), (Some(1), ""));
        self.stdout
    }

    /// What a run said that found none.
    #[track_caller]
    fn agrees(self) {
        assert_eq!(
            (self.status, self.stderr.as_str()),
            (Some(0), ""),
            "{}",
            self.stdout
        );
        assert_eq!(self.stdout, "no difference\n");
    }

    /// What a run said that had nothing to compare.
    #[track_caller]
    fn cannot(self) -> String {
        assert_eq!(
            (self.status, self.stdout.as_str()),
            (Some(2), ""),
            "{}",
            self.stderr
        );
        self.stderr
    }
}
