//! Gatekeeper's policies among what a host hands over: what is made of its sets keeps them too.
//!
//! Only our own output is judged. The rest of a stream is not ours to refuse, but what is made stands
//! among it, and policies compare.

use super::says;
use crate::check::Subject;
use crate::model::Set;
use crate::problem::{Problems, Severity};
use crate::yaml::Node;

/// What a template says of itself. Without one no constraint can be evaluated, and hardly any input has
/// one: the others are not read for it.
const TEMPLATE: &str = "ConstraintTemplate";
/// What every part of a policy says of itself.
const GROUP: &str = "gatekeeper.sh";

/// Whether `text` may hold policies.
#[must_use]
pub fn says_template(text: &str) -> bool {
    says(text, TEMPLATE)
}

/// What `read` makes of `text`, which is no set. What cannot be read is somebody else's concern, unless
/// it may be a policy.
pub fn read_other<T>(
    text: &str,
    problems: &mut Problems,
    read: impl FnOnce(&mut Problems) -> T,
) -> T {
    let mut mistakes = Problems::default();
    let value = read(&mut mistakes);
    if says(text, GROUP) {
        problems.extend(mistakes);
    }
    value
}

/// Notes what of the objects of `sets` breaks a policy among `others`.
pub fn judge<'s>(sets: impl Iterator<Item = &'s Set>, others: Vec<Node>, problems: &mut Problems) {
    let mut subject = Subject::default();
    let mut sets = sets.peekable();
    if sets.peek().is_none() {
        return;
    }
    for set in sets {
        subject.add_objects(set);
    }
    for document in others {
        subject.add(document, &mut Problems::default());
    }
    for problem in subject.violations() {
        if problem.severity != Severity::Note {
            problems.push(problem);
        }
    }
}
