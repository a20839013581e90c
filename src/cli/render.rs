//! `mcpset render`: files in, the bundle out.

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use super::{BUFFER, End, settle};
use crate::check;
use crate::hosts::{files, folder};
use crate::model::Set;
use crate::problem::Problems;
use crate::resources::objects;
use crate::source::{Origin, Sources};
use crate::yaml;

#[derive(Debug, clap::Args)]
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
}

/// Writes the bundle of all sets in `args.files`.
pub fn run(args: &Args) -> Result<(), End> {
    let mut sources = Sources::default();
    let mut problems = Problems::default();
    let mut sets = Vec::new();
    for path in &args.files {
        if let Some(index) = files::read(path, Origin::Person, &mut sources, &mut problems) {
            sets.extend(files::sets(index, &sources, &mut problems));
        }
    }
    check::collisions(sets.iter().map(|(set, place)| (set, *place)), &mut problems);
    settle(problems, &sources)?;
    let sets: Vec<&Set> = sets.iter().map(|(set, _)| set).collect();
    match &args.output {
        Some(directory) => folder::write(directory, &sets, args.kustomization)
            .map_err(|error| End::Output(error.to_string())),
        None => Ok(stream(&sets)?),
    }
}

fn stream(sets: &[&Set]) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(BUFFER, io::stdout().lock());
    let mut text = String::new();
    for object in sets.iter().flat_map(|set| objects(set)) {
        text.clear();
        text.push_str("---\n");
        yaml::document(&mut text, &object).map_err(io::Error::other)?;
        out.write_all(text.as_bytes())?;
    }
    out.flush()
}
