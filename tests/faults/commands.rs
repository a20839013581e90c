//! Every command that writes to standard output, each in a small folder, and how it is run under a fault.

use std::process::Command;

use crate::support::kustomize::Folder;
use crate::support::run::{Ended, run};
use crate::support::{self, QUICKSTART};

/// A command line, what it reads, and the status that it ends with when nothing goes wrong.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    pub args: &'static [&'static str],
    pub input: Input,
    pub status: i32,
}

/// What stands on standard input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// Nothing, and nothing is read.
    None,
    /// A stream of documents with a set in it.
    Stream,
    /// A ResourceList whose functionConfig is a set.
    List,
}

const fn reads_files(args: &'static [&'static str]) -> Case {
    Case {
        args,
        input: Input::None,
        status: 0,
    }
}

const fn reads(args: &'static [&'static str], input: Input) -> Case {
    Case {
        args,
        input,
        status: 0,
    }
}

const fn finds(args: &'static [&'static str]) -> Case {
    Case {
        args,
        input: Input::None,
        status: 1,
    }
}

/// All of them. `the_table_has_every_command` knows when one is missing.
pub const CASES: [Case; 32] = [
    reads(&[], Input::List),
    reads_files(&["render", "set.yaml"]),
    reads_files(&["render", "set.yaml", "--format", "json"]),
    reads(&["render", "-"], Input::Stream),
    reads(&["post-render"], Input::Stream),
    reads_files(&["argocd", "generate"]),
    reads(&["argocd", "generate", "-"], Input::Stream),
    reads_files(&["argocd", "parameters"]),
    reads_files(&["argocd", "discover"]),
    finds(&["check", "service.txt"]),
    finds(&["check", "service.txt", "--format", "json"]),
    finds(&["check", "service.txt", "--format", "sarif"]),
    finds(&["check", "service.txt", "--format", "junit"]),
    finds(&["check", "service.txt", "--format", "github"]),
    reads_files(&["check", "set.yaml", "--network"]),
    reads_files(&["check", "set.yaml", "--checklist"]),
    finds(&["diff", "old.txt", "set.yaml"]),
    finds(&["diff", "old.txt", "set.yaml", "--format", "json"]),
    reads_files(&["explain", "MCP060"]),
    reads_files(&["explain", "--of", "set.yaml"]),
    reads_files(&["schema"]),
    reads_files(&["dashboard", "set.yaml"]),
    reads_files(&["graph", "set.yaml"]),
    reads_files(&["iam", "set.yaml", "--as", "policy"]),
    reads_files(&["import", "client.txt"]),
    reads_files(&["litellm", "set.yaml", "--as", "values"]),
    reads_files(&["runbook", "set.yaml"]),
    reads_files(&[
        "init",
        "-",
        "--registry",
        "registry.example.com",
        "--server",
        "github=mcp-github:1.0.0",
    ]),
    reads_files(&["completions", "bash"]),
    reads_files(&["man", "render"]),
    reads_files(&["--help"]),
    reads_files(&["--version"]),
];

const SERVICE: &str = "apiVersion: v1
kind: Service
metadata: {name: mcp-search, namespace: litellm}
spec:
  type: NodePort
  selector: {app: search}
  ports: [{port: 8080}]
";
const CLIENT: &str = r#"{"mcpServers": {"github": {"url": "https://api.githubcopilot.com/mcp/"},
  "time": {"command": "uvx", "args": ["mcp-server-time==2025.9.25"]}}}"#;

/// The guide's two servers, of which one says what its role allows.
fn set() -> String {
    let policy =
        "aws: {policy: [{actions: [\"s3:GetObject\"], resources: [\"arn:aws:s3:::a/*\"]}], ";
    QUICKSTART.replace("aws: {", policy)
}

/// The files that the cases name. Argo CD's commands read every manifest of a folder, so only the set is
/// called one.
pub fn files() -> Folder {
    Folder::new(&[
        ("set.yaml", &set()),
        ("old.txt", &set().replace("1.0.0", "0.9.0")),
        ("service.txt", SERVICE),
        ("client.txt", CLIENT),
    ])
}

impl Case {
    /// What stands on its standard input.
    pub fn stdin(&self) -> String {
        match self.input {
            Input::None => String::new(),
            Input::Stream => QUICKSTART.to_owned(),
            Input::List => {
                let set = QUICKSTART.lines().map(|line| format!("  {line}\n"));
                let set: String = set.collect();
                format!(
                    "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems: []\nfunctionConfig:\n{set}"
                )
            }
        }
    }

    /// How it ends in `folder` when nothing goes wrong.
    #[track_caller]
    pub fn usual(&self, folder: &Folder) -> Ended {
        let mut command = support::mcpset();
        command.args(self.args).current_dir(folder.path());
        let ended = run(&mut command, self.stdin().as_bytes());
        assert_eq!(ended.status, Some(self.status), "{self:?}: {ended:?}");
        ended
    }

    /// How it ends in `folder` when the shell runs `setup` before it, and redirects as `redirected` says.
    pub fn under(&self, folder: &Folder, setup: &str, redirected: &str) -> Ended {
        run(
            shell(setup, redirected)
                .args(self.args)
                .current_dir(folder.path()),
            self.stdin().as_bytes(),
        )
    }
}

/// The program, started by a shell that runs `setup` before, and redirects as `redirected` says.
pub fn shell(setup: &str, redirected: &str) -> Command {
    let mut command = Command::new("sh");
    let script = format!("{setup}\nexec \"$0\" \"$@\" {redirected}");
    command.args(["-c", &script, env!("CARGO_BIN_EXE_mcpset")]);
    command
}

#[test]
fn the_table_has_every_command() {
    let help = run(support::mcpset().arg("--help"), b"").done();
    let (_, list) = help.split_once("Commands:\n").unwrap();
    let names = list
        .lines()
        .take_while(|line| !line.is_empty())
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help");
    for name in names {
        let is_there = CASES.iter().any(|case| case.args.first() == Some(&name));
        assert!(is_there, "{name}");
    }
}

#[test]
fn every_case_writes_something_when_nothing_goes_wrong() {
    let folder = files();
    for case in CASES {
        assert_ne!(case.usual(&folder).stdout, "", "{case:?}");
    }
}
