//! `mcpset runbook`: a page of Markdown with a set's real names.

use std::io::{self, Write};

use super::End;
use super::chosen::Chosen;
use crate::companions::runbook::runbook;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    chosen: Chosen,
}

/// Writes the runbook of the set that `args` names.
pub fn run(args: &Args) -> Result<(), End> {
    let set = args.chosen.read("a runbook")?;
    let page = runbook(&set, &args.chosen.words());
    Ok(io::stdout().lock().write_all(page.as_bytes())?)
}
