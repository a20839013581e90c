//! `mcpset runbook`: a page of Markdown with a set's real names.

use std::io::{self, Write};

use super::{End, one_set};
use crate::companions::runbook::runbook;

/// Writes the runbook of the set that `args` names.
pub fn run(args: &one_set::Args) -> Result<(), End> {
    let (set, _) = one_set::read(args, "a runbook")?;
    let page = runbook(&set, &args.file.display().to_string());
    Ok(io::stdout().lock().write_all(page.as_bytes())?)
}
