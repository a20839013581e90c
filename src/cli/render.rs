//! `mcpset render`: files in, the bundle out.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::progress::Progress;
use super::summary::{Summary, is_file};
use super::{BUFFER, End, say, settle};
use crate::hosts::folder::{self, Content};
use crate::hosts::{files, objects as written};
use crate::model::Set;
use crate::problem::Problems;
use crate::resources::{Kind, Object, is_chosen, objects};
use crate::source::{Origin, Sources};
use crate::streams::stdout;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Where standard output is a file, or a folder is written, standard error says how many objects of which \
kinds there are. A pipe gets the objects, and nothing is said but warnings.

Files hold sets and nothing else: any other document is an error.")]
pub struct Args {
    /// Files with McpServerSets; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Write one file per object into this folder; of what it holds, only files that mcpset wrote
    /// for the same sets are replaced or removed
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Write a kustomization.yaml beside the objects that lists them
    #[arg(long, requires = "output")]
    kustomization: bool,
    /// Only objects of this kind, such as Deployment, deployments or deploy; may be repeated, or list
    /// several with commas. All are made and checked. Files of other kinds in the folder stay as they are
    #[arg(long, value_name = "KIND", value_delimiter = ',', value_parser = Kind::named)]
    only: Vec<&'static Kind>,
    /// The form of the objects on standard output
    #[arg(long, value_name = "FORM", default_value = "yaml")]
    format: Form,
    /// Say nothing of what was written; warnings and errors are said all the same
    #[arg(short, long)]
    quiet: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// A document for each object
    Yaml,
    /// One List with all objects, as `kubectl get` prints it
    Json,
}

/// Writes the bundle of all sets in `args.files`.
pub fn run(args: &Args) -> Result<(), End> {
    if args.output.is_some() && args.format == Form::Json {
        return Err(End::Usage(
            "`--format json` goes to standard output: each file of a folder says in a comment whose it is, and JSON has none"
                .into(),
        ));
    }
    let is_told = !args.quiet && (args.output.is_some() || is_file(&io::stdout()));
    let mut progress = Progress::new(is_told);
    let mut sources = Sources::default();
    let mut problems = Problems::default();
    let sets = files::all_sets(
        &args.files,
        &mut sources,
        &mut problems,
        |path, sources, problems| {
            let index = files::read(path, Origin::Person, sources, problems)?;
            progress.begin("checking", sources.get(index));
            Some(index)
        },
    );
    progress.clear();
    let warnings = settle(problems, &sources)?.len();
    let sets: Vec<&Set> = sets.iter().collect();
    let mut summary = Summary::of(&sets, warnings);
    match &args.output {
        Some(directory) => write_folder(args, directory, &sets, &mut summary, &mut progress)?,
        None => stream(args, &sets, |kind| {
            summary.add(kind);
            progress.step(summary.number(), None);
        })?,
    }
    progress.clear();
    if summary.number() == 0 && !args.only.is_empty() {
        say(&nothing_of(&args.only, &sets));
    }
    if is_told {
        say(&summary.text());
    }
    Ok(())
}

fn write_folder(
    args: &Args,
    directory: &Path,
    sets: &[&Set],
    summary: &mut Summary,
    progress: &mut Progress,
) -> Result<(), End> {
    let content = Content {
        sets,
        only: &args.only,
        kustomization: args.kustomization,
    };
    let written = folder::write(directory, content, |object, done, all| {
        summary.add(object.kind());
        progress.step(done, Some(all));
    });
    progress.clear();
    let written = written.map_err(|error| End::Output(error.to_string()))?;
    summary.wrote(directory, written);
    Ok(())
}

/// Writes the objects to standard output, and tells `step` of each its kind.
fn stream(args: &Args, sets: &[&Set], mut step: impl FnMut(&'static str)) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(BUFFER, stdout()?);
    let is_chosen = |object: &Object| is_chosen(object.kind(), &args.only);
    let sets = sets.iter().copied();
    match args.format {
        Form::Json => {
            let chosen = sets.flat_map(objects).filter(is_chosen);
            written::list(chosen.inspect(|object| step(object.kind())), &mut out)?;
        }
        Form::Yaml => written::documents(sets, is_chosen, &mut out, step)?,
    }
    out.flush()
}

/// Says that nothing of `only` is in the bundles of `sets`, and what is.
fn nothing_of(only: &[&Kind], sets: &[&Set]) -> String {
    let mut kinds: Vec<&str> = Vec::new();
    for object in sets.iter().flat_map(|set| objects(set)) {
        if !kinds.contains(&object.kind()) {
            kinds.push(object.kind());
        }
    }
    let wanted: Vec<&str> = only.iter().map(|kind| kind.name).collect();
    format!(
        "note: these sets have no {}; they have {}\n",
        wanted.join(" and no "),
        kinds.join(", ")
    )
}
