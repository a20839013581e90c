//! Whether a first set is one: the whole house reads it, as it will read the file.

use crate::hosts::files;
use crate::init;
use crate::problem::{Problems, Severity};
use crate::source::{Origin, Sources};

/// What a report calls the text.
const NAME: &str = "mcpset.yaml, not yet written";

/// What `text` is refused for, or warned of.
pub fn problems(text: &str) -> (Problems, Sources) {
    let (mut sources, mut problems) = (Sources::default(), Problems::default());
    files::all_sets(
        [text],
        &mut sources,
        &mut problems,
        |text, sources, problems| {
            files::keep(NAME.into(), text.into(), Origin::Person, sources, problems)
        },
    );
    (problems, sources)
}

/// Why `wanted` is no set, in the words of the first error.
pub fn refusal(wanted: &init::Wanted) -> Option<String> {
    let (problems, _) = problems(&init::set(wanted));
    let mut problems = problems.into_sorted().into_iter();
    let error = problems.find(|problem| problem.severity == Severity::Error)?;
    Some(format!("{}; {}", error.message, error.help))
}
