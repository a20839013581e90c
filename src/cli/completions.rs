//! `mcpset completions`: a script that teaches a shell the commands, flags and their values.
//!
//! It is made from the one definition of the command line, so it knows every command there is. Where
//! a command takes a word of a list that only it knows, such as the name of a rule, the list is put
//! into the definition here: while parsing it would refuse wrong words before the command itself can
//! say what is near.

use clap::builder::PossibleValuesParser;
use clap::{Command, CommandFactory};
use clap_complete::Shell;

use super::{Cli, End, explain, print};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The shell that reads the script
    #[arg(value_enum, value_name = "SHELL")]
    shell: Shell,
}

/// Prints the script for the shell in `args`.
pub fn run(args: &Args) -> Result<(), End> {
    let mut script = Vec::new();
    let mut command = with_words(Cli::command());
    clap_complete::generate(
        args.shell,
        &mut command,
        env!("CARGO_PKG_NAME"),
        &mut script,
    );
    print(&script)
}

/// `command` with the words that `explain` and `man` take.
fn with_words(mut command: Command) -> Command {
    let commands: Vec<String> = command
        .get_subcommands()
        .filter(|command| !command.is_hide_set())
        .map(|command| command.get_name().to_owned())
        .collect();
    // Until then no command has its flags.
    command.build();
    command
        .mut_subcommand("explain", |explain| {
            let words = PossibleValuesParser::new(explain::words());
            explain.mut_arg("word", |word| word.value_parser(words))
        })
        .mut_subcommand("man", |man| {
            let words = PossibleValuesParser::new(commands);
            man.mut_arg("command", |command| command.value_parser(words))
        })
}
