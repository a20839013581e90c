//! kustomize's legacy exec plugin, the only way to run a program from `kubectl kustomize`.
//!
//! kustomize finds the program by the kind in its configuration, and hands it the configuration in
//! a file and, to a transformer, the resources as a stream on standard input.

use std::io::BufWriter;
use std::path::{Path, PathBuf};

use super::{BUFFER, End, settle};
use crate::api;
use crate::hosts::splice::{self, Bundle, Edit, Layout, Replacement};
use crate::hosts::{files, is_set, stream};
use crate::overrides::Overrides;
use crate::problem::{Code, Problem, Problems};
use crate::source::{Origin, Sources};
use crate::streams::stdout;
use crate::yaml::{Dialect, Node, parse};

/// Set by kustomize for every exec plugin.
const CONFIG_ROOT: &str = "KUSTOMIZE_PLUGIN_CONFIG_ROOT";

/// The configuration file, when kustomize runs us as a legacy plugin.
pub fn config_file() -> Option<PathBuf> {
    std::env::var_os(CONFIG_ROOT)?;
    let path = PathBuf::from(std::env::args_os().nth(1)?);
    path.is_file().then_some(path)
}

/// Generates from the set in `config`, or expands the sets on standard input.
pub fn run(config: &Path) -> Result<(), End> {
    let mut sources = Sources::default();
    let mut problems = Problems::default();
    let edits = edits(config, &mut sources, &mut problems);
    settle(problems, &sources)?;
    let Some((stdin, edits)) = edits else {
        return Err(End::Invalid);
    };
    let text = sources.get(stdin).map_or("", |source| source.text.as_str());
    let out = BufWriter::with_capacity(BUFFER, stdout()?);
    splice::write(text, &edits, out)?;
    Ok(())
}

/// The source of standard input, and what changes in it.
fn edits(
    config: &Path,
    sources: &mut Sources,
    problems: &mut Problems,
) -> Option<(u32, Vec<Edit>)> {
    let config = files::read(config, Origin::Host, sources, problems)?;
    let stdin = files::read(Path::new(files::STDIN), Origin::Host, sources, problems)?;
    let mut edits = stream::expand(stdin, Dialect::Kustomize, sources, problems);
    let document = parse(&sources.get(config)?.text, config, problems).pop()?;
    if is_set(&document) {
        let set = crate::expand(
            &document,
            Dialect::Kustomize,
            &Overrides::default(),
            problems,
        )?;
        let end = sources.get(stdin)?.text.len();
        edits.push(Edit {
            range: end..end,
            with: Replacement::Objects(
                Box::new(Bundle::plain(set)),
                Layout::Documents {
                    comment: String::new(),
                },
            ),
        });
    } else if document.get("kind").and_then(Node::text) != Some(api::TRANSFORMER_KIND) {
        problems.push(
            Problem::error(
                Code::WrongKind,
                document.place,
                "this is no configuration of mcpset",
            )
            .help(format!(
                "write `kind: {}` to generate, `kind: {}` to expand the sets among the resources",
                api::KIND,
                api::TRANSFORMER_KIND
            )),
        );
        return None;
    }
    Some((stdin, edits))
}
