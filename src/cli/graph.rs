//! `mcpset graph`: who talks to whom, for a README, a review, or a page of its own.

use std::path::PathBuf;

use clap::ValueEnum;

use super::{End, print, settle};
use crate::check::graph::graph;
use crate::hosts::files;
use crate::model::Set;
use crate::problem::Problems;
use crate::report::graph::{dot, mermaid, svg};
use crate::source::{Origin, Sources};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files with McpServerSets, which are drawn together; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The language of the drawing
    #[arg(long = "as", value_name = "FORM", default_value = "mermaid")]
    form: Form,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Form {
    /// A chart that GitHub, GitLab and many wikis show
    Mermaid,
    /// A graph for Graphviz
    Dot,
    /// A picture, in light and dark
    Svg,
}

/// Draws all sets in `args.files`.
pub fn run(args: &Args) -> Result<(), End> {
    let mut sources = Sources::default();
    let mut problems = Problems::default();
    let sets = files::all_sets(
        &args.files,
        &mut sources,
        &mut problems,
        |path, sources, problems| files::read(path, Origin::Person, sources, problems),
    );
    settle(problems, &sources)?;
    let sets: Vec<&Set> = sets.iter().collect();
    let graph = graph(&sets);
    let text = match args.form {
        Form::Mermaid => mermaid(&graph),
        Form::Dot => dot(&graph),
        Form::Svg => svg(&graph),
    };
    print(text.as_bytes())
}
