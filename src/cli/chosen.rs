//! The one set of a file that a command is about.

use std::path::{Path, PathBuf};

use super::{End, settle};
use crate::check;
use crate::hosts::files;
use crate::model::Set;
use crate::problem::Problems;
use crate::source::{Origin, Sources};
use crate::yaml::Node;

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
    /// The set called `set` in `file`, or the only one.
    pub fn new(file: &Path, set: Option<&str>) -> Self {
        Self {
            file: file.to_owned(),
            set: set.map(str::to_owned),
        }
    }

    /// The words that make another command be about the same set. Nobody can read standard input
    /// again, so it is called `mcp.yaml`.
    pub fn words(&self) -> Vec<String> {
        let set = self.set.iter();
        let is_stdin = self.file.as_os_str() == files::STDIN;
        let mut file = self.file.display().to_string();
        if is_stdin {
            file = "mcp.yaml".into();
        } else if file.starts_with('-') {
            // It would be taken for an option.
            file.insert_str(0, "./");
        }
        std::iter::once(file)
            .chain(set.flat_map(|name| ["--set".to_owned(), name.clone()]))
            .collect()
    }

    /// Reads the set. `what` is what is made of it, for advice: "a dashboard".
    pub fn read(&self, what: &str) -> Result<Set, End> {
        self.make(what, |set, _, _| set.clone())
    }

    /// Reads the set and returns what `make` makes of it and its document, unless that finds an
    /// error.
    pub fn make<T>(
        &self,
        what: &str,
        make: impl FnOnce(&Set, &Node, &mut Problems) -> T,
    ) -> Result<T, End> {
        let mut sources = Sources::default();
        let mut problems = Problems::default();
        let documents = files::read(&self.file, Origin::Person, &mut sources, &mut problems)
            .map(|index| files::documents(index, &sources, &mut problems))
            .unwrap_or_default();
        let found = files::expanded(&documents, &mut problems);
        let placed = found.iter().map(|(set, document)| (set, document.place));
        check::collisions(placed, &mut problems);
        if problems.has_errors() {
            settle(problems, &sources)?;
            return Err(End::Invalid);
        }
        let (set, document) = self.only(&found, what)?;
        let result = make(set, document, &mut problems);
        settle(problems, &sources)?;
        Ok(result)
    }

    /// The one of `sets` that is meant.
    fn only<'s, 'd>(
        &self,
        sets: &'s [(Set, &'d Node)],
        what: &str,
    ) -> Result<(&'s Set, &'d Node), End> {
        let wanted = self.set.as_deref();
        let is_wanted = |set: &Set| {
            wanted.is_none_or(|wanted| wanted == set.name.as_str() || wanted == full_name(set))
        };
        let found = sets.iter().filter(|(set, _)| is_wanted(set));
        let found: Vec<_> = found.collect();
        if let [(set, document)] = found.as_slice() {
            return Ok((set, document));
        }
        let file = self.file.display();
        let names: Vec<String> = sets.iter().map(|(set, _)| full_name(set)).collect();
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
