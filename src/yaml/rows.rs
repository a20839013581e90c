//! A list whose items stand one below the other, and what is around it, each parsed by itself.
//!
//! In a block list at column `n` every line of an item but its first is indented by more than `n`, texts of
//! several lines included (YAML 1.2, 8.1 and 7.3): a dash at column `n` begins an item, and what stands
//! left of the list ends it. So ten thousand servers are read some at a time, on all cores, and are never
//! there at once. Whatever looks otherwise, or refers to another item by an alias, is left to who parses
//! all of it.
//!
//! Parsers are not as strict: within brackets, a quoted text of several lines may stand anywhere, and look
//! like keys and items. So what was found is believed only when the parser finds it there too.

use std::ops::Range;

use memchr::memchr;

use super::parse::parse_inside;
use super::tree::{Node, Value};
use crate::problem::Problems;

/// Mappings around the list.
const OUTER: usize = 2;

/// The rows of a document.
#[derive(Debug)]
pub struct Rows<'t> {
    text: &'t str,
    source: u32,
    /// The keys that lead to the list.
    keys: [usize; 2],
    /// The dash of each item.
    dashes: Vec<usize>,
}

impl<'t> Rows<'t> {
    /// The items of the last entry of the last entry of the only document in `text`, which are called
    /// `keys`; `text` is source number `source`. `None` when there are none, or they may not be read one by one.
    #[must_use]
    pub fn find(text: &'t str, source: u32, keys: [&str; 2]) -> Option<Self> {
        let mut lines = Lines::of(text);
        let [outer, inner] = keys;
        let around = lines.find(|line| line.depth == 0 && line.is_key(outer))?;
        let mut entries = None;
        let list = lines.find(|line| {
            let entries = *entries.get_or_insert(line.depth);
            line.depth < entries || line.depth == entries && line.is_key(inner)
        })?;
        if list.depth == 0 || !list.is_key(inner) {
            return None;
        }
        let (dashes, behind) = rows(&mut lines)?;
        let first = *dashes.first()?;
        let is_below = first - line_start(text, first) >= list.depth;
        let is_last = behind.is_none();
        (is_below && is_last && is_plain(text, first)).then_some(Self {
            text,
            source,
            keys: [around.start, list.start + list.depth],
            dashes,
        })
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.dashes.len()
    }

    /// Whether there are none, which is never so.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.dashes.is_empty()
    }

    /// The document, as if its list held the first item alone. `None` when it has a mistake, or its list
    /// is another.
    #[must_use]
    pub fn document(&self) -> Option<Node> {
        let document = self.only(0..self.dash(1), 0)?;
        let [around, key] = self.keys;
        let list = last_at(last_at(&document, around)?, key)?;
        let is_ours = matches!(&list.value, Value::Sequence(items) if items.len() == 1);
        is_ours.then_some(document)
    }

    /// The items `which`, in order. `None` when they have a mistake.
    #[must_use]
    pub fn read(&self, which: Range<usize>) -> Option<Vec<Node>> {
        let number = which.len();
        let start = line_start(self.text, self.dash(which.start));
        match self.only(start..self.dash(which.end), OUTER)?.value {
            Value::Sequence(items) if items.len() == number => Some(items),
            _ => None,
        }
    }

    /// The dash of item `index`, or the end of the text.
    fn dash(&self, index: usize) -> usize {
        self.dashes.get(index).copied().unwrap_or(self.text.len())
    }

    /// The one document in `part` of the text, which stands in so many `blocks`.
    fn only(&self, part: Range<usize>, blocks: usize) -> Option<Node> {
        let mut problems = Problems::default();
        let mut documents = parse_inside(self.text, part, self.source, blocks, &mut problems);
        let document = documents.pop()?;
        (documents.is_empty() && !problems.has_errors()).then_some(document)
    }
}

/// The value of the last entry of `mapping`, when its key begins at the byte `key`.
fn last_at(mapping: &Node, key: usize) -> Option<&Node> {
    let Value::Mapping(entries) = &mapping.value else {
        return None;
    };
    let last = entries.last()?;
    (last.key.place.start as usize == key).then_some(&last.value)
}

/// Whether `text` can be cut at lines, those of its list beginning at `first`: no directive says what a tag
/// of an item means, no item has a name by which another could call it, and only newlines end lines.
fn is_plain(text: &str, first: usize) -> bool {
    let head = text.get(..first).unwrap_or_default();
    let is_anchor = |(at, _): (usize, &str)| {
        let before = text.get(..at).unwrap_or_default();
        let begins = |last: char| last.is_ascii_whitespace() || "[{,:!".contains(last);
        before.is_empty() || before.ends_with(begins)
    };
    !head.lines().any(|line| line.starts_with('%'))
        && !text.match_indices('&').any(is_anchor)
        && breaks_at_newlines(text)
}

/// Whether no line of `text` ends with a carriage return alone.
pub(super) fn breaks_at_newlines(text: &str) -> bool {
    let is_break = |(at, _): (usize, &str)| text.get(at..).unwrap_or_default().starts_with("\r\n");
    text.match_indices('\r').all(is_break)
}

/// The dashes of the list whose first item is the next of `lines`, and the line that ends it. `None` when no
/// list is there.
pub(super) fn rows<'t>(
    lines: &mut impl Iterator<Item = Line<'t>>,
) -> Option<(Vec<usize>, Option<Line<'t>>)> {
    let mut dashes = Vec::new();
    let mut column = None;
    let behind = lines.find(|line| {
        let column = *column.get_or_insert(line.depth);
        let is_item = line.depth == column && line.is_item();
        if is_item {
            dashes.push(line.start + line.depth);
        }
        line.depth <= column && !is_item
    });
    (!dashes.is_empty()).then_some((dashes, behind))
}

/// Where the line begins that the byte `at` is in.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    before.rfind('\n').map_or(0, |newline| newline + 1)
}

/// Blanks at the beginning of `line`.
pub(super) fn depth(line: &str) -> usize {
    line.bytes().take_while(|byte| *byte == b' ').count()
}

/// A line that says something.
pub(super) struct Line<'t> {
    /// Where it begins.
    pub(super) start: usize,
    /// Blanks before its content.
    pub(super) depth: usize,
    /// What it says, without its break.
    pub(super) content: &'t str,
}

impl Line<'_> {
    /// Whether it is `name:` and nothing else.
    pub(super) fn is_key(&self, name: &str) -> bool {
        let rest = self.content.strip_prefix(name);
        let rest = rest.and_then(|rest| rest.strip_prefix(':'));
        rest.is_some_and(|rest| rest.trim_ascii().is_empty())
    }

    /// Whether its first character is the dash of an item.
    fn is_item(&self) -> bool {
        matches!(self.content.as_bytes(), [b'-'] | [b'-', b' ' | b'\r', ..])
    }
}

/// The lines of a text that are neither empty nor comments.
pub(super) struct Lines<'t> {
    text: &'t str,
    next: usize,
    /// Finds the next newline.
    newline: fn(&[u8]) -> Option<usize>,
}

/// Bytes of a text from which the processor's own instructions are asked for: to ask traps in a virtual machine,
/// and would take a set of a few servers longer than to do without.
const LARGE: usize = 1 << 16;

impl<'t> Lines<'t> {
    /// Those of `text`.
    pub(super) fn of(text: &'t str) -> Self {
        Self {
            text,
            next: 0,
            newline: if text.len() < LARGE {
                |text| text.iter().position(|byte| *byte == b'\n')
            } else {
                |text| memchr(b'\n', text)
            },
        }
    }
}

impl<'t> Iterator for Lines<'t> {
    type Item = Line<'t>;

    fn next(&mut self) -> Option<Line<'t>> {
        loop {
            let start = self.next;
            let rest = self.text.get(start..).filter(|rest| !rest.is_empty())?;
            let length = (self.newline)(rest.as_bytes()).unwrap_or(rest.len());
            self.next = start + length + 1;
            let line = rest.get(..length)?;
            let depth = depth(line);
            let content = line.get(depth..)?;
            if !content.trim_ascii_end().is_empty() && !content.starts_with('#') {
                return Some(Line {
                    start,
                    depth,
                    content,
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::parse::parse;
    use super::*;

    const KEYS: [&str; 2] = ["spec", "servers"];

    /// `text` as it is read in rows, so many at a time: one after the other behind the document.
    fn in_rows(text: &str, some: usize) -> Option<Vec<Node>> {
        let rows = Rows::find(text, 0, KEYS)?;
        let mut read = vec![rows.document()?];
        for start in (0..rows.len()).step_by(some) {
            read.extend(rows.read(start..rows.len().min(start + some))?);
        }
        Some(read)
    }

    /// The same of `text` as a whole.
    fn as_a_whole(text: &str) -> Option<Vec<Node>> {
        let mut problems = Problems::default();
        let mut documents = parse(text, 0, &mut problems);
        let mut document = documents.pop()?;
        if problems.has_errors() || !documents.is_empty() {
            return None;
        }
        let spec = mapping(&mut document).last_mut()?;
        let servers = mapping(&mut spec.value).last_mut()?;
        let Value::Sequence(servers) = &mut servers.value.value else {
            return None;
        };
        let all = servers.clone();
        servers.truncate(1);
        Some([document].into_iter().chain(all).collect())
    }

    fn mapping(node: &mut Node) -> &mut Vec<super::super::tree::Entry> {
        match &mut node.value {
            Value::Mapping(entries) => entries,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn rows_are_read_as_they_stand_in_the_document() {
        for text in [
            "kind: S\nspec:\n  a: 1\n  servers:\n  - name: a\n    b: [1,\n      2]\n\n  # c\n  - {name: b}\n  - c\n",
            "# c\n---\nspec:\n servers:\n    -\n     a: |\n      - x\n\n      # y\n    - - b\n      - c\n    - 'x\n\n      - y'",
            "spec:\r\n  servers:\r\n  - a: 1\r\n  - b\r\n  - c\r\n# end\r\n",
        ] {
            for some in 1..4 {
                let read = in_rows(text, some).unwrap_or_else(|| panic!("{text}"));
                let whole = as_a_whole(text).unwrap();
                assert_eq!(read.len(), 4, "{text}");
                assert_eq!(format!("{read:?}"), format!("{whole:?}"), "{text}");
            }
        }
    }

    #[test]
    fn what_stands_otherwise_is_left_to_who_reads_all_of_it() {
        for text in [
            "",
            "spec:\n  servers: [a, b]\n",
            "spec:\n  servers:\n",
            "spec: {servers: [a]}\n",
            "servers:\n- a\n",
            "spec:\n  a:\n    servers:\n    - a\n",
            // Something follows.
            "spec:\n  servers:\n  - a\n  b: 1\n",
            "spec:\n  servers:\n  - a\nb: 1\n",
            "spec:\n  servers:\n  - a\n---\nb: 1\n",
            // Something of an item stands elsewhere.
            "spec:\n  a: &x 1\n  servers:\n  - *x\n",
            "spec:\n  servers:\n  - &x {a: 1}\n  - b\n",
            "%TAG ! tag:yaml.org,2002:\n---\nspec:\n  servers:\n  - !str 1\n",
            // A line ends otherwise.
            "spec:\n  servers:\n  - a: 1\rb: 1\n",
        ] {
            assert!(Rows::find(text, 0, KEYS).is_none(), "{text}");
        }
    }

    #[test]
    fn rows_with_a_mistake_are_not_read() {
        for text in [
            "spec:\n  servers:\n  - a: 'x\n  - y'\n",
            "spec:\n  servers:\n  - a: 1\n    a: 2\n",
            "spec:\n  servers:\n  - *x\n",
            "spec:\n  servers:\n  - !x 1\n",
            "spec:\n  servers:\n  - a\n   b: 1\n  - c: 1\n     d: 2\n",
            "a: 1\n---\nspec:\n  servers:\n  - a\n",
            "{\nspec:\n  servers:\n  - a\n",
            // A text looks like the list, and behind it like a comment.
            "spec:\n  servers: # c\n  - {a: b, c: '\n  servers:\n  - {a: d} # '}\n  - {a: e}\n",
            "spec:\n  \"servers\":\n  - c: {d: '\n  servers:\n  - {a: d} # '}\n  - {a: e}\n",
            "spec: # c\n  servers:\n  - {c: '\nspec:\n  servers:\n  - {a: d} # '}\n  - {a: e}\n",
            // A text looks like an item.
            "spec:\n  servers:\n  - {a: b, c: '\n  - {a: d} # '}\n  - {a: e}\n",
        ] {
            for some in 1..4 {
                assert!(in_rows(text, some).is_none(), "{text}");
            }
        }
    }

    proptest! {
        #[test]
        fn in_rows_nothing_is_read_otherwise(
            head in r#"(%YAML 1.2\n)?(---\n)?(a: \|\n  x\n|a: "x\n  y"\n|# c\n){0,2}"#,
            spec in r"(  p: 1\n|  p:\n  - servers:\n|  p:\n    servers:\n    - x\n|  p: &x y\n|  # c\n){0,2}",
            key in r#"(servers:|servers: # c|"servers":)"#,
            indent in 1_usize..4,
            items in prop::collection::vec(
                r#"- (a: 1\n  b: 2\n|a: \|\n    - x\n\n   # y\n|- b\n  - c\n|"x\n  - y"\n|\n  a: 1\n|'x\n|\{a: 1,\n b: 2\}\n|a: 1\n a: 2\n|\*x\n|!!str 1\n|a: 1\n- b\n|\{a: 'x\n- b # '\}\n|\{a: 'x\nservers:\n- b # '\}\n|[a-z]{1,3}\n|# c\n  a: \[1, 2\]\n  b:\n  - 1\n# d\n|\n)\n?"#, 1..6),
            behind in r"(# c\n|  q: 1\n|z: 1\n|---\n|\.\.\.\n){0,1}",
            some in 1_usize..3,
        ) {
            let margin = " ".repeat(indent);
            let items: String = items.concat().lines().map(|line| {
                if line.is_empty() { "\n".into() } else { format!("{margin}{line}\n") }
            }).collect();
            let text = format!("{head}spec:\n{spec}  {key}\n{items}{behind}");
            if let Some(rows) = in_rows(&text, some) {
                let whole = as_a_whole(&text);
                prop_assert!(whole.is_some(), "{text}");
                prop_assert_eq!(format!("{rows:?}"), format!("{:?}", whole.unwrap()), "{}", text);
            }
        }
    }
}
