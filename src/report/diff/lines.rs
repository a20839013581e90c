//! What changes, in lines, of which each form makes its own.

use super::values;
use crate::diff::{Changed, How};
use crate::problem::ObjectRef;
use crate::report::text::printable;

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// How far in it begins: 0 for objects, 1 for their fields, 2 for values.
    pub level: usize,
    /// What happens to what it tells of.
    pub sign: Sign,
    /// Its text, which steers no terminal.
    pub text: String,
}

/// What happens to what a line tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// It is added.
    Added,
    /// It is removed.
    Removed,
    /// It is changed.
    Changed,
    /// Nothing: it stands beside what changes.
    None,
}

impl Line {
    /// A line.
    pub fn new(level: usize, sign: Sign, text: String) -> Self {
        Self { level, sign, text }
    }
}

/// The lines of `objects`: what is gone, what is new, and of the others the fields that change. Objects in
/// which the same fields change in the same way, as a version in their labels, share them.
pub fn lines(objects: &[Changed]) -> Vec<Line> {
    let mut lines = Vec::new();
    for (sign, is_it) in [
        (
            Sign::Removed,
            (|how| matches!(how, How::Removed)) as fn(&How) -> bool,
        ),
        (Sign::Added, |how| matches!(how, How::Added)),
    ] {
        let objects = objects.iter().filter(|object| is_it(&object.how));
        lines.extend(objects.map(|changed| object(sign, &changed.object)));
    }
    let mut groups: Vec<(Vec<&ObjectRef>, Vec<Line>)> = Vec::new();
    for changed in objects {
        let How::Changed(fields) = &changed.how else {
            continue;
        };
        let fields: Vec<Line> = fields.iter().flat_map(values::lines).collect();
        match groups.iter_mut().find(|(_, known)| *known == fields) {
            Some((objects, _)) => objects.push(&changed.object),
            None => groups.push((vec![&changed.object], fields)),
        }
    }
    for (objects, fields) in groups {
        lines.extend(
            objects
                .into_iter()
                .map(|changed| object(Sign::Changed, changed)),
        );
        lines.extend(fields);
    }
    lines
}

fn object(sign: Sign, object: &ObjectRef) -> Line {
    Line::new(0, sign, printable(&object.to_string()).into_owned())
}
