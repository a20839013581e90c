//! The one set of a file that a command is about.

use std::path::{Path, PathBuf};

use super::{End, settle};
use crate::hosts::files;
use crate::model::Set;
use crate::problem::Problems;
use crate::source::{Origin, Sources};

#[derive(Debug, clap::Args)]
pub struct Chosen {
    /// File with a McpServerSet; `-` is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Which set, where the file has several: its name, or namespace/name
    #[arg(long, value_name = "NAME")]
    set: Option<String>,
}

impl Chosen {
    /// The file, as it was named.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// Reads the set. `what` is what is made of it, for advice: "a dashboard".
    pub fn read(&self, what: &str) -> Result<Set, End> {
        let mut sources = Sources::default();
        let mut problems = Problems::default();
        let mut sets = Vec::new();
        if let Some(index) = files::read(&self.file, Origin::Person, &mut sources, &mut problems) {
            sets.extend(files::sets(index, &sources, &mut problems));
        }
        settle(problems, &sources)?;
        let all: Vec<&Set> = sets.iter().map(|(set, _)| set).collect();
        self.only(&all, what).cloned()
    }

    /// The one of `sets` that is meant.
    pub fn only<'s>(&self, sets: &[&'s Set], what: &str) -> Result<&'s Set, End> {
        let wanted = self.set.as_deref();
        let is_wanted = |set: &Set| {
            wanted.is_none_or(|wanted| wanted == set.name.as_str() || wanted == full_name(set))
        };
        let found: Vec<&Set> = sets.iter().copied().filter(|set| is_wanted(set)).collect();
        if let [only] = found.as_slice() {
            return Ok(only);
        }
        let file = self.file.display();
        let names: Vec<String> = sets.iter().map(|set| full_name(set)).collect();
        let names = names.join(", ");
        Err(End::Usage(match wanted {
            Some(wanted) if found.is_empty() => {
                format!("{file} has no set `{wanted}`; it has {names}")
            }
            _ => format!("{what} is about one set, and {file} has {names}: name one with --set"),
        }))
    }
}

fn full_name(set: &Set) -> String {
    format!("{}/{}", set.namespace, set.name)
}
