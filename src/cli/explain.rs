//! `mcpset explain`: what a word in a report means.

use std::borrow::Cow;
use std::io::{self, Write};

use super::End;
use crate::check::rules::{CATALOGUE, Rule};
use crate::nearest::nearest;
use crate::problem::Code;
use crate::profiles::{PROFILES, Profile};
use crate::report::{catalogue, profiles};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// A rule's id or name, such as MCP011 or capabilities; another word that a report has in
    /// brackets, such as wrong-kind; `profiles`, or one of them, such as profile/github; without it
    /// all rules are listed
    #[arg(value_name = "WORD")]
    word: Option<String>,
}

/// What a word can name.
enum Topic {
    Rule(&'static Rule),
    Code(Code),
    Profile(&'static Profile),
    Profiles,
}

/// Lists the profiles.
const ALL_PROFILES: &str = "profiles";

/// Prints what is known of the word in `args`.
pub fn run(args: &Args) -> Result<(), End> {
    let text = match &args.word {
        None => catalogue::table(),
        Some(word) => match topic(word) {
            Some(Topic::Rule(rule)) => catalogue::explained(rule),
            Some(Topic::Code(code)) => catalogue::meaning(code),
            Some(Topic::Profile(profile)) => profiles::explained(profile),
            Some(Topic::Profiles) => profiles::table(),
            None => return Err(End::Usage(unknown(word))),
        },
    };
    Ok(io::stdout().lock().write_all(text.as_bytes())?)
}

/// Every word that can be explained, and what it names.
fn topics() -> impl Iterator<Item = (Cow<'static, str>, Topic)> {
    let rules = CATALOGUE.iter().copied().flat_map(|rule| {
        let words = [rule.id, rule.name].into_iter();
        words.map(move |word| (word.into(), Topic::Rule(rule)))
    });
    let codes = Code::OF_INPUT.into_iter();
    let profiles = PROFILES.iter().map(|profile| {
        let word = format!("{}{}", profiles::PREFIX, profile.name);
        (word.into(), Topic::Profile(profile))
    });
    rules
        .chain(codes.map(|code| (code.as_str().into(), Topic::Code(code))))
        .chain(profiles)
        .chain([(ALL_PROFILES.into(), Topic::Profiles)])
}

fn topic(word: &str) -> Option<Topic> {
    topics()
        .find(|(known, _)| known.eq_ignore_ascii_case(word))
        .map(|(_, topic)| topic)
}

fn unknown(word: &str) -> String {
    let words: Vec<_> = topics().map(|(word, _)| word).collect();
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    let advice = nearest(word, &words).map_or_else(
        || "`mcpset explain` lists the rules, `mcpset explain profiles` the profiles".to_owned(),
        |near| format!("did you mean `{near}`?"),
    );
    format!("nothing is called `{}`; {advice}", word.escape_debug())
}
