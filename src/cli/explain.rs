//! `mcpset explain`: what a word in a report means.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use super::chosen::Chosen;
use super::{End, print};
use crate::check::rules::{CATALOGUE, Rule};
use crate::nearest::nearest;
use crate::problem::Code;
use crate::profiles::{PROFILES, Profile};
use crate::report::{catalogue, decisions, fields, profiles};
use crate::schema::{NotFound, View};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// A field of the config, such as servers.probes; a rule's id or name, such as MCP011 or
    /// capabilities; another word that a report has in brackets, such as wrong-kind; `profiles`, or one
    /// of them, such as profile/github; without it all rules are listed
    #[arg(value_name = "WORD")]
    word: Option<String>,
    /// Say what was decided of the servers of the set in this file, and why; WORD is then the name of
    /// a server, and without it all are shown
    #[arg(long, value_name = "FILE")]
    of: Option<PathBuf>,
    /// The set's name, or namespace/name, where the file has several
    #[arg(long, value_name = "NAME", requires = "of")]
    set: Option<String>,
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

/// Prints what is known of the word in `args`, or what was decided of a set.
pub fn run(args: &Args) -> Result<(), End> {
    let text = match &args.of {
        Some(file) => decided(args, file)?,
        None => known(args.word.as_deref())?,
    };
    print(text.as_bytes())
}

/// What was decided of the servers of the set in `file`.
fn decided(args: &Args, file: &Path) -> Result<String, End> {
    let chosen = Chosen::new(file, args.set.as_deref());
    let set = chosen.read("an explanation")?;
    let name = args.word.as_deref();
    decisions::decisions(&set, name).ok_or_else(|| {
        let names: Vec<&str> = set
            .servers
            .iter()
            .map(|server| server.name.as_str())
            .collect();
        let name = name.unwrap_or_default().escape_debug();
        End::Usage(format!(
            "the set has no server `{name}`; it has {}",
            names.join(", ")
        ))
    })
}

/// What is known of `word`, or the table of all rules.
fn known(word: Option<&str>) -> Result<String, End> {
    Ok(match word {
        None => catalogue::table(),
        Some(word) => match topic(word) {
            Some(Topic::Rule(rule)) => catalogue::explained(rule) + &fields::so_called(rule.name),
            Some(Topic::Code(code)) => catalogue::meaning(code),
            Some(Topic::Profile(profile)) => profiles::explained(profile),
            Some(Topic::Profiles) => profiles::table(),
            None => match View::find(word) {
                Ok(field) => fields::explained(&field),
                Err(problem) => return Err(End::Usage(unknown(word, &problem))),
            },
        },
    })
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

/// Every word that can be explained, for completion.
pub fn words() -> impl Iterator<Item = String> {
    topics().map(|(word, _)| word.into_owned())
}

fn topic(word: &str) -> Option<Topic> {
    topics()
        .find(|(known, _)| known.eq_ignore_ascii_case(word))
        .map(|(_, topic)| topic)
}

/// `word` names nothing: what is near, a word or else a field.
fn unknown(word: &str, problem: &NotFound) -> String {
    let words: Vec<_> = topics().map(|(word, _)| word).collect();
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    let profile = format!("{}{word}", profiles::PREFIX);
    let near = words
        .iter()
        .find(|known| known.eq_ignore_ascii_case(&profile));
    match (near.copied().or_else(|| nearest(word, &words)), problem) {
        (Some(near), NotFound::Unknown { parent: None, .. }) => format!(
            "nothing is called `{}`; did you mean `{near}`?",
            word.escape_debug()
        ),
        _ => fields::not_found(word, problem),
    }
}
