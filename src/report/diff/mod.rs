//! Showing what is different between two states; see `diff` for what that is.

mod json;
mod lines;
mod markdown;
mod text;
mod values;

pub use json::render as json;
pub use markdown::render as markdown;
pub use text::render as text;

use crate::diff::{Difference, Effect, How, Outcome};

/// `2 objects changed, 1 added, 1 removed; pods of 1 workload restart`.
fn summary(difference: &Difference) -> String {
    let count = |is_it: fn(&How) -> bool| {
        let objects = difference.objects.iter();
        objects.filter(|object| is_it(&object.how)).count()
    };
    let counts = [
        (count(|how| matches!(how, How::Changed(_))), "changed"),
        (count(|how| matches!(how, How::Added)), "added"),
        (count(|how| matches!(how, How::Removed)), "removed"),
    ];
    let counts = counts.into_iter().filter(|(number, _)| *number > 0);
    let counts: Vec<String> = counts
        .map(|(number, word)| format!("{number} {word}"))
        .collect();
    if counts.is_empty() {
        return "no difference".to_owned();
    }
    let mut summary = counts.join(", ");
    for (outcome, one, several) in [
        (
            Outcome::Recreate,
            "1 must be made anew",
            "must be made anew",
        ),
        (
            Outcome::Restart,
            "1 restarts its pods",
            "restart their pods",
        ),
        (
            Outcome::Stale,
            "1 is stale until it is restarted",
            "are stale until they are restarted",
        ),
    ] {
        match of(difference, outcome).count() {
            0 => {}
            1 => summary = format!("{summary}; {one}"),
            number => summary = format!("{summary}; {number} {several}"),
        }
    }
    summary
}

/// The effects with this outcome.
fn of(difference: &Difference, outcome: Outcome) -> impl Iterator<Item = &Effect> {
    let effects = difference.effects.iter();
    effects.filter(move |effect| effect.outcome == outcome)
}
