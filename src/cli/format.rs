//! The forms of a report.

use crate::problem::Problem;
use crate::report::{self, Occasion};
use crate::source::Sources;

/// The form of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Format {
    /// For people: each finding with its line, and what to do
    #[default]
    Text,
    /// For programs: JSON
    Json,
    /// For code hosts and editors: SARIF 2.1.0
    Sarif,
    /// For any CI: JUnit's XML
    Junit,
    /// For GitHub Actions: annotations of the lines
    Github,
}

impl Format {
    /// What was found, in this form.
    pub fn render(self, found: &[Problem], sources: &Sources) -> String {
        match self {
            Self::Text => report::text(found, sources, Occasion::Checking),
            Self::Json => report::json(found, sources),
            Self::Sarif => report::sarif(found, sources),
            Self::Junit => report::junit(found, sources),
            Self::Github => report::github(found, sources),
        }
    }
}
