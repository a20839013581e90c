//! Showing problems; see `problem` for what they are. Each form has a file, and each but the text
//! for people is made of the same locations.

pub mod catalogue;
mod checklist;
mod discretion;
mod github;
mod json;
mod junit;
mod location;
mod sarif;
mod text;

pub use checklist::render as checklist;
pub use discretion::discreet;
pub use github::render as github;
pub use json::render as json;
pub use junit::render as junit;
pub use sarif::render as sarif;
pub use text::{Occasion, render as text};

/// `report` as JSON that people can read, too.
fn pretty(report: &impl serde::Serialize) -> String {
    // Reports are text, numbers and maps with text for keys: nothing of them can fail.
    let mut text = serde_json::to_string_pretty(report).unwrap_or_default();
    text.push('\n');
    text
}
