//! `mcpset man`: the manual pages.
//!
//! They are made from the one definition of the command line, like `--help` and the completions. What
//! it cannot say, because it holds for all commands, is added here. A page has no date: it would
//! differ from one build to the next.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::{Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use super::{Cli, End, LOG_FILE, print};
use crate::nearest::nearest;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The command whose page is printed, such as `render` or `argocd generate`; without it that of
    /// mcpset itself
    #[arg(value_name = "COMMAND")]
    command: Vec<String>,
    /// Write the pages of all commands into this folder: mcpset.1, mcpset-render.1 and so on
    #[arg(short, long, value_name = "DIR", conflicts_with = "command")]
    output: Option<PathBuf>,
}

/// The name under which pages are filed.
const MANUAL: &str = "mcpset manual";
const SOURCE: &str = concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"));

/// What a run ends with.
const STATUSES: [(&str, &str); 3] = [
    ("0", "Done."),
    (
        "1",
        "Invalid input, or findings. Standard output is empty, but for reports of check.",
    ),
    (
        "2",
        "A wrong command line, or output that cannot be written.",
    ),
];

/// What is read from the environment, beside what a host documents.
const VARIABLES: [(&str, &str); 2] = [
    (
        LOG_FILE,
        "A file that receives what is said on standard error, for hosts that swallow it, as Helm 4 does. It is emptied first.",
    ),
    ("NO_COLOR", "Where it is set, errors have no colours."),
];

/// Prints the page that `args` name, or writes them all.
pub fn run(args: &Args) -> Result<(), End> {
    let mut root = with_heading(Cli::command()).mut_subcommands(with_heading);
    root.build();
    match &args.output {
        Some(folder) => write_all(&root, folder),
        None => print(&page(named(&root, &args.command)?)?),
    }
}

/// `command` with what stands below it called commands, as in `--help`.
fn with_heading(command: Command) -> Command {
    command
        .disable_help_subcommand(true)
        .subcommand_help_heading("COMMANDS")
        .subcommand_value_name("COMMAND")
}

/// The command that `words` lead to.
fn named<'c>(root: &'c Command, words: &[String]) -> Result<&'c Command, End> {
    let mut command = root;
    for word in words {
        command = command
            .find_subcommand(word)
            .ok_or_else(|| End::Usage(unknown(command, word)))?;
    }
    Ok(command)
}

fn unknown(command: &Command, word: &str) -> String {
    let names: Vec<&str> = visible(command).map(Command::get_name).collect();
    let advice = match nearest(word, &names) {
        Some(near) => format!("did you mean `{near}`?"),
        None if names.is_empty() => "it has no commands".to_owned(),
        None => format!("it has {}", names.join(", ")),
    };
    format!(
        "{} has no command `{}`; {advice}",
        title(command).replace('-', " "),
        word.escape_debug()
    )
}

/// Writes the pages of `command` and all below it into `folder`, which is made when it is missing.
fn write_all(command: &Command, folder: &Path) -> Result<(), End> {
    let failed =
        |path: &Path, error: &io::Error| End::Output(format!("{}: {error}", path.display()));
    fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
    let path = folder.join(format!("{}.1", title(command)));
    fs::write(&path, page(command)?).map_err(|error| failed(&path, &error))?;
    visible(command).try_for_each(|below| write_all(below, folder))
}

/// The commands below `command` that people are told of.
fn visible(command: &Command) -> impl Iterator<Item = &Command> {
    command
        .get_subcommands()
        .filter(|below| !below.is_hide_set())
}

/// `mcpset`, `mcpset-render`, `mcpset-argocd-generate`.
fn title(command: &Command) -> &str {
    command.get_display_name().unwrap_or(command.get_name())
}

/// The page of `command`, in roff.
fn page(command: &Command) -> io::Result<Vec<u8>> {
    let man = Man::new(command.clone());
    // Written here, as the library leaves an empty date out, and the source would take its place.
    let mut page =
        format!(".TH {} 1 \"\" \"{SOURCE}\" \"{MANUAL}\"\n", title(command)).into_bytes();
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    if visible(command).next().is_some() {
        man.render_subcommands_section(&mut page)?;
    }
    let mut more = Roff::default();
    list(&mut more, "EXIT STATUS", &STATUSES);
    list(&mut more, "ENVIRONMENT", &VARIABLES);
    if title(command) != env!("CARGO_PKG_NAME") {
        more.control("SH", ["SEE ALSO"]);
        more.text([bold(env!("CARGO_PKG_NAME")), roman("(1)")]);
    }
    more.to_writer(&mut page)?;
    Ok(page)
}

/// A section of terms and what they mean.
fn list(roff: &mut Roff, heading: &str, terms: &[(&str, &str)]) {
    roff.control("SH", [heading]);
    for (term, meaning) in terms {
        roff.control("TP", []);
        roff.text([bold(*term)]);
        roff.text([roman(*meaning)]);
    }
}
