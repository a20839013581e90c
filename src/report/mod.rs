//! Showing problems; see `problem` for what they are. Each form has a file, and each but the text
//! for people is made of the same locations.

pub mod catalogue;
mod checklist;
pub mod decisions;
pub mod diff;
mod discretion;
pub mod fields;
mod github;
pub mod graph;
mod json;
mod junit;
mod location;
pub mod profiles;
mod prose;
mod sarif;
mod text;

pub use checklist::render as checklist;
use discretion::discreet;
pub use github::render as github;
pub use json::render as json;
pub use junit::render as junit;
pub use sarif::render as sarif;
pub use text::{Occasion, render as text};

use std::fmt::Write as _;

use crate::problem::{Inside, Problem};
use crate::source::Sources;
use crate::yaml::place_inside;

/// `problem` as it is shown: at the very line that it means, and without the words of a credential.
#[must_use]
pub fn presentable(mut problem: Problem, sources: &Sources) -> Problem {
    if let (Some(place), Some(inside)) = (problem.place, problem.inside.take()) {
        let source = sources.get(place.source);
        let precise = source.and_then(|source| place_inside(&source.text, place, inside));
        problem.place = precise.or(problem.place);
        if precise.is_none() {
            let Inside { line, column } = inside;
            let _ = write!(problem.message, " (line {line}, column {column})");
        }
    }
    discreet(problem, sources)
}
