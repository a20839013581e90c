//! `mcpset post-render`: Helm's post-renderer.

use std::io::{BufWriter, Write};
use std::path::Path;

use super::{BUFFER, End, settle};
use crate::hosts::{files, splice, stream};
use crate::problem::Problems;
use crate::source::{Origin, Sources};
use crate::streams::stdout;
use crate::yaml::Dialect;

/// Helm 4 takes no output at all for a failure, and a chart may well render to nothing.
const NOTHING: &str = "# no resources\n";

/// Reads a stream of manifests from standard input and writes it with its sets expanded.
pub fn run() -> Result<(), End> {
    let mut sources = Sources::default();
    let mut problems = Problems::default();
    let stdin = Path::new(files::STDIN);
    let index = files::read(stdin, Origin::Person, &mut sources, &mut problems);
    let edits = index.map(|index| stream::expand(index, Dialect::Written, &sources, &mut problems));
    settle(problems, &sources)?;
    let (Some(index), Some(edits)) = (index, edits) else {
        return Err(End::Invalid);
    };
    let text = sources.get(index).map_or("", |source| source.text.as_str());
    let mut out = BufWriter::with_capacity(BUFFER, stdout()?);
    if text.trim().is_empty() {
        out.write_all(NOTHING.as_bytes())?;
    }
    splice::write(text, &edits, out)?;
    Ok(())
}
