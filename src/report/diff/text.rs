//! What is different, for people at a terminal.

use std::fmt::Write as _;

use super::lines::{Sign, lines};
use super::summary;
use crate::diff::{Difference, Outcome};
use crate::report::prose::below;
use crate::report::text::printable;

/// Columns of a level.
const STEP: usize = 4;
/// What ends a colour (ECMA-48, SGR).
const RESET: &str = "\u{1b}[0m";

/// `difference` as text, its values `whole` or as far as people read them; with colours that the caller
/// removes where nobody sees them.
#[must_use]
pub fn render(difference: &Difference, whole: bool) -> String {
    let mut text = String::new();
    for line in lines(&difference.objects, whole) {
        let (sign, colour) = match line.sign {
            Sign::Added => ("+ ", "\u{1b}[32m"),
            Sign::Removed => ("- ", "\u{1b}[31m"),
            Sign::Changed => ("~ ", "\u{1b}[33m"),
            Sign::None => ("  ", ""),
        };
        let indent = " ".repeat(STEP * line.level);
        let reset = if colour.is_empty() { "" } else { RESET };
        let _ = writeln!(text, "{indent}{colour}{sign}{}{reset}", line.text);
    }
    if !difference.effects.is_empty() {
        text.push_str("\nWhen this is applied:\n");
    }
    for effect in &difference.effects {
        let word = match effect.outcome {
            Outcome::Recreate => "recreate",
            Outcome::Restart => "restarts",
            Outcome::Stale => "is stale",
        };
        let object = effect.object.to_string();
        let told = format!("{}: {}", printable(&object), printable(&effect.reason));
        let first = format!("  {word}  ");
        let rest = " ".repeat(STEP * 3);
        let _ = writeln!(text, "{}", below(&first, &rest, &told));
        if let Some(command) = &effect.command {
            let _ = writeln!(text, "{rest}$ {}", printable(command));
        }
    }
    if !text.is_empty() {
        text.push('\n');
    }
    let _ = writeln!(text, "{}", summary(difference));
    text
}
