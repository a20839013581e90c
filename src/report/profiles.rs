//! The profiles for people: a table, a profile in full, and the page of the documentation.

use std::fmt::Write as _;

use super::prose::{below, indented};
use crate::api;
use crate::markdown;
use crate::problem::Problems;
use crate::profiles::{PROFILES, Profile};
use crate::source::Place;

/// Before the name of a profile, where it stands among other words.
pub const PREFIX: &str = "profile/";

/// What a profile says of itself.
struct About {
    title: String,
    image: String,
    since: String,
    source: String,
    verified: String,
    /// What it is, and what could be written.
    needs: Vec<(String, String)>,
    notes: Vec<String>,
}

impl About {
    fn of(profile: &Profile) -> Self {
        // What cannot be read is told where the profile is used; a test reads them all.
        let read = profile.read(Place::default(), &mut Problems::default());
        let read = read.unwrap_or_default();
        let text = |field: &api::Field<String>| field.value().cloned().unwrap_or_default();
        let texts = |list: &api::Field<api::List<String>>| {
            let items = list.value().into_iter().flatten();
            items.map(text).collect()
        };
        let needs = read.needs.value().into_iter().flatten();
        Self {
            title: text(&read.title),
            image: format!("{}:{}", text(&read.image), text(&read.version)),
            since: text(&read.since),
            source: text(&read.source),
            verified: text(&read.verified),
            needs: needs
                .filter_map(|need| need.value())
                .map(|need| (text(&need.is), text(&need.example)))
                .collect(),
            notes: texts(&read.notes),
        }
    }
}

/// All profiles, one a line.
#[must_use]
pub fn table() -> String {
    let widest = PROFILES.iter().map(|profile| profile.name.len()).max();
    let widest = widest.unwrap_or_default();
    let mut text = String::new();
    for profile in PROFILES {
        let (name, about) = (profile.name, About::of(profile));
        let _ = writeln!(
            text,
            "{PREFIX}{name:widest$}  {} ({})",
            about.title, about.image
        );
    }
    text
}

/// `profile` in full.
#[must_use]
pub fn explained(profile: &Profile) -> String {
    let about = About::of(profile);
    let mut text = format!("{PREFIX}{}: {}\n", profile.name, about.title);
    let image = match about.since.as_str() {
        "" => about.image.clone(),
        since => format!("{}; all this holds from {since} on", about.image),
    };
    for (heading, line) in [
        ("Image", &image),
        ("Source", &about.source),
        ("Verified", &about.verified),
    ] {
        let _ = writeln!(text, "\n{heading}\n{}", below("    ", "    ", line));
    }
    if !about.needs.is_empty() {
        text.push_str("\nWhat it must be told\n");
    }
    for (is, example) in &about.needs {
        let _ = writeln!(text, "    - {is}:\n      {example}");
    }
    if !about.notes.is_empty() {
        text.push_str("\nNotes\n");
    }
    for note in &about.notes {
        let _ = writeln!(text, "{}", below("    - ", "      ", note));
    }
    let _ = write!(
        text,
        "\nWhat it says of the server; each field can be written otherwise\n{}",
        indented(&profile.server())
    );
    let _ = write!(text, "\nA set that uses it\n{}", indented(set_of(profile)));
    text
}

/// The set that shows `profile`, without the line that leads an editor to the schema beside it.
fn set_of(profile: &Profile) -> &'static str {
    let text = profile.example;
    let rest = text.split_once('\n').map_or(text, |(_, rest)| rest);
    if text.starts_with("# yaml-language-server") {
        rest
    } else {
        text
    }
}

/// The page of the documentation, in Markdown.
#[must_use]
pub fn page() -> String {
    let mut page = String::from(
        "# Profiles\n\n\
        What is known of MCP servers that many people run: how each is started, what it listens on, \
        what it must be told. `profile: github` takes it over, and each field that a server writes \
        itself counts instead. Of mappings with free keys (`env`, `labels`, …), `resources` and \
        `probes`, single keys do. Its `args` follow the profile's, as programs take the last of two; \
        `command` does away with both. `defaults` fill what all this leaves open. \
        `mcpset explain profile/github` prints any of these on a terminal. This page is made from \
        the profiles themselves.\n\n\
        | profile | is | image |\n|---|---|---|\n",
    );
    for profile in PROFILES {
        let (name, about) = (profile.name, About::of(profile));
        let _ = writeln!(
            page,
            "| [{name}](#{name}) | {} | {} |",
            markdown::prose(&about.title),
            markdown::code(&about.image)
        );
    }
    for profile in PROFILES {
        section(&mut page, profile);
    }
    page
}

fn section(page: &mut String, profile: &Profile) {
    let (prose, about) = (markdown::prose, About::of(profile));
    let _ = writeln!(page, "\n## {}\n", profile.name);
    let _ = writeln!(page, "{}, {}.\n", prose(&about.title), about.source);
    if !about.since.is_empty() {
        let since = markdown::code(&about.since);
        let _ = writeln!(page, "All this holds from {since} on.\n");
    }
    let _ = writeln!(page, "**Verified:** {}\n", prose(&about.verified));
    let needs = about.needs.iter();
    let needs = needs.map(|(is, example)| format!("{}: {}", prose(is), markdown::code(example)));
    let notes = about.notes.iter().map(|note| prose(note));
    for (heading, items) in [
        ("What it must be told:", needs.collect::<Vec<_>>()),
        ("Notes:", notes.collect()),
    ] {
        if !items.is_empty() {
            let _ = writeln!(page, "{heading}\n\n- {}\n", items.join("\n- "));
        }
    }
    let server = profile.server();
    let _ = writeln!(page, "{}", markdown::block("yaml", &server));
    let _ = write!(
        page,
        "A set that uses it:\n\n{}",
        markdown::block("yaml", set_of(profile))
    );
}
