//! What changes, in lines, of which each form makes its own.

use std::collections::HashMap;

use super::values::{self, Extent};
use crate::diff::{Changed, Field, How};
use crate::problem::ObjectRef;
use crate::report::text::printable;

/// Lines of one object after which its fields are named without their values: more of them tell the same
/// again, as alerts on one more server do.
const WITH_VALUES: usize = 24;

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Line {
    /// How far in it begins: 0 for objects, 1 for their fields, 2 for values.
    pub level: usize,
    /// What happens to what it tells of.
    pub sign: Sign,
    /// Its text, which steers no terminal.
    pub text: String,
}

/// What happens to what a line tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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
/// which the same fields change in the same way, as a version in their labels, share them. Of each object
/// the values of the first fields are shown, unless all are `whole`.
pub fn lines(objects: &[Changed], whole: bool) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut groups: Vec<Vec<&ObjectRef>> = Vec::new();
    let mut fields: HashMap<Vec<Line>, usize> = HashMap::new();
    let (mut gone, mut new) = (Vec::new(), Vec::new());
    for changed in objects {
        let fields_of = match &changed.how {
            How::Removed => {
                gone.push(object(Sign::Removed, &changed.object));
                continue;
            }
            How::Added => {
                new.push(object(Sign::Added, &changed.object));
                continue;
            }
            How::Changed(fields) => of_fields(fields, whole),
        };
        let group = *fields.entry(fields_of).or_insert(groups.len());
        match groups.get_mut(group) {
            Some(objects) => objects.push(&changed.object),
            None => groups.push(vec![&changed.object]),
        }
    }
    lines.append(&mut gone);
    lines.append(&mut new);
    let mut fields: Vec<(Vec<Line>, usize)> = fields.into_iter().collect();
    fields.sort_by_key(|(_, group)| *group);
    for (objects, (fields, _)) in groups.into_iter().zip(fields) {
        lines.extend(
            objects
                .into_iter()
                .map(|changed| object(Sign::Changed, changed)),
        );
        lines.extend(fields);
    }
    lines
}

fn of_fields(fields: &[Field], whole: bool) -> Vec<Line> {
    let mut lines = Vec::new();
    for field in fields {
        let extent = match lines.len() {
            _ if whole => Extent::Whole,
            ..WITH_VALUES => Extent::Part,
            _ => Extent::Path,
        };
        lines.extend(values::lines(field, extent));
    }
    lines
}

fn object(sign: Sign, object: &ObjectRef) -> Line {
    Line::new(0, sign, printable(&object.to_string()).into_owned())
}
