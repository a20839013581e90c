//! `mcpset runbook`: a page of Markdown with a set's real names.

use super::chosen::Chosen;
use super::{End, print};
use crate::check::graph::graph;
use crate::companions::runbook::runbook;
use crate::report::graph::mermaid;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    chosen: Chosen,
}

/// Writes the runbook of the set that `args` names.
pub fn run(args: &Args) -> Result<(), End> {
    let set = args.chosen.read("a runbook")?;
    let chart = mermaid(&graph(&[&set]));
    let page = runbook(&set, &chart, &args.chosen.words());
    print(page.as_bytes())
}
