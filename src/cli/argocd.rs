//! `mcpset argocd`: a config management plugin.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::Subcommand;

use super::{BUFFER, End, settle};
use crate::api::McpServerSet;
use crate::hosts::splice::{self, Edit};
use crate::hosts::{argocd, files, stream};
use crate::problem::{Code, Problem, Problems};
use crate::source::{Origin, Sources};
use crate::yaml::{Dialect, Node};

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write the manifests of the current directory with its sets expanded
    Generate {
        /// Files to read instead; `-` is standard input, such as the output of kustomize
        #[arg(value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Announce the parameters and their values as JSON
    Parameters,
    /// Name the files with sets; none where kustomize is needed
    Discover,
}

/// Runs one of the plugin's commands in the application's directory.
pub fn run(command: &Command) -> Result<(), End> {
    match command {
        Command::Generate { files } => generate(files),
        Command::Parameters => parameters(),
        Command::Discover => discover(),
    }
}

const HERE: &str = ".";

fn generate(named: &[PathBuf]) -> Result<(), End> {
    let mut sources = Sources::default();
    let mut problems = Problems::default();
    let texts = expanded(named, &mut sources, &mut problems);
    settle(problems, &sources)?;
    let mut out = BufWriter::with_capacity(BUFFER, io::stdout().lock());
    for (index, edits) in texts {
        let text = sources.get(index).map_or("", |source| source.text.as_str());
        if !stream::begins_with_marker(text) {
            out.write_all(b"---\n")?;
        }
        splice::write(text, &edits, &mut out)?;
        if !text.is_empty() && !text.ends_with('\n') {
            out.write_all(b"\n")?;
        }
    }
    Ok(out.flush()?)
}

/// The sources of the application, each with what changes in it.
fn expanded(
    named: &[PathBuf],
    sources: &mut Sources,
    problems: &mut Problems,
) -> Vec<(u32, Vec<Edit>)> {
    let overrides = argocd::overrides(sources, problems);
    let paths = if named.is_empty() {
        all_manifests(problems)
    } else {
        named.to_vec()
    };
    let read: Vec<u32> = paths
        .iter()
        .filter_map(|path| files::read(path, Origin::Person, sources, problems))
        .collect();
    let written: Vec<McpServerSet> = read
        .iter()
        .flat_map(|index| argocd::sets(*index, sources, &mut Problems::default()))
        .collect();
    overrides.refuse_unknown_servers(&written, problems);
    let edits = stream::expand_all(&read, Dialect::Written, &overrides, sources, problems);
    if edits.iter().all(Vec::is_empty) && !problems.has_errors() {
        problems.push(
            Problem::error(Code::MissingField, None, "there is no McpServerSet here")
                .help("Argo CD would take an empty output for an empty application and delete what runs: point the Application at a directory with a set"),
        );
    }
    read.into_iter().zip(edits).collect()
}

/// The manifests of the current directory, unless only kustomize can tell which these are.
fn all_manifests(problems: &mut Problems) -> Vec<PathBuf> {
    if argocd::is_kustomization(Path::new(HERE)) {
        problems.push(
            Problem::error(
                Code::Contradiction,
                None,
                "this directory is a kustomization, which only kustomize can build",
            )
            .help("use the plugin of argocd-plugin/plugin-kustomize.yaml: it runs `kustomize build . | mcpset argocd generate -`"),
        );
        return Vec::new();
    }
    argocd::manifests(Path::new(HERE)).unwrap_or_else(|error| {
        problems.push(Problem::error(
            Code::Io,
            None,
            format!("the current directory cannot be read: {error}"),
        ));
        Vec::new()
    })
}

fn parameters() -> Result<(), End> {
    let mut sources = Sources::default();
    let mut problems = Problems::default();
    let overrides = argocd::namespace_only(&mut sources);
    let mut sets = Vec::new();
    for (_, documents) in found(&mut sources, &mut problems) {
        for document in &documents {
            sets.extend(crate::expand(
                document,
                Dialect::Written,
                &overrides,
                &mut problems,
            ));
        }
    }
    settle(problems, &sources)?;
    let mut text = serde_json::to_string_pretty(&argocd::announcement(&sets))
        .map_err(|error| End::Output(error.to_string()))?;
    text.push('\n');
    Ok(io::stdout().lock().write_all(text.as_bytes())?)
}

fn discover() -> Result<(), End> {
    if argocd::is_kustomization(Path::new(HERE)) {
        return Ok(());
    }
    let mut sources = Sources::default();
    // A broken set is still a set: `generate` says what is wrong with it.
    let found = found(&mut sources, &mut Problems::default());
    let mut out = io::stdout().lock();
    for (path, _) in found {
        writeln!(out, "{}", path.display())?;
    }
    Ok(())
}

/// The files of the current directory that hold sets, and these.
fn found(sources: &mut Sources, problems: &mut Problems) -> Vec<(PathBuf, Vec<Node>)> {
    let paths = argocd::manifests(Path::new(HERE)).unwrap_or_default();
    paths
        .into_iter()
        .filter_map(|path| {
            let index = files::read(&path, Origin::Person, sources, problems)?;
            let documents = argocd::documents(index, sources, problems);
            (!documents.is_empty()).then_some((path, documents))
        })
        .collect()
}
