//! `mcpset argocd`: a config management plugin.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::Subcommand;

use super::{BUFFER, End, print, settle};
use crate::hosts::splice::{self, Edit};
use crate::hosts::{argocd, files, stream};
use crate::problem::{Code, Problem, Problems};
use crate::source::{Origin, Sources};
use crate::streams::stdout;
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
    let mut out = BufWriter::with_capacity(BUFFER, stdout()?);
    for (index, edits) in texts {
        let text = sources.get(index).map_or("", |source| source.text.as_str());
        let (text, edits) = without_byte_order_mark(text, edits);
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

/// `text` and its `edits` without the mark that editors of Windows put first. Behind another
/// document it would be a part of the first key.
fn without_byte_order_mark(text: &str, mut edits: Vec<Edit>) -> (&str, Vec<Edit>) {
    let Some(rest) = text.strip_prefix('\u{feff}') else {
        return (text, edits);
    };
    let removed = text.len() - rest.len();
    for edit in &mut edits {
        edit.range.start = edit.range.start.saturating_sub(removed);
        edit.range.end = edit.range.end.saturating_sub(removed);
    }
    (rest, edits)
}

/// The sources of the application, each with what changes in it.
fn expanded(
    named: &[PathBuf],
    sources: &mut Sources,
    problems: &mut Problems,
) -> Vec<(u32, Vec<Edit>)> {
    let overrides = argocd::overrides(sources, problems);
    let read: Vec<u32> = if named.is_empty() {
        refuse_kustomization(problems);
        let manifests = manifests(sources, problems);
        manifests.into_iter().map(|(_, index)| index).collect()
    } else {
        named
            .iter()
            .filter_map(|path| files::read(path, Origin::Person, sources, problems))
            .collect()
    };
    let written: Vec<Node> = read
        .iter()
        .flat_map(|index| stream::sets(*index, sources, &mut Problems::default()))
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

/// What belongs to a kustomization only kustomize can tell.
fn refuse_kustomization(problems: &mut Problems) {
    if argocd::is_kustomization(Path::new(HERE)) {
        problems.push(
            Problem::error(
                Code::Contradiction,
                None,
                "this directory is a kustomization, which only kustomize can build",
            )
            .help("use the plugin of argocd-plugin/plugin-kustomize.yaml: it runs `kustomize build . | mcpset argocd generate -`"),
        );
    }
}

/// The manifests of the current directory, read.
fn manifests(sources: &mut Sources, problems: &mut Problems) -> Vec<(PathBuf, u32)> {
    let mut read = Vec::new();
    for path in argocd::manifests(Path::new(HERE), problems) {
        if let Some(index) = files::read(&path, Origin::Person, sources, problems)
            && !argocd::is_skipped(index, sources)
        {
            read.push((path, index));
        }
    }
    read
}

fn parameters() -> Result<(), End> {
    let mut sources = Sources::default();
    let mut problems = Problems::default();
    let overrides = argocd::any_namespace(&mut sources);
    let mut sets = Vec::new();
    let documents: Vec<Node> = manifests(&mut sources, &mut problems)
        .into_iter()
        .flat_map(|(_, index)| stream::sets(index, &sources, &mut problems))
        .collect();
    for document in &documents {
        sets.extend(crate::expand(
            document,
            Dialect::Written,
            &overrides,
            &mut problems,
        ));
    }
    settle(problems, &sources)?;
    let mut text =
        serde_json::to_string_pretty(&argocd::announcement(&sets, &argocd::namespace(&documents)))
            .map_err(|error| End::Output(error.to_string()))?;
    text.push('\n');
    print(text.as_bytes())
}

fn discover() -> Result<(), End> {
    if argocd::is_kustomization(Path::new(HERE)) {
        return Ok(());
    }
    let mut sources = Sources::default();
    let mut out = stdout()?;
    for (path, index) in manifests(&mut sources, &mut Problems::default()) {
        // A broken set is still a set: `generate` says what is wrong with it.
        let mut problems = Problems::default();
        let sets = stream::sets(index, &sources, &mut problems);
        if problems.has_errors() || !sets.is_empty() {
            writeln!(out, "{}", path.display())?;
        }
    }
    Ok(out.flush()?)
}
