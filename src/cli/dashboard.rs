//! `mcpset dashboard`: a set's Grafana dashboard, for people to import or review.

use std::io::{self, Write};

use super::{End, one_set};
use crate::dashboard::{dashboard, pretty};

/// Writes the dashboard of the set that `args` names.
pub fn run(args: &one_set::Args) -> Result<(), End> {
    let (set, _) = one_set::read(args, "a dashboard")?;
    let mut json = pretty(&dashboard(&set));
    json.push('\n');
    Ok(io::stdout().lock().write_all(json.as_bytes())?)
}
