//! Places within a text of several lines.
//!
//! A program that stands in a YAML file is read by a reader of its own, which counts lines in what it was
//! given. In a literal block (`|`) each of them is a line of the file, moved to the right.

use crate::problem::Inside;
use crate::source::Place;

/// What a reader takes a tab for.
const TAB: u32 = 4;

/// The word at `inside` of the literal block whose content stands at `place` in `text`; at its end for
/// what is behind it. `None` when no such block stands there.
#[must_use]
pub fn place_inside(text: &str, place: Place, inside: Inside) -> Option<Place> {
    let (before, _) = text.split_at_checked(place.start as usize)?;
    let indent = before.len() - before.trim_end_matches(' ').len();
    let header = before.trim_end();
    let (_, last) = header.rsplit_once('\n').unwrap_or(("", header));
    if !opens_block(last) {
        return None;
    }
    let first = header.len() + text.get(header.len()..)?.find('\n')? + 1;
    let block = text.get(first..place.end as usize)?.trim_end();
    let mut begin = first;
    let mut lines = block.split_inclusive('\n');
    for line in lines.by_ref().take(inside.line.saturating_sub(1) as usize) {
        begin += line.len();
    }
    let at = |start: usize, end: usize| {
        Some(Place {
            source: place.source,
            start: u32::try_from(start).ok()?,
            end: u32::try_from(end).ok()?,
        })
    };
    let Some(line) = lines.next() else {
        return at(first + block.len(), first + block.len());
    };
    let indent = indent.min(line.len() - line.trim_start_matches(' ').len());
    let line = line.get(indent..)?.trim_end();
    let (before, after) = line.split_at_checked(bytes(line, inside.column))?;
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    let behind = after.len() - after.trim_start_matches(is_word).len();
    let word = before.trim_end_matches(is_word).len();
    let (start, end) = match after.chars().next() {
        // A call is known by its name.
        Some('(') if word < before.len() => (word, before.len()),
        Some(c) if !is_word(c) => (before.len(), before.len() + c.len_utf8()),
        _ => (word, before.len() + behind),
    };
    at(begin + indent + start, begin + indent + end)
}

/// Where the byte `offset` of the value `text` is in it.
#[must_use]
pub fn inside(text: &str, offset: usize) -> Inside {
    let before = text.get(..text.floor_char_boundary(offset)).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let begun = before.rsplit('\n').next().unwrap_or_default();
    let widths = begun
        .chars()
        .map(|character| if character == '\t' { TAB } else { 1 });
    Inside {
        line: u32::try_from(line).unwrap_or(u32::MAX),
        column: widths.fold(1, u32::saturating_add),
    }
}

/// Whether the line `header` ends by opening a literal block.
fn opens_block(header: &str) -> bool {
    header.match_indices('|').any(|(at, _)| {
        let rest = header.get(at + 1..).unwrap_or_default();
        let rest = rest.trim_start_matches(|c: char| "+-".contains(c) || c.is_ascii_digit());
        rest.is_empty() || rest.starts_with(' ') && rest.trim_start().starts_with('#')
    })
}

/// How many bytes of `line` are before `column`.
fn bytes(line: &str, column: u32) -> usize {
    let mut at = 1;
    let before = line.chars().take_while(|character| {
        let is_before = at < column;
        at += if *character == '\t' { TAB } else { 1 };
        is_before
    });
    before.map(char::len_utf8).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Problems;
    use crate::yaml::parse;

    /// What is at `line` and `column` of the value of `a`.
    fn at(text: &str, line: u32, column: u32) -> Option<&str> {
        let documents = parse(text, 0, &mut Problems::default());
        let place = documents[0].get("a").unwrap().place;
        let found = place_inside(text, place, Inside { line, column })?;
        text.get(found.start as usize..found.end as usize)
    }

    #[test]
    fn a_word_of_a_literal_block_is_found_whatever_its_lines_look_like() {
        let text = "a: |- # Rego | v1\n\n    b := c.d\n      \n  \n      \te(é, f)\nb: 1\n";
        for text in [text, &text.replace('\n', "\r\n")] {
            assert_eq!(at(text, 2, 1), Some("b"));
            assert_eq!(at(text, 2, 3), Some(":"));
            assert_eq!(at(text, 2, 6), Some("c.d"));
            assert_eq!(at(text, 2, 8), Some("c.d"));
            assert_eq!(at(text, 3, 1), Some(""));
            assert_eq!(at(text, 5, 7), Some("e"));
            assert_eq!(at(text, 5, 8), Some("e"));
            assert_eq!(at(text, 5, 12), Some("f"));
            assert_eq!(at(text, 5, 99), Some(""));
            assert_eq!(at(text, 6, 1), Some(""));
        }
        assert_eq!(at("x:\n- 1\na: |2\n    é b\n", 1, 5), Some("b"));
    }

    #[test]
    fn an_offset_in_a_value_is_found_again_in_its_file() {
        let text = "a: |\n  b: 1\n  é: {c: 2}\n  \td\n";
        let value = "b: 1\né: {c: 2}\n\td\n";
        for word in ["b", "1", "c", "2", "d"] {
            let Inside { line, column } = inside(value, value.find(word).unwrap());
            assert_eq!(at(text, line, column), Some(word));
        }
    }

    #[test]
    fn what_is_no_literal_block_has_no_lines() {
        for text in [
            "a: >\n  b\n  c\n",
            "a: 'b\n  c'\n",
            "a: b\n",
            "c: |\n  x\na:\n  b\n",
        ] {
            assert_eq!(at(text, 1, 1), None, "{text}");
        }
    }
}
