//! What is known of MCP servers that many people run: how each is started, what it listens on, where
//! it writes, what it must be told.
//!
//! Every one of them breaks a naive Deployment in its own way, and nobody should find that out twice.
//! A profile is data: a file here, a line in [`PROFILES`], a set that uses it in `examples/profiles`.

use crate::api;
use crate::problem::Problems;
use crate::source::Place;
use crate::yaml::{self, Dialect};

/// What is known of one server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Profile {
    /// What a server says to have it.
    pub name: &'static str,
    /// All that is known, as it is written.
    text: &'static str,
    /// A set that uses it.
    pub example: &'static str,
}

macro_rules! profiles {
    ($($name:literal)*) => {
        &[$(Profile {
            name: $name,
            text: include_str!(concat!($name, ".yaml")),
            example: include_str!(concat!("../../examples/profiles/", $name, ".yaml")),
        }),*]
    };
}

/// All profiles, by name.
pub const PROFILES: &[Profile] = profiles![
    "atlassian"
    "aws-api"
    "github"
    "gitlab"
    "grafana"
    "kubernetes"
    "postgres"
    "prometheus"
    "slack"
    "terraform"
];

/// Before the fields of the server, which stand last in a profile's file.
const SERVER: &str = "\nserver:\n";
const INDENT: &str = "  ";

/// Whether the version `tag` is before `since`; of what is no version nobody knows.
#[must_use]
pub fn is_before(tag: &str, since: &str) -> bool {
    let numbers = |text: &str| -> Option<Vec<u64>> {
        let parts = text.trim_start_matches('v').split('.').map(str::parse);
        parts.collect::<Result<_, _>>().ok()
    };
    matches!((numbers(tag), numbers(since)), (Some(tag), Some(since)) if tag < since)
}

impl Profile {
    /// The profile called `name`.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        PROFILES.iter().find(|profile| profile.name == name)
    }

    /// What it says, as if all of it stood at `place`: where a person named it.
    pub fn read(&self, place: Place, problems: &mut Problems) -> Option<api::Profile> {
        let mut document = yaml::parse(self.text, place.source, problems).pop()?;
        document.move_to(place);
        yaml::decode(&document, Dialect::Written, problems)
    }

    /// The fields of the server as they are written, with the reasons beside them.
    #[must_use]
    pub fn server(&self) -> String {
        let fields = self.text.split_once(SERVER);
        let fields = fields.map_or("", |(_, fields)| fields);
        let lines = fields.lines();
        let lines = lines.map(|line| line.strip_prefix(INDENT).unwrap_or(line));
        lines.flat_map(|line| [line, "\n"]).collect()
    }
}
