//! One changed value in lines.

use serde_json::Value as Json;

use super::lines::{Line, Sign};
use crate::diff::hidden::shown_text;
use crate::diff::{Change, Field, Gap, gaps, hidden};
use crate::report::text::printable;
use crate::yaml;

/// Columns of a line that shows both values.
const WIDTH: usize = 100;
/// Characters of a value that are shown of one line.
const LONGEST: usize = 300;
/// Characters before the first difference of values that are longer.
const BEFORE: usize = 40;
/// Lines of one value.
const MOST: usize = 40;
/// Lines around changed ones of a text.
const AROUND: usize = 1;

/// How much of a value is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// All of it.
    Whole,
    /// What a person reads.
    Part,
    /// Where it is, and what happens to it.
    Path,
}

/// The lines of `field`, below its object.
pub fn lines(field: &Field, extent: Extent) -> Vec<Line> {
    let lines = all(field, extent);
    match extent {
        Extent::Whole => lines,
        Extent::Part => limited(lines),
        Extent::Path => lines.into_iter().filter(|line| line.level == 1).collect(),
    }
}

fn all(field: &Field, extent: Extent) -> Vec<Line> {
    let path = field.path.to_string();
    let path = printable(&path);
    match &field.change {
        Change::Added(value) => whole(Sign::Added, &path, value, extent),
        Change::Removed(value) => whole(Sign::Removed, &path, value, extent),
        Change::Changed { old, new } => changed(&path, old, new, extent),
        Change::Reordered { old, new } => {
            let mut lines = vec![Line::new(
                1,
                Sign::Changed,
                format!("{path}: another order"),
            )];
            for (sign, names) in [(Sign::Removed, old), (Sign::Added, new)] {
                let names = cut(&printable(&names.join(", ")), extent);
                lines.push(Line::new(2, sign, names));
            }
            lines
        }
    }
}

/// The lines of a value that is in one state alone.
fn whole(sign: Sign, path: &str, value: &Json, extent: Extent) -> Vec<Line> {
    if let Some(text) = scalar(value) {
        return vec![Line::new(
            1,
            sign,
            format!("{path}: {}", cut(&text, extent)),
        )];
    }
    let mut text = String::new();
    // A JSON value has nothing that YAML has not.
    let _ = yaml::document(&mut text, &hidden::shown(value));
    let mut lines = vec![Line::new(1, sign, format!("{path}:"))];
    lines.extend(
        text.lines()
            .map(|line| Line::new(2, sign, cut(line, extent))),
    );
    lines
}

fn changed(path: &str, old: &Json, new: &Json, extent: Extent) -> Vec<Line> {
    if hidden::is_hidden(old)
        && hidden::is_hidden(new)
        && scalar(old).is_some()
        && scalar(new).is_some()
    {
        let what = format!("{path}: another value, which is not shown");
        return vec![Line::new(1, Sign::Changed, what)];
    }
    if let (Json::String(old), Json::String(new)) = (old, new)
        && [old, new]
            .iter()
            .any(|text| text.trim_end_matches('\n').contains('\n'))
    {
        return text(path, old, new, extent);
    }
    let (Some(before), Some(after)) = (scalar(old), scalar(new)) else {
        let mut lines = whole(Sign::Removed, path, old, extent);
        lines.extend(whole(Sign::Added, path, new, extent));
        return lines;
    };
    let one = format!("{path}: {before} → {after}");
    if one.chars().count() <= WIDTH {
        return vec![Line::new(1, Sign::Changed, one)];
    }
    let (before, after) = around_difference(before, after, extent);
    vec![
        Line::new(1, Sign::Changed, format!("{path}:")),
        Line::new(2, Sign::Removed, cut(&before, extent)),
        Line::new(2, Sign::Added, cut(&after, extent)),
    ]
}

/// A scalar, an empty list or an empty mapping as YAML spells it; `None` for what takes several lines.
fn scalar(value: &Json) -> Option<String> {
    match value {
        Json::String(text) if !text.trim_end_matches('\n').contains('\n') => {
            let mut spelled = String::new();
            yaml::scalar(&mut spelled, &shown_text(text));
            Some(spelled)
        }
        Json::Array(items) if !items.is_empty() => None,
        Json::Object(fields) if !fields.is_empty() => None,
        Json::String(_) => None,
        other => Some(other.to_string()),
    }
}

/// The lines of a text that are not as they were.
fn text(path: &str, old: &str, new: &str, extent: Extent) -> Vec<Line> {
    let (before, after): (Vec<&str>, Vec<&str>) =
        (old.split('\n').collect(), new.split('\n').collect());
    let mut lines = vec![Line::new(1, Sign::Changed, format!("{path}:"))];
    let mut shown = 0;
    for Gap { old, new } in gaps(&before, &after) {
        let around = |sign, lines: &[&str], range: std::ops::Range<usize>| -> Vec<Line> {
            let lines = lines.get(range.start..range.end.min(lines.len()));
            let lines = lines.unwrap_or_default().iter();
            let lines =
                lines.map(|line| Line::new(2, sign, cut(&printable(&shown_text(line)), extent)));
            lines.collect()
        };
        let begin = old.start.saturating_sub(AROUND).max(shown);
        if begin > shown || shown == 0 && begin > 0 {
            lines.push(Line::new(2, Sign::None, format!("… line {}", begin + 1)));
        }
        lines.extend(around(Sign::None, &before, begin..old.start));
        lines.extend(around(Sign::Removed, &before, old.clone()));
        lines.extend(around(Sign::Added, &after, new));
        shown = old.end;
    }
    lines
}

/// Both values from shortly before where they begin to differ, where they are long.
fn around_difference(old: String, new: String, extent: Extent) -> (String, String) {
    let longest = old.chars().count().max(new.chars().count());
    if longest <= LONGEST || extent == Extent::Whole {
        return (old, new);
    }
    let same = old
        .chars()
        .zip(new.chars())
        .take_while(|(old, new)| old == new)
        .count();
    let skipped = same.saturating_sub(BEFORE);
    let from = |text: &str| -> String {
        let dots = if skipped > 0 { "…" } else { "" };
        dots.chars().chain(text.chars().skip(skipped)).collect()
    };
    (from(&old), from(&new))
}

/// As much of `line` as is shown.
fn cut(line: &str, extent: Extent) -> String {
    if line.chars().count() <= LONGEST || extent == Extent::Whole {
        return line.to_owned();
    }
    line.chars().take(LONGEST).chain("…".chars()).collect()
}

/// As many of `lines` as are shown.
fn limited(mut lines: Vec<Line>) -> Vec<Line> {
    if let Some(more) = lines.len().checked_sub(MOST).filter(|more| *more > 1) {
        lines.truncate(MOST);
        lines.push(Line::new(2, Sign::None, format!("… and {more} more lines")));
    }
    lines
}
