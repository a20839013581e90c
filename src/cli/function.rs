//! `mcpset` without a command: the KRM function.

use std::io;
use std::path::Path;

use super::{End, settle};
use crate::hosts::{files, krm};
use crate::problem::Problems;
use crate::source::{Origin, Sources};

/// Reads a ResourceList from standard input and writes one to standard output.
pub fn run() -> Result<(), End> {
    let mut sources = Sources::default();
    let mut problems = Problems::default();
    let request = files::read(
        Path::new(files::STDIN),
        Origin::Host,
        &mut sources,
        &mut problems,
    )
    .and_then(|index| krm::read(index, &sources, &mut problems));
    let warnings = settle(problems, &sources)?;
    let Some(request) = request else {
        return Err(End::Invalid);
    };
    krm::write(&request, &warnings, io::stdout().lock())?;
    Ok(())
}
