//! Where the parts of a large document stand, without reading what is in them.
//!
//! A ResourceList holds other people's objects, and what is not ours must leave as it came. So the
//! list is not turned into values and back: its outline says where each item begins and ends, and
//! only the bytes of the items that are ours are exchanged. Items that stand one below the other, as
//! every host writes them, are not even parsed ([`rows`]); what is wrong inside one is for whoever reads
//! it to say.

mod rows;

use std::collections::HashSet;
use std::ops::Range;

use granit_parser::{Event, Parser, Span, StructureStyle};

use super::syntax::explained;
use crate::problem::{Code, Problem};
use crate::source::Place;

/// One document whose root is a mapping.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// Its entries, in order.
    pub sections: Vec<Section>,
    /// Whether the root itself is written in braces.
    pub is_flow: bool,
}

/// An entry of the root.
#[derive(Debug, PartialEq, Eq)]
pub struct Section {
    /// Its key.
    pub key: String,
    /// Its whole text: from the line of its key up to the line of the next one; in braces, from
    /// the key to the end of the value.
    pub range: Range<usize>,
    /// Its value.
    pub value: Value,
}

/// The value of an entry.
#[derive(Debug, PartialEq, Eq)]
pub struct Value {
    /// From its first character to its last; a block's end is the section's.
    pub range: Range<usize>,
    /// Whether it is written in brackets or braces.
    pub is_flow: bool,
    /// The items, when it is a list.
    pub items: Option<Vec<Item>>,
}

/// An item of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its text: from the line of its dash, comments above included, up to the next one's; in
    /// brackets, from its first character to its last, anchor and tag included.
    pub range: Range<usize>,
    /// Columns before its dash.
    pub indent: usize,
}

impl Outline {
    /// The entry called `key`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.key == key)
    }

    /// The first entry whose key stands before it already.
    #[must_use]
    pub fn twice(&self) -> Option<&Section> {
        let mut keys = HashSet::new();
        self.sections
            .iter()
            .find(|section| !keys.insert(section.key.as_str()))
    }
}

/// The entry whose items are many.
const ITEMS: &str = "items";

/// The outline of `text`, which is source number `source`; `None` when it is no mapping.
///
/// # Errors
/// When it is no YAML, or more than one document.
pub fn outline(text: &str, source: u32) -> Result<Option<Outline>, Box<Problem>> {
    match around_rows(text, source) {
        Some(outline) => Ok(Some(outline)),
        None => parsed(text, source),
    }
}

/// The outline of a `text` whose items stand in rows, of which only what is around them is parsed.
fn around_rows(text: &str, source: u32) -> Option<Outline> {
    let rows = rows::find(text)?;
    let before = entries(text.get(..rows.key)?, source)?;
    let behind = entries(text.get(rows.end..)?, source)?;
    let first = *rows.dashes.first()?;
    let mut items: Vec<Item> = rows.dashes.into_iter().map(Item::at).collect();
    widen(text, rows.key, rows.end, &mut items);
    let section = Section {
        key: ITEMS.to_owned(),
        range: rows.key..rows.end,
        value: Value {
            range: first..rows.end,
            is_flow: false,
            items: Some(items),
        },
    };
    let behind = behind.into_iter().map(|section| section.moved(rows.end));
    let sections = before.into_iter().chain([section]).chain(behind);
    Some(Outline {
        sections: sections.collect(),
        is_flow: false,
    })
}

/// The entries in `text`, when it is a block mapping or nothing at all.
fn entries(text: &str, source: u32) -> Option<Vec<Section>> {
    let is_content = |line: &str| !line.trim().is_empty() && !line.starts_with('#');
    if !text.lines().any(is_content) {
        return Some(Vec::new());
    }
    let outline = parsed(text, source).ok()??;
    (!outline.is_flow).then_some(outline.sections)
}

fn parsed(text: &str, source: u32) -> Result<Option<Outline>, Box<Problem>> {
    let mut reader = Reader {
        text,
        outline: Outline::default(),
        depth: 0,
        root_is_mapping: false,
        documents: 0,
        key: None,
    };
    let mut options = granit_parser::Options::default();
    options.set_emit_comments(false);
    for next in Parser::new_from_str_with_options(text, options) {
        let (event, span) = next.map_err(|error| {
            let at = error.marker().byte_offset().unwrap_or(text.len());
            let (message, _) = explained(&error);
            let problem = Problem::error(Code::Syntax, place(source, at), message);
            Box::new(problem.help("this is not the YAML that a host writes: see what produced it"))
        })?;
        reader.event(&event, span);
        if reader.documents > 1 {
            let at = span.byte_range().unwrap_or_default().start;
            let what = "a second document begins here";
            let problem = Problem::error(Code::Syntax, place(source, at), what);
            return Err(Box::new(problem.help("a ResourceList is one document")));
        }
    }
    Ok(reader.finish())
}

fn place(source: u32, at: usize) -> Place {
    let at = u32::try_from(at).unwrap_or(u32::MAX);
    Place {
        source,
        start: at,
        end: at,
    }
}

impl Section {
    /// The same in a text that begins `by` bytes earlier.
    fn moved(mut self, by: usize) -> Self {
        let moved = |range: &Range<usize>| range.start + by..range.end + by;
        self.range = moved(&self.range);
        self.value.range = moved(&self.value.range);
        for item in self.value.items.iter_mut().flatten() {
            item.range = moved(&item.range);
        }
        self
    }
}

impl Item {
    /// An item whose lines are not known yet: what it holds begins at `content`, or its dash does.
    fn at(content: usize) -> Self {
        Self {
            range: content..content,
            indent: 0,
        }
    }
}

struct Reader<'t> {
    text: &'t str,
    outline: Outline,
    depth: usize,
    root_is_mapping: bool,
    documents: usize,
    key: Option<(String, usize)>,
}

/// Depth of the root's entries, and of the items of a list among them.
const ENTRY: usize = 1;
const ITEM: usize = 2;

impl Reader<'_> {
    fn event(&mut self, event: &Event<'_>, span: Span) {
        let range = span.byte_range().unwrap_or_default();
        match event {
            Event::DocumentStart(..) => self.documents += 1,
            Event::MappingStart(style, ..) => {
                self.open(range, *style == StructureStyle::Flow, false);
            }
            Event::SequenceStart(style, ..) => {
                self.open(range, *style == StructureStyle::Flow, true);
            }
            Event::MappingEnd | Event::SequenceEnd => self.close(&range),
            Event::Scalar(text, ..) if self.depth == ENTRY && self.key.is_none() => {
                self.key = Some((text.to_string(), range.start));
            }
            Event::Scalar(..) | Event::Alias(_) => {
                self.open(range.clone(), true, false);
                self.close(&range);
            }
            _ => {}
        }
    }

    /// A value begins: the root, an entry's, an item's, or something inside.
    fn open(&mut self, range: Range<usize>, is_flow: bool, is_list: bool) {
        match self.depth {
            0 => {
                self.root_is_mapping = !is_list && self.text.get(range.clone()).is_some();
                self.outline.is_flow = is_flow;
            }
            ENTRY if self.root_is_mapping => {
                let (key, start) = self.key.take().unwrap_or_default();
                self.outline.sections.push(Section {
                    key,
                    range: start..range.end,
                    value: Value {
                        range,
                        is_flow,
                        items: is_list.then(Vec::new),
                    },
                });
            }
            ITEM => {
                if let Some(items) = self.items() {
                    items.push(Item { range, indent: 0 });
                }
            }
            _ => {}
        }
        self.depth += 1;
    }

    fn close(&mut self, range: &Range<usize>) {
        self.depth = self.depth.saturating_sub(1);
        match self.depth {
            ENTRY => {
                if let Some(section) = self.outline.sections.last_mut() {
                    section.value.range.end = range.end;
                    section.range.end = range.end;
                }
            }
            ITEM => {
                if let Some(item) = self.items().and_then(|items| items.last_mut()) {
                    item.range.end = range.end;
                }
            }
            _ => {}
        }
    }

    fn items(&mut self) -> Option<&mut Vec<Item>> {
        self.outline.sections.last_mut()?.value.items.as_mut()
    }

    /// Widens blocks to whole lines, now that it is known what follows them.
    fn finish(mut self) -> Option<Outline> {
        if !self.root_is_mapping {
            return None;
        }
        for section in &mut self.outline.sections {
            let items = section.value.items.as_mut();
            for item in items
                .filter(|_| section.value.is_flow)
                .into_iter()
                .flatten()
            {
                item.range.start = with_properties(self.text, item.range.start);
            }
        }
        if self.outline.is_flow {
            return Some(self.outline);
        }
        let mut end = end_of_content(self.text);
        for section in self.outline.sections.iter_mut().rev() {
            section.range = line_start(self.text, section.range.start)..end;
            if !section.value.is_flow {
                section.value.range.end = end;
                if let Some(items) = &mut section.value.items {
                    widen(self.text, section.range.start, end, items);
                }
            }
            end = section.range.start;
        }
        Some(self.outline)
    }
}

/// Where the document's last line ends: before `...`, or at the end of the text.
fn end_of_content(text: &str) -> usize {
    text.rfind("\n...")
        .map_or(text.len(), |newline| newline + 1)
}

fn line_start(text: &str, at: usize) -> usize {
    text.get(..at)
        .and_then(|before| before.rfind('\n'))
        .map_or(0, |newline| newline + 1)
}

/// Gives each item of a block list its whole lines. The list's key stands in the line at `key`, and
/// what follows the list begins at `end`. Comments behind the last item are nobody's.
fn widen(text: &str, key: usize, end: usize, items: &mut [Item]) {
    if items.is_empty() {
        return;
    }
    let key_line = text.get(key..end).unwrap_or_default();
    let list_start = key + key_line.find('\n').map_or(0, |newline| newline + 1);
    // The first dash is the list's own, also where its first item is a list.
    let mut lines = text.get(list_start..end).unwrap_or_default().lines();
    let first_dash = lines.find(|line| line.trim_start_matches(' ').starts_with('-'));
    let indent = first_dash.map_or(0, depth);
    let mut next = with_comments(text, end, indent);
    for index in (0..items.len()).rev() {
        let from = match index {
            0 => list_start,
            _ => items
                .get(index - 1)
                .map_or(list_start, |item| item.range.start),
        };
        if let Some(item) = items.get_mut(index) {
            let first = if index == 0 {
                list_start
            } else {
                let dash = dash_line(text, from, item.range.start, indent);
                with_comments(text, dash, indent)
            };
            *item = Item {
                range: first..next,
                indent,
            };
            next = first;
        }
    }
}

/// Blanks at the beginning of `line`.
fn depth(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// The line, not before `from`, of the dash at column `indent` that opens the item whose content begins at
/// `content`.
fn dash_line(text: &str, from: usize, content: usize, indent: usize) -> usize {
    let mut line = line_start(text, content);
    while line > from {
        let rest = text.get(line..).unwrap_or_default();
        if depth(rest) == indent && rest.as_bytes().get(indent) == Some(&b'-') {
            return line;
        }
        line = line_start(text, line - 1);
    }
    line
}

/// Where the anchor and the tag begin that stand before the value at `content`, if any do.
fn with_properties(text: &str, content: usize) -> usize {
    let mut first = content;
    loop {
        let before = text.get(..first).unwrap_or_default().trim_end();
        let word = before.rfind(|c: char| c.is_whitespace() || "[]{},".contains(c));
        let word = word.map_or(0, |at| at + 1);
        if !before
            .get(word..)
            .unwrap_or_default()
            .starts_with(['&', '!'])
        {
            return first;
        }
        first = word;
    }
}

/// The first of the comment lines right above `line` that are no deeper than the dash.
fn with_comments(text: &str, line: usize, indent: usize) -> usize {
    let mut first = line;
    while first > 0 {
        let above = line_start(text, first - 1);
        let content = text.get(above..first).unwrap_or_default();
        if depth(content) > indent || !content.trim_start_matches(' ').starts_with('#') {
            break;
        }
        first = above;
    }
    first
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn items(text: &str) -> Vec<&str> {
        let outline = outline(text, 0).unwrap().unwrap();
        let section = outline.get("items").unwrap();
        let items = section.value.items.as_ref().unwrap();
        items
            .iter()
            .map(|item| text.get(item.range.clone()).unwrap())
            .collect()
    }

    #[test]
    fn an_item_is_its_lines_and_the_comments_above_it() {
        let text = "kind: L\nitems:\n# one\n- a: 1\n  b: |\n    # text\n# two\n- # c\n  a: 2\n  l:\n  - x\n- a: 3\nz: 1\n";
        assert_eq!(
            items(text),
            [
                "# one\n- a: 1\n  b: |\n    # text\n",
                "# two\n- # c\n  a: 2\n  l:\n  - x\n",
                "- a: 3\n"
            ]
        );
        let outline = outline(text, 0).unwrap().unwrap();
        assert_eq!(
            text.get(outline.get("z").unwrap().range.clone()).unwrap(),
            "z: 1\n"
        );
        assert_eq!(
            text.get(outline.get("kind").unwrap().range.clone())
                .unwrap(),
            "kind: L\n"
        );
    }

    #[test]
    fn indented_lists_and_windows_line_ends_are_cut_at_their_lines_too() {
        let text = "items:\r\n  - a: 1\r\n    b: 2\r\n\r\n  - a: 2\r\n";
        assert_eq!(
            items(text),
            ["  - a: 1\r\n    b: 2\r\n\r\n", "  - a: 2\r\n"]
        );
    }

    #[test]
    fn in_brackets_an_item_is_its_own_text() {
        assert_eq!(
            items("{\"kind\": \"L\", \"items\": [{\"a\": [1]}, {\"a\": 2} ]}"),
            ["{\"a\": [1]}", "{\"a\": 2}"]
        );
        assert_eq!(items("items: [{a: 1}, x]\n"), ["{a: 1}", "x"]);
        assert!(items("items: []\n").is_empty());
    }

    #[test]
    fn the_first_dash_is_that_of_the_outermost_list() {
        // The parser's outline, and that of rows.
        for items_key in ["items: !!seq", "items:"] {
            assert_eq!(
                items(&format!(
                    "{items_key}\n-\n  - a: 1\n  - b\n- - c\n-\n  - d\n"
                )),
                ["-\n  - a: 1\n  - b\n", "- - c\n", "-\n  - d\n"]
            );
        }
    }

    #[test]
    fn in_brackets_anchors_and_tags_are_part_of_an_item() {
        assert_eq!(
            items("items: [&x {a: 1}, *x, !!map\n &y {b: 1}, !!str c,d]\n"),
            ["&x {a: 1}", "*x", "!!map\n &y {b: 1}", "!!str c", "d"]
        );
    }

    #[test]
    fn rows_are_found_without_a_look_into_them() {
        for text in [
            "kind: L\nitems:\n- a: [\n- b\n",
            "items:\n  - a\n  - - b\n    - c\n  -\n    d\nz: 1\n",
        ] {
            assert!(around_rows(text, 0).is_some(), "{text}");
        }
    }

    #[test]
    fn what_stands_otherwise_is_left_to_the_parser() {
        for text in [
            "items: []\n",
            "items:\n",
            "items:\nz: 1\n",
            "items:\n  a: 1\n",
            "items:\n- a\n---\n- b\n",
            "items:\n- a\n...\n",
            "items:\n  - a\n b\n",
            "items:\n- a\n\t- b\n",
            "{\nitems:\n- a\n}\n",
            "items: &x\n- a\n",
        ] {
            assert!(around_rows(text, 0).is_none(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn the_parser_sees_the_same_where_it_looks(
            before in r#"(# c\n|kind: L\n|f:\n  items:\n  - 1\n|s: \|\n  items:\n|q: "a\n  b"\n){0,3}"#,
            indent in 0_usize..3,
            items in prop::collection::vec(
                r#"(# c\n)?- (a: 1\n|a: \|\n    - x\n\n    # y\n|- b\n  - c\n|"x\n  - y"\n|[a-z]{1,3}\n|# c\n  a: \[1, 2\]\n  b:\n  - 1\n  # d\n)\n?"#, 1..5),
            behind in r"(# c\n|z: 1\n|results:\n- a\n- b\n|y: \{a: 1\}\n){0,3}",
            carriage in any::<bool>(),
        ) {
            let margin = " ".repeat(indent);
            let items: String = items.concat().lines().map(|line| {
                if line.is_empty() { "\n".into() } else { format!("{margin}{line}\n") }
            }).collect();
            let mut text = format!("{before}items:\n{items}{behind}");
            if carriage {
                text = text.replace('\n', "\r\n");
            }
            if let (Some(rows), Ok(parsed)) = (around_rows(&text, 0), parsed(&text, 0)) {
                let parsed = parsed.unwrap();
                prop_assert_eq!(parsed.sections.len(), rows.sections.len());
                for (parsed, rows) in parsed.sections.iter().zip(&rows.sections) {
                    prop_assert_eq!(&parsed.key, &rows.key);
                    prop_assert_eq!(&parsed.range, &rows.range);
                    prop_assert_eq!(&parsed.value.items, &rows.value.items);
                }
            } else {
                prop_assert!(false, "not in rows, or no YAML: {}", text);
            }
        }
    }

    #[test]
    fn what_is_no_single_mapping_has_no_outline() {
        assert!(outline("- a\n", 0).unwrap().is_none());
        assert!(outline("", 0).unwrap().is_none());
        assert!(outline("a: 1\n---\nb: 2\n", 0).is_err());
        assert!(outline("a: [\n", 0).is_err());
    }
}
