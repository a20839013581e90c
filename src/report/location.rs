//! Places as people and programs count them: file, line, column.
//!
//! Lines are counted once for each file, however many places in it are shown.

use std::collections::HashMap;

use crate::source::{Place, Sources};

/// A range of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location<'s> {
    /// The path as the user gave it, or `<stdin>`.
    pub file: &'s str,
    /// Its first character.
    pub start: Position,
    /// Behind its last character that is not blank.
    pub end: Position,
}

/// A position between two characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Position {
    /// From 1; lines end with LF or CRLF.
    pub line: usize,
    /// From 1, in Unicode code points.
    pub column: usize,
}

/// Turns places into locations.
#[derive(Debug)]
pub struct Locations<'s> {
    sources: &'s Sources,
    /// By source: the byte at which each line begins.
    lines: HashMap<u32, Vec<usize>>,
}

impl<'s> Locations<'s> {
    /// Of places in `sources`.
    #[must_use]
    pub fn new(sources: &'s Sources) -> Self {
        Self {
            sources,
            lines: HashMap::new(),
        }
    }

    /// Where `place` is; `None` of one that is in no text, as in an object that was generated.
    pub fn of(&mut self, place: Place) -> Option<Location<'s>> {
        let source = self.sources.get(place.source)?;
        let text = source.text.as_str();
        let lines = self.lines.entry(place.source).or_insert_with(|| {
            let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
            std::iter::once(0)
                .chain(breaks.map(|(index, _)| index + 1))
                .collect()
        });
        let start = text.floor_char_boundary(place.start as usize);
        let end = text.floor_char_boundary((place.end as usize).max(start));
        let marked = text.get(start..end).unwrap_or_default();
        let end = start + marked.trim_end().len();
        Some(Location {
            file: &source.name,
            start: position(text, lines, start),
            end: position(text, lines, end),
        })
    }
}

fn position(text: &str, lines: &[usize], offset: usize) -> Position {
    let line = lines.partition_point(|begin| *begin <= offset);
    let begin = line.checked_sub(1).and_then(|index| lines.get(index));
    let before = begin.and_then(|begin| text.get(*begin..offset));
    Position {
        line,
        column: before.unwrap_or_default().chars().count() + 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Origin;

    /// The start and end of `marked` in `text`.
    fn ends(text: &str, marked: &str) -> [(usize, usize); 2] {
        let mut sources = Sources::default();
        let source = sources.add("a", text.into(), Origin::Person).unwrap();
        let start = u32::try_from(text.find(marked).unwrap()).unwrap();
        let end = start + u32::try_from(marked.len()).unwrap();
        let location = Locations::new(&sources)
            .of(Place { source, start, end })
            .unwrap();
        [location.start, location.end].map(|at| (at.line, at.column))
    }

    #[test]
    fn lines_and_characters_are_counted_from_one() {
        assert_eq!(ends("a: b", "a"), [(1, 1), (1, 2)]);
        assert_eq!(ends("a: 1\r\nb: 2\r\n", "2\r\n"), [(2, 4), (2, 5)]);
        assert_eq!(ends("# é🦀\né🦀: x\n", "x"), [(2, 5), (2, 6)]);
        assert_eq!(
            ends("a: |\n  b\n  c\nd: 1\n", "|\n  b\n  c\n"),
            [(1, 4), (3, 4)]
        );
    }

    #[test]
    fn a_place_in_no_text_has_no_location() {
        let place = Place {
            source: u32::MAX,
            start: 0,
            end: 0,
        };
        assert_eq!(Locations::new(&Sources::default()).of(place), None);
    }
}
