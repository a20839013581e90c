//! The command line: flags, one file per command, and how a run ends.

mod argocd;
mod check;
mod chosen;
mod completions;
mod dashboard;
mod diff;
mod explain;
mod format;
mod function;
mod graph;
mod iam;
mod import;
mod init;
mod legacy;
mod litellm;
mod man;
mod post_render;
mod progress;
mod render;
mod runbook;
mod schema;
mod summary;

use std::fs::{File, OpenOptions};
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anstream::StripStream;
use clap::{CommandFactory, Parser, Subcommand};

use crate::problem::{Problem, Problems};
use crate::report::{self, Occasion};
use crate::source::Sources;
use crate::streams::stdout;

/// Names a file that receives what is said on standard error, for hosts that swallow it, as Helm 4
/// does.
const LOG_FILE: &str = "MCPSET_LOG_FILE";

/// Room for output: one system call for many objects.
const BUFFER: usize = 64 << 10;

/// Invalid input, or findings.
const INVALID: u8 = 1;
/// A mistake on the command line, or output that cannot be written.
const USAGE: u8 = 2;

/// Turns a few lines of `McpServerSet` into the complete, checked Kubernetes bundle.
///
/// Without a command mcpset is a KRM function: it reads a `ResourceList` from standard input and
/// writes one to standard output, as kustomize expects.
#[derive(Debug, Parser)]
#[command(version, about, long_about)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

// Only the command that is called has its flags made: those of all took a sixth of a small set's time.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
enum Command {
    /// Write a commented first set, and what kustomize and an editor need beside it
    Init(init::Args),
    /// Write the bundle of one or more files
    Render(render::Args),
    /// Show what changes between two configs or rendered folders, and what that restarts
    Diff(diff::Args),
    /// Check manifests, anybody's, before they are applied
    Check(check::Args),
    /// Explain a field of the config, a rule that a report names, or a profile, or list them all
    Explain(explain::Args),
    /// Print the config's schema for editors, API servers or kustomize
    Schema(schema::Args),
    /// Print a set's Grafana dashboard, to import by hand
    Dashboard(dashboard::Args),
    /// Draw who talks to whom in one or more sets, on which port, over which policy
    Graph(graph::Args),
    /// Write the IAM roles of a set: policies, commands or objects
    Iam(iam::Args),
    /// Write a set from server.json, a client's file, MCPServers of operators, or Deployments
    Import(import::Args),
    /// Print what the LiteLLM proxy must know of a set
    #[command(name = "litellm")]
    LiteLlm(litellm::Args),
    /// Print a page with the set's real names: delivery, checklist, alerts, troubleshooting
    Runbook(runbook::Args),
    /// Expand the sets in a stream of manifests, as a post-renderer of Helm
    PostRender,
    /// Serve as a config management plugin of Argo CD
    #[command(subcommand)]
    Argocd(argocd::Command),
    /// Print a script that completes commands, flags and values in a shell
    Completions(completions::Args),
    /// Print a manual page, or write all of them
    Man(man::Args),
}

/// Runs the program.
#[must_use]
pub fn run() -> ExitCode {
    if let Err(end) = begin_log() {
        return end.exit_code();
    }
    if let Some(config) = legacy::config_file() {
        return exit_code(legacy::run(&config));
    }
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            if error.use_stderr() {
                say(&error.render().ansi().to_string());
                return ExitCode::from(USAGE);
            }
            return exit_code(print_styled(error.render().ansi().to_string().as_bytes()));
        }
    };
    exit_code(match cli.command {
        Some(Command::Init(args)) => init::run(&args),
        Some(Command::Render(args)) => render::run(&args),
        Some(Command::Diff(args)) => diff::run(&args),
        Some(Command::Check(args)) => check::run(&args),
        Some(Command::Explain(args)) => explain::run(&args),
        Some(Command::Schema(args)) => schema::run(&args),
        Some(Command::Dashboard(args)) => dashboard::run(&args),
        Some(Command::Graph(args)) => graph::run(&args),
        Some(Command::Iam(args)) => iam::run(&args),
        Some(Command::Import(args)) => import::run(&args),
        Some(Command::Runbook(args)) => runbook::run(&args),
        Some(Command::LiteLlm(args)) => litellm::run(&args),
        Some(Command::PostRender) => post_render::run(),
        Some(Command::Argocd(command)) => argocd::run(&command),
        Some(Command::Completions(args)) => completions::run(&args),
        Some(Command::Man(args)) => man::run(&args),
        None if io::stdin().is_terminal() => Err(End::NoInput),
        None => function::run(),
    })
}

fn exit_code(end: Result<(), End>) -> ExitCode {
    match end {
        Ok(()) => ExitCode::SUCCESS,
        Err(end) => end.exit_code(),
    }
}

/// How a run ended that did not do its work.
enum End {
    /// The input is wrong, or something was found, which has been said.
    Invalid,
    /// What should be compared cannot be, which has been said. Status 1 would tell of a difference.
    Incomparable,
    /// The command line asks for something that there is not.
    Usage(String),
    /// Output could not be written, which has been said unless nobody listens any more.
    Output(String),
    /// The reader of standard output went away, as `head` does.
    BrokenPipe,
    /// Nobody gave a command, and nobody sends a ResourceList either.
    NoInput,
}

impl End {
    fn exit_code(self) -> ExitCode {
        match self {
            Self::Invalid => ExitCode::from(INVALID),
            Self::Incomparable => ExitCode::from(USAGE),
            Self::BrokenPipe => ExitCode::SUCCESS,
            Self::Usage(message) | Self::Output(message) => {
                say(&format!("error: {message}\n"));
                ExitCode::from(USAGE)
            }
            Self::NoInput => {
                say(&Cli::command().render_help().to_string());
                ExitCode::from(USAGE)
            }
        }
    }
}

impl From<io::Error> for End {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Self::BrokenPipe
        } else {
            Self::Output(format!("standard output cannot be written: {error}"))
        }
    }
}

/// Writes `text` to standard output, all of it.
fn print(text: &[u8]) -> Result<(), End> {
    let mut out = stdout()?;
    out.write_all(text)?;
    Ok(out.flush()?)
}

/// The same, with colours where a terminal shows them.
fn print_styled(text: &[u8]) -> Result<(), End> {
    let mut out = anstream::AutoStream::auto(stdout()?);
    out.write_all(text)?;
    Ok(out.flush()?)
}

/// Says on standard error what was found, and returns the warnings when nothing else was.
fn settle(problems: Problems, sources: &Sources) -> Result<Vec<Problem>, End> {
    let failed = problems.has_errors();
    let problems = say_all(problems, sources, Occasion::Writing);
    if failed {
        return Err(End::Invalid);
    }
    Ok(problems)
}

/// Says on standard error what was found.
fn say_all(problems: Problems, sources: &Sources, occasion: Occasion) -> Vec<Problem> {
    let problems: Vec<Problem> = problems
        .into_sorted()
        .into_iter()
        .map(|problem| report::presentable(problem, sources))
        .collect();
    if !problems.is_empty() {
        say(&report::text(&problems, sources, occasion));
    }
    problems
}

/// Writes to standard error, with colours where a terminal shows them, and to the log file. Nothing
/// can be done when that fails.
fn say(text: &str) {
    let _ = anstream::stderr().lock().write_all(text.as_bytes());
    if let Some(path) = std::env::var_os(LOG_FILE) {
        let log = OpenOptions::new().append(true).create(true).open(path);
        let _ = log.and_then(|file| StripStream::new(file).write_all(text.as_bytes()));
    }
}

/// Empties the log file, so that it tells of this run only.
fn begin_log() -> Result<(), End> {
    let Some(path) = std::env::var_os(LOG_FILE) else {
        return Ok(());
    };
    File::create(&path).map(|_| ()).map_err(|error| {
        let path = PathBuf::from(path);
        End::Output(format!("{LOG_FILE}: {}: {error}", path.display()))
    })
}
