//! `mcpset dashboard`: a set's Grafana dashboard, for people to import or review.

use super::chosen::Chosen;
use super::{End, print};
use crate::dashboard::{dashboard, pretty};

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    chosen: Chosen,
}

/// Writes the dashboard of the set that `args` names.
pub fn run(args: &Args) -> Result<(), End> {
    let set = args.chosen.read("a dashboard")?;
    let mut json = pretty(&dashboard(&set));
    json.push('\n');
    print(json.as_bytes())
}
