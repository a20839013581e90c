//! What is different, as a comment on a pull request.

use std::fmt::Write as _;

use super::lines::{Line, Sign, lines};
use super::summary;
use crate::diff::{Difference, Effect, Outcome};
use crate::markdown::{block, code, prose};
use crate::report::text::printable;

/// Bytes of all lines: GitHub takes comments of 65536 characters.
const LARGEST: usize = 48 << 10;
/// Effects that are told.
const MOST: usize = 50;

/// `difference` as a comment: what happens, and folded away what changes; its values `whole` or as far as
/// people read them.
#[must_use]
pub fn render(difference: &Difference, whole: bool) -> String {
    let mut page = format!("**mcpset diff**: {}\n", summary(difference));
    if difference.objects.is_empty() {
        return page;
    }
    page.push('\n');
    for effect in difference.effects.iter().take(MOST) {
        effect_line(&mut page, effect);
    }
    let effects = difference.effects.len();
    if let Some(more) = effects.checked_sub(MOST).filter(|more| *more > 0) {
        let _ = writeln!(page, "- … and {more} more");
    }
    if effects > 0 {
        page.push('\n');
    }
    page.push_str("<details><summary>What changes</summary>\n\n");
    page.push_str(&block("diff", &diff(&lines(&difference.objects, whole))));
    page.push_str("\n</details>\n");
    page
}

fn effect_line(page: &mut String, effect: &Effect) {
    let word = match effect.outcome {
        Outcome::Recreate => "must be made anew",
        Outcome::Restart => "restarts its pods",
        Outcome::Stale => "is stale until it is restarted",
    };
    let object = effect.object.to_string();
    let (object, reason) = (printable(&object), printable(&effect.reason));
    let _ = write!(page, "- {} **{word}**: {}", code(&object), prose(&reason));
    if let Some(command) = &effect.command {
        let _ = write!(page, "; {}", code(&printable(command)));
    }
    page.push('\n');
}

/// `lines` in the colours of a diff: those that begin with `!` are changed.
fn diff(lines: &[Line]) -> String {
    let mut text = String::new();
    for (number, line) in lines.iter().enumerate() {
        let sign = match line.sign {
            Sign::Added => '+',
            Sign::Removed => '-',
            Sign::Changed => '!',
            Sign::None => ' ',
        };
        if text.len() + line.text.len() > LARGEST {
            let _ = writeln!(
                text,
                "… and {} more lines, which `mcpset diff` shows",
                lines.len() - number
            );
            break;
        }
        let indent = "  ".repeat(line.level);
        let _ = writeln!(text, "{sign} {indent}{}", line.text);
    }
    text
}
