//! How servers stand by the guide's checklist, for people: a line a point, and below it what they can
//! do.

use std::fmt::Write as _;

use super::location::Locations;
use super::presentable;
use super::text::printable;
use crate::check::{Checklist, Listed, Standing};
use crate::credential::credential;
use crate::problem::{Problem, Severity};
use crate::source::{Place, Sources};

/// Below a point.
const INDENT: &str = "                ";
/// The words for how a point stands, in the order in which they are counted.
const WORDS: [&str; 6] = [
    "proved",
    "violated",
    "allowed",
    "open",
    "live",
    "not needed",
];

/// `checklist` as text.
#[must_use]
pub fn render(checklist: &Checklist, sources: &Sources) -> String {
    let mut page = Page {
        text: String::new(),
        sources,
        locations: Locations::new(sources),
    };
    for server in &checklist.servers {
        page.server(server);
    }
    page.others(&checklist.others);
    page.text
}

struct Page<'s> {
    text: String,
    sources: &'s Sources,
    locations: Locations<'s>,
}

impl Page<'_> {
    fn server(&mut self, server: &Listed) {
        let place = self.place(Some(server.place));
        self.line("", &format!("{}{place}", server.object));
        for (number, (point, standing)) in (1..).zip(&server.points) {
            let why = match standing {
                Standing::Open(why, _) | Standing::NotNeeded(why) => format!(": {why}"),
                _ => String::new(),
            };
            let word = word(standing);
            self.line("", &format!("{number:2}  {word:10}  {}{why}", point.title));
            match standing {
                Standing::Violated(found) | Standing::Allowed(found) => {
                    for problem in found {
                        self.problem(problem);
                    }
                }
                Standing::Open(_, commands) | Standing::Live(commands) => {
                    for command in commands {
                        self.line(INDENT, &command.to_string());
                    }
                }
                Standing::Proved | Standing::NotNeeded(_) => {}
            }
        }
        let counts = WORDS.iter().filter_map(|word| {
            let standings = server
                .points
                .iter()
                .map(|(_, standing)| self::word(standing));
            let number = standings.filter(|known| known == word).count();
            (number > 0).then(|| format!("{number} {word}"))
        });
        let counts: Vec<String> = counts.collect();
        self.line("", &format!("    {}", counts.join(", ")));
        self.text.push('\n');
    }

    /// What a finding says, where it is, and what to do or why nothing needs to be done.
    fn problem(&mut self, problem: &Problem) {
        let problem = presentable(problem.clone(), self.sources);
        let place = self.place(problem.place);
        let (severity, code) = (problem.severity.as_str(), problem.code);
        let message = &problem.message;
        self.line(INDENT, &format!("{severity}[{code}]: {message}{place}"));
        match &problem.exception {
            Some(reason) => self.line(INDENT, &format!("  allowed: {reason}")),
            None => self.line(INDENT, &format!("  help: {}", problem.help)),
        }
    }

    /// What no point is about, told by the number: its place is the report.
    fn others(&mut self, others: &[Problem]) {
        let errors = others.iter().filter(|p| p.severity == Severity::Error);
        let number = match (others.len(), errors.count()) {
            (0, _) => return,
            (all, 0) => format!("{all}, no errors"),
            (all, errors) => format!("{all}, errors: {errors}"),
        };
        let mut codes: Vec<&str> = others.iter().map(|problem| problem.code.as_str()).collect();
        codes.sort_unstable();
        codes.dedup();
        let codes = codes.join(", ");
        self.line(
            "",
            &format!("Findings that are about no point: {number} ({codes}); see `mcpset check`"),
        );
    }

    /// ` (mcp.yaml:9:5)`.
    fn place(&mut self, place: Option<Place>) -> String {
        let location = place.and_then(|place| self.locations.of(place));
        location.map_or(String::new(), |location| {
            let (file, start) = (location.file, location.start);
            format!(" ({file}:{}:{})", start.line, start.column)
        })
    }

    /// A line that neither steers a terminal nor repeats a credential.
    fn line(&mut self, indent: &str, text: &str) {
        let text = match credential(text) {
            Some(what) => format!("(this would show {what})"),
            None => text.to_owned(),
        };
        let _ = writeln!(self.text, "{indent}{}", printable(&text));
    }
}

fn word(standing: &Standing) -> &'static str {
    let [proved, violated, allowed, open, live, not_needed] = WORDS;
    match standing {
        Standing::Proved => proved,
        Standing::Violated(_) => violated,
        Standing::Allowed(_) => allowed,
        Standing::Open(..) => open,
        Standing::Live(_) => live,
        Standing::NotNeeded(_) => not_needed,
    }
}
