//! `mcpset` without a command: the KRM function.

use std::io::BufWriter;
use std::path::Path;

use super::{BUFFER, End, say_all, settle};
use crate::hosts::{files, krm};
use crate::problem::Problems;
use crate::report::Occasion;
use crate::source::{Origin, Sources};
use crate::streams::stdout;

/// Reads a ResourceList from standard input and answers it on standard output.
pub fn run() -> Result<(), End> {
    let mut sources = Sources::default();
    let mut problems = Problems::default();
    let stdin = Path::new(files::STDIN);
    let answer = files::read(stdin, Origin::Host, &mut sources, &mut problems)
        .and_then(|index| Some((index, krm::answer(index, &sources, &mut problems)?)));
    let Some((index, answer)) = answer else {
        settle(problems, &sources)?;
        return Err(End::Invalid);
    };
    let text = sources.get(index).map_or("", |source| source.text.as_str());
    let out = BufWriter::with_capacity(BUFFER, stdout()?);
    if answer.is_validation {
        // What was found is the answer, so it is given whatever was found.
        let failed = problems.has_errors();
        let found = say_all(problems, &sources, Occasion::Writing);
        answer.write(text, &found, out)?;
        return if failed { Err(End::Invalid) } else { Ok(()) };
    }
    let warnings = settle(problems, &sources)?;
    answer.write(text, &warnings, out)?;
    Ok(())
}
