//! What a person is told of a bundle that went into files, where they do not see it.

use std::fmt::Write as _;
use std::path::Path;

use crate::hosts::folder::Written;
use crate::model::Set;

/// What was made.
#[derive(Debug)]
pub struct Summary {
    /// Kinds in the order of the objects, and how many there are of each.
    kinds: Vec<(&'static str, usize)>,
    sets: usize,
    servers: usize,
    warnings: usize,
    files: Option<(String, Written)>,
}

impl Summary {
    /// Nothing so far of `sets`, about which there were so many warnings.
    pub fn of(sets: &[&Set], warnings: usize) -> Self {
        Self {
            kinds: Vec::new(),
            sets: sets.len(),
            servers: sets.iter().map(|set| set.servers.len()).sum(),
            warnings,
            files: None,
        }
    }

    /// Counts an object.
    pub fn add(&mut self, kind: &'static str) {
        match self.kinds.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, number)) => *number += 1,
            None => self.kinds.push((kind, 1)),
        }
    }

    /// Adds what happened to the files of `folder`.
    pub fn wrote(&mut self, folder: &Path, written: Written) {
        self.files = Some((folder.display().to_string(), written));
    }

    /// How many objects there are.
    pub fn number(&self) -> usize {
        self.kinds.iter().map(|(_, number)| number).sum()
    }

    /// A line for each kind, and one for all.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let all = self.number();
        let width = all.to_string().len().max(4);
        for (kind, number) in &self.kinds {
            let _ = writeln!(text, "{number:width$} {kind}");
        }
        let _ = write!(text, "{all:width$} {}", plural(all, "object"));
        if self.sets > 1 {
            let _ = write!(text, " of {} sets with", self.sets);
        } else {
            text.push_str(" of");
        }
        let _ = write!(text, " {} {}", self.servers, plural(self.servers, "server"));
        if self.warnings > 0 {
            let warnings = plural(self.warnings, "warning");
            let _ = write!(text, "; {} {warnings}, said above", self.warnings);
        }
        text.push('\n');
        if let Some((folder, written)) = &self.files {
            let _ = writeln!(
                text,
                "{folder}: {} {} written, {} unchanged, {} removed",
                written.written,
                plural(written.written, "file"),
                written.unchanged,
                written.removed
            );
        }
        text
    }
}

fn plural(number: usize, word: &str) -> String {
    let s = if number == 1 { "" } else { "s" };
    format!("{word}{s}")
}

/// Whether `stream` is a file on a disk, which nobody sees being written; no pipe, terminal or device.
#[cfg(unix)]
pub fn is_file(stream: &impl std::os::fd::AsFd) -> bool {
    let own = stream.as_fd().try_clone_to_owned();
    let metadata = own.and_then(|own| std::fs::File::from(own).metadata());
    metadata.is_ok_and(|metadata| metadata.is_file())
}

/// Unknown on other systems, where nothing is said.
#[cfg(not(unix))]
pub fn is_file<S>(_: &S) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_below_each_other_and_the_sum_at_the_end() {
        let mut summary = Summary {
            kinds: vec![("Service", 12)],
            sets: 2,
            servers: 12,
            warnings: 1,
            files: None,
        };
        summary.add("Deployment");
        summary.add("Service");
        assert_eq!(
            summary.text(),
            "  13 Service\n   1 Deployment\n  14 objects of 2 sets with 12 servers; 1 warning, said above\n"
        );
    }
}
