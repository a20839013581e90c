//! What commands about one set have in common: a file, and which of its sets is meant.

use std::path::PathBuf;

use super::{End, settle};
use crate::hosts::files;
use crate::model::Set;
use crate::problem::Problems;
use crate::source::{Origin, Place, Sources};

#[derive(Debug, clap::Args)]
#[group(skip)]
pub struct Args {
    /// File with a McpServerSet; `-` is standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Which set, where the file has several: its name, or namespace/name
    #[arg(long, value_name = "NAME")]
    pub set: Option<String>,
}

/// The one set that is meant, and where it stands. `what` is about it: "a dashboard".
pub fn read(args: &Args, what: &str) -> Result<(Set, Place), End> {
    let mut sources = Sources::default();
    let mut problems = Problems::default();
    let mut sets = Vec::new();
    if let Some(index) = files::read(&args.file, Origin::Person, &mut sources, &mut problems) {
        sets.extend(files::sets(index, &sources, &mut problems));
    }
    settle(problems, &sources)?;
    chosen(sets, args, what)
}

/// The one of `sets` that is meant, with what belongs to it.
pub fn chosen<T>(mut sets: Vec<(Set, T)>, args: &Args, what: &str) -> Result<(Set, T), End> {
    let names: Vec<String> = sets.iter().map(|(set, _)| full_name(set)).collect();
    let names = names.join(", ");
    let file = args.file.display();
    let wanted = args.set.as_deref();
    sets.retain(|(set, _)| {
        wanted.is_none_or(|wanted| wanted == set.name.as_str() || wanted == full_name(set))
    });
    match (sets.pop(), wanted) {
        (Some(only), _) if sets.is_empty() => Ok(only),
        (None, Some(wanted)) => Err(End::Usage(format!(
            "{file} has no set `{wanted}`; it has {names}"
        ))),
        _ => Err(End::Usage(format!(
            "{what} is about one set, and {file} has {names}: name one with --set"
        ))),
    }
}

fn full_name(set: &Set) -> String {
    format!("{}/{}", set.namespace, set.name)
}
