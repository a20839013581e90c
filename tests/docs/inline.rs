//! Commands of mcpset that the pages name within a line or in a table: they are not run, but mcpset
//! knows their words.

use super::page::{Block, pages};
use crate::support;

/// Whether mcpset takes these words. Asked for help it does nothing, yet says first what it does not
/// know: an unknown flag, command or value.
fn is_understood(words: &[&str]) -> Result<(), String> {
    let output = support::mcpset()
        .args(words)
        .arg("--help")
        .output()
        .unwrap();
    if output.status.success() {
        Ok(())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

/// The words of the command, without what a shell does with it.
fn words(command: &str) -> Vec<&str> {
    let end = command.find(['|', '>', '&', ';', '#']);
    let command = command.get(..end.unwrap_or(command.len())).unwrap();
    let words = command.split_whitespace().skip(1);
    words.map(|word| word.trim_matches(['"', '\''])).collect()
}

/// The lines of what only somebody else's machine can run.
fn commands_elsewhere(block: &Block) -> Vec<String> {
    if block.info != super::commands::ELSEWHERE {
        return Vec::new();
    }
    let lines = block.text.lines().map(str::trim);
    lines
        .filter(|line| line.starts_with("mcpset "))
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_command_of_mcpset_that_a_line_or_a_table_names_is_one() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for page in pages() {
        let blocks = page.blocks.iter();
        let elsewhere = blocks.flat_map(|block| {
            let commands = commands_elsewhere(block).into_iter();
            commands.map(|command| (block.line, command))
        });
        let spans = page.spans().into_iter();
        let spans = spans.filter(|(_, code)| code.starts_with("mcpset "));
        for (line, command) in spans.chain(elsewhere) {
            count += 1;
            if let Err(why) = is_understood(&words(&command)) {
                wrong.push(format!("{}: `{command}`: {why}", page.at(line)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 40, "only {count} commands were found");
}

#[test]
fn words_that_mcpset_does_not_know_are_found() {
    assert!(is_understood(&["litellm", "FILE", "--as", "values"]).is_ok());
    for wrong in [
        "litellm FILE --as prose",
        "render FILE --nothing",
        "nothing",
    ] {
        assert!(is_understood(&wrong.split(' ').collect::<Vec<_>>()).is_err());
    }
}
