//! `mcpset diff`: what changes between two states, and what that does to the pods that run.

use std::path::{Path, PathBuf};

use super::{End, print, print_styled, say, say_all};
use crate::diff::difference;
use crate::hosts::files::STDIN;
use crate::hosts::side;
use crate::problem::Problems;
use crate::report::{Occasion, diff};
use crate::source::Sources;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
OLD and NEW are each a config, a file with manifests of anybody, or a folder with either, such as `mcpset \
render -o` writes. Of such a folder only what it wrote for the sets of the other side is compared. An empty \
side, such as /dev/null, has no objects.

Values of Secrets are never shown, nor what looks like a credential, or is called one in a variable, a header, \
an argument or an entry of a ConfigMap.

Exit status, as of `kubectl diff`: 0 without a difference, 1 with one, 2 when there is nothing to compare \
because of invalid input, a mistake on the command line, or a file that cannot be read.")]
pub struct Args {
    /// What was: a config, manifests or a folder; `-` is standard input
    #[arg(value_name = "OLD")]
    old: PathBuf,
    /// What is to be
    #[arg(value_name = "NEW")]
    new: PathBuf,
    /// The form of the report
    #[arg(long, value_name = "FORM", default_value = "text")]
    format: Form,
    /// Show every value of every field whole, as JSON always does
    #[arg(long)]
    full: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// For people
    Text,
    /// For programs: JSON
    Json,
    /// For a comment on a pull request
    Markdown,
}

/// Says what is different between the two sides of `args`.
pub fn run(args: &Args) -> Result<(), End> {
    if [&args.old, &args.new]
        .iter()
        .all(|path| path.as_os_str() == STDIN)
    {
        return Err(End::Usage(
            "OLD and NEW cannot both be standard input".into(),
        ));
    }
    let mut sources = Sources::default();
    let mut problems = Problems::default();
    let mut old = side::read(&args.old, &mut sources, &mut problems);
    let mut new = side::read(&args.new, &mut sources, &mut problems);
    if problems.has_errors() {
        say_all(problems, &sources, Occasion::Checking);
        return Err(End::Incomparable);
    }
    let (of_old, of_new) = (old.keep_of(&new), new.keep_of(&old));
    left_out(&args.old, of_old);
    left_out(&args.new, of_new);
    let difference = difference(&old.objects, &new.objects);
    let report = match args.format {
        Form::Text => diff::text(&difference, args.full),
        Form::Json => diff::json(&difference),
        Form::Markdown => diff::markdown(&difference, args.full),
    };
    if args.format == Form::Text {
        print_styled(report.as_bytes())?;
    } else {
        print(report.as_bytes())?;
    }
    if difference.objects.is_empty() {
        return Ok(());
    }
    Err(End::Invalid)
}

/// Says that there is more in `folder` than was compared.
fn left_out(folder: &Path, number: usize) {
    let (s, are) = if number == 1 {
        ("", "is")
    } else {
        ("s", "are")
    };
    if number > 0 {
        let folder = folder.display();
        say(&format!(
            "note: {number} object{s} in {folder} {are} not of these sets, and {are} left out\n"
        ));
    }
}
