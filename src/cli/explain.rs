//! `mcpset explain`: what a word in a report means.

use std::io::{self, Write};

use super::End;
use crate::check::rules::{CATALOGUE, Rule};
use crate::nearest::nearest;
use crate::problem::Code;
use crate::report::catalogue;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// A rule's id or name, such as MCP011 or capabilities, or another word that a report has in
    /// brackets, such as wrong-kind; without it all rules are listed
    #[arg(value_name = "WORD")]
    word: Option<String>,
}

/// What a word can name.
enum Topic {
    Rule(&'static Rule),
    Code(Code),
}

/// Prints what is known of the word in `args`.
pub fn run(args: &Args) -> Result<(), End> {
    let text = match &args.word {
        None => catalogue::table(),
        Some(word) => match topic(word) {
            Some(Topic::Rule(rule)) => catalogue::explained(rule),
            Some(Topic::Code(code)) => catalogue::meaning(code),
            None => return Err(End::Usage(unknown(word))),
        },
    };
    Ok(io::stdout().lock().write_all(text.as_bytes())?)
}

/// Every word that can be explained, and what it names.
fn topics() -> impl Iterator<Item = (&'static str, Topic)> {
    let rules = CATALOGUE.iter().copied().flat_map(|rule| {
        let words = [rule.id, rule.name].into_iter();
        words.map(move |word| (word, Topic::Rule(rule)))
    });
    let codes = Code::OF_INPUT.into_iter();
    rules.chain(codes.map(|code| (code.as_str(), Topic::Code(code))))
}

fn topic(word: &str) -> Option<Topic> {
    topics()
        .find(|(known, _)| known.eq_ignore_ascii_case(word))
        .map(|(_, topic)| topic)
}

fn unknown(word: &str) -> String {
    let words: Vec<&str> = topics().map(|(word, _)| word).collect();
    let advice = nearest(word, &words).map_or_else(
        || "`mcpset explain` lists what there is".to_owned(),
        |near| format!("did you mean `{near}`?"),
    );
    format!("no rule is called `{}`; {advice}", word.escape_debug())
}
