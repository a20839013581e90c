//! `mcpset dashboard`: a set's Grafana dashboard, for people to import or review.

use std::io::{self, Write};
use std::path::PathBuf;

use super::one_set::chosen;
use super::{End, settle};
use crate::dashboard::{dashboard, pretty};
use crate::hosts::files;
use crate::model::Set;
use crate::problem::Problems;
use crate::source::{Origin, Sources};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// File with a McpServerSet; `-` is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Which set, where the file has several: its name, or namespace/name
    #[arg(long, value_name = "NAME")]
    set: Option<String>,
}

/// Writes the dashboard of the set that `args` names.
pub fn run(args: &Args) -> Result<(), End> {
    let mut sources = Sources::default();
    let mut problems = Problems::default();
    let mut sets = Vec::new();
    if let Some(index) = files::read(&args.file, Origin::Person, &mut sources, &mut problems) {
        sets.extend(files::sets(index, &sources, &mut problems));
    }
    settle(problems, &sources)?;
    let sets: Vec<&Set> = sets.iter().map(|(set, _)| set).collect();
    let set = chosen(
        &sets,
        args.set.as_deref(),
        &args.file,
        "a dashboard is about one set",
    )?;
    let mut json = pretty(&dashboard(set));
    json.push('\n');
    Ok(io::stdout().lock().write_all(json.as_bytes())?)
}
