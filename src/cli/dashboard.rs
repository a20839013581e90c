//! `mcpset dashboard`: a set's Grafana dashboard, for people to import or review.

use std::io::{self, Write};
use std::path::PathBuf;

use super::{End, settle};
use crate::dashboard::{dashboard, pretty};
use crate::hosts::files;
use crate::problem::Problems;
use crate::source::{Origin, Sources};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// File with a McpServerSet; `-` is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Which set, where the file has several
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
    let names: Vec<String> = sets
        .iter()
        .map(|(set, _)| format!("`{}`", set.name))
        .collect();
    let mut wanted = sets.iter().filter(|(set, _)| {
        let name = args.set.as_deref();
        name.is_none_or(|name| set.name.as_str() == name)
    });
    let (Some((set, _)), None) = (wanted.next(), wanted.next()) else {
        return Err(End::Usage(format!(
            "a dashboard is about one set, and {} has {}: name one with --set",
            args.file.display(),
            names.join(", ")
        )));
    };
    let mut json = pretty(&dashboard(set));
    json.push('\n');
    Ok(io::stdout().lock().write_all(json.as_bytes())?)
}
