//! Where the parts of a large document stand, without reading what is in them.
//!
//! A ResourceList holds other people's objects, and what is not ours must leave as it came. So the
//! list is not turned into values and back: its outline says where each item begins and ends, and
//! only the bytes of the items that are ours are exchanged. Items that stand one below the other, as
//! every host writes them, are not even parsed ([`rows`]), unless one may leave a quote or a bracket open
//! ([`watch`]); what else is wrong inside one is for whoever reads it to say.

mod lines;
mod parsed;
mod rows;
mod watch;

use std::collections::HashSet;
use std::ops::Range;

use crate::problem::Problem;
use crate::yaml::breaks::refuse_breaks;
use crate::yaml::rows::line_start;
use lines::widen;
use parsed::parsed;

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

    /// The parts that can be read alone, in order: entries up to their items, and items.
    #[must_use]
    pub fn parts(&self) -> Vec<Range<usize>> {
        let parts = self.sections.iter().flat_map(|section| {
            let items = section.value.items.as_deref().unwrap_or_default();
            let end = items
                .first()
                .map_or(section.range.end, |first| first.range.start);
            let items = items.iter().map(|item| item.range.clone());
            std::iter::once(section.range.start..end).chain(items)
        });
        parts.collect()
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
/// When it is no YAML, more than one document, or has lines that end for some readers alone.
pub fn outline(text: &str, source: u32) -> Result<Option<Outline>, Box<Problem>> {
    let outline = match around_rows(text, source) {
        Some(outline) => Some(outline),
        None => parsed(text, source)?,
    };
    if let Some(outline) = &outline {
        refuse_breaks(text, source, &(0..text.len()), &outline.parts())?;
    }
    Ok(outline)
}

/// The outline of a `text` whose items stand in rows, of which only what is around them is parsed.
fn around_rows(text: &str, source: u32) -> Option<Outline> {
    let rows = rows::find(text)?;
    let first = *rows.dashes.first()?;
    let mut before = entries(text.get(..line_start(text, first))?, source)?;
    let key = before.pop()?;
    if key.key != ITEMS || key.range.start != rows.key {
        return None;
    }
    let behind = entries(text.get(rows.end..)?, source)?;
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
    let is_content = |line: &str| !line.trim_ascii().is_empty() && !line.starts_with('#');
    if !text.lines().any(is_content) {
        return Some(Vec::new());
    }
    let outline = parsed(text, source).ok()??;
    (!outline.is_flow).then_some(outline.sections)
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
    fn lines_that_end_with_a_carriage_return_alone_are_refused() {
        for text in [
            "items:\r- a\r",
            "items:\n- a: x\r- b\n",
            "items:\n- 'a' # c\r- 'd'\n",
            "items:\n- {a: x}\r- b\n",
            "a: x\ritems:\n- b\n",
            "items: []\r",
        ] {
            let problem = outline(text, 0).unwrap_err();
            assert!(
                problem.message.contains("ends a line"),
                "{text:?}: {problem:?}"
            );
        }
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
            "kind: L\nitems:\n- a: b: c\n- *b\n",
            "items:\n  - a\n  - - b\n    - c\n  -\n    d\nz: 1\n",
        ] {
            assert!(around_rows(text, 0).is_some(), "{text}");
        }
    }

    #[test]
    fn a_text_that_looks_like_the_key_is_none() {
        let text = "items:\n- {a: '\n\nitems:\n- b # '}\n- c\n";
        assert_eq!(items(text), ["- {a: '\n\nitems:\n- b # '}\n", "- c\n"]);
    }

    #[test]
    fn a_text_that_looks_like_an_item_is_none() {
        for (item, others) in [
            ("- {a: '\n- b # '}\n", 1),
            ("- - b\n  - a: {b: c, d: \"\\\"\n- b # \"}\n", 1),
            ("- a: |\n    {\n  b: !x &y ['\n\nz: 1 # ']\n", 1),
            ("- ? [\n'\n- b']\n  : c\n- d\n", 2),
            ("- 'a': {b: '\n- c'}\n", 1),
            ("- \"a\":{b: '\n- c'}\n", 1),
            ("- {a: [b, {\"c\nz: \"}]}\n", 1),
            ("- [!<a]> x,\n  y,'z\n- b # ']\n", 1),
            ("- !<[> [x,\n  y,'z\n- b # ']\n", 1),
            ("- !a'b ['\n- b # ']\n", 1),
            ("- !<'> ['\n- b # ']\n", 1),
            ("- a: !a'b {c: '\n- b # '}\n", 1),
        ] {
            let text = format!("items:\n{item}- x\n");
            assert!(around_rows(&text, 0).is_none(), "{text}");
            if let Ok(outline) = outline(&text, 0) {
                let items = outline.unwrap().sections.pop().unwrap().value.items;
                assert_eq!(items.unwrap().len(), others + 1, "{text}");
            }
        }
        // Go's reader lets quoted texts stand anywhere; ours does not.
        for text in ["items:\n- 'a\n- b'\n", "items:\n- a: \"b\nz: c\"\n"] {
            assert!(outline(text, 0).is_err(), "{text}");
        }
    }

    #[test]
    fn a_text_that_looks_like_a_comment_or_a_marker_stays_where_it_is() {
        for items_key in ["items: !!seq", "items:"] {
            for text in [
                "- {a: '\n# x'}\n",
                "- {a: '\n# x\n...x'}\n",
                "- [b, \"\n#\"]\n",
                "- !a'b ['\n# x']\n",
            ] {
                let around = format!("{items_key}\n{text}# c\n- b\n{text}# d\n");
                assert_eq!(items(&around), [text, "# c\n- b\n", text], "{around}");
            }
        }
    }

    #[test]
    fn a_marker_before_the_document_does_not_end_it() {
        let text = "# c\n...\nitems: !!seq\n- a\n- b\n...\n";
        assert_eq!(items(text), ["- a\n", "- b\n"]);
    }

    #[test]
    fn empty_texts_are_items_too() {
        for items_key in ["items: !!seq", "items:"] {
            for text in ["- |\n", "- >1\n", "# c\n- |\n\n", "- a: |\n", "-\n"] {
                let around = format!("{items_key}\n- a\n{text}- b\n{text}");
                assert_eq!(items(&around), ["- a\n", text, "- b\n", text], "{around}");
            }
        }
    }

    #[test]
    fn what_ends_lines_to_some_readers_alone_is_part_of_a_quoted_text() {
        // As kustomize writes it.
        let item = "- {a: 'x\u{2028}    y'}\n- b: 'x\u{85}    y'\n";
        assert_eq!(items(&format!("items:\n{item}")).concat(), item);
        // The alias hides what follows it from who reads the second item alone.
        let item = "- &a x\n- {a: *a, b: '\u{2028}'}\n- 'x\r\r  - y'\n";
        assert_eq!(items(&format!("items:\n{item}")).concat(), item);
        let flow = "{'x\u{2029}': \"\u{85}\", items: [\"\u{2028}\", '\u{2028}']}";
        assert_eq!(items(flow), ["\"\u{2028}\"", "'\u{2028}'"]);
    }

    #[test]
    fn what_ends_lines_to_some_readers_alone_is_refused_outside_of_quotes() {
        for text in [
            "items:\n- a: #_    'x\n- b # '\n",
            "items:\n- a: b_c\n- d\n",
            "items:\n- a: |\n    b_  c\n- d\n",
            "items:\n- 'a' # _\n- 'd'\n",
            "items: # _\n- 'd'\n",
            "# _\nitems:\n- 'd'\n",
            "items:\n- 'd'\nx: _\n",
            "items: []\nx: ''\n# _",
            "{items: [_]}",
            "{items: ['_', x_y]}",
        ] {
            for line_break in ["\u{85}", "\u{2028}", "\u{2029}"] {
                let problem = outline(&text.replace('_', line_break), 0).unwrap_err();
                assert!(
                    problem.message.contains("ends a line"),
                    "{text}: {problem:?}"
                );
            }
            assert!(
                outline(&text.replace('_', "\u{a0}\u{2027}"), 0).is_ok(),
                "{text}"
            );
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
            "items:\n- a\r- b\n",
            "a: 1\n...\nitems:\n- b\n",
            "  a: 1\nitems:\n- b\n",
            "\u{a0}\nitems:\n- b\n",
            "# c\n...\na: 1\nitems: !!seq\n- b\n",
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

    proptest! {
        #[test]
        fn no_text_makes_the_rows_others_than_the_parser_sees(
            text in r#"items:\n(- (a: |'a': |"a":|\? |!x |&y |- |)(a: \|\n    [\[{']\n  b: |)(\{b: '\n?(- |z: |  )x( # |: )?'\}|\[("|\n")\\?(- |z: |  )x( # |: )?"\]|'x\n?   - y'|\['\n#x'\]|!<a\]> x|!a'b |[\['x]|\{b: |- y: |\}| # '){1,3}\n(# c\n|- \|\n|\n)?){1,3}"#,
        ) {
            if let (Some(rows), Ok(Some(parsed))) = (around_rows(&text, 0), parsed(&text, 0)) {
                prop_assert_eq!(rows.sections.len(), parsed.sections.len(), "{}", text);
                for (rows, parsed) in rows.sections.iter().zip(&parsed.sections) {
                    prop_assert_eq!(&parsed.key, &rows.key, "{}", text);
                    prop_assert_eq!(&parsed.value.items, &rows.value.items, "{}", text);
                }
            }
        }
    }

    #[test]
    fn what_is_no_single_mapping_has_no_outline() {
        assert!(outline("- a\n", 0).unwrap().is_none());
        assert!(outline("", 0).unwrap().is_none());
        assert!(outline("a: 1\n---\nb: 2\n", 0).is_err());
        assert!(outline("a: [\n", 0).is_err());
        assert!(outline("? - a\n: b\n", 0).is_err());
        assert!(outline("a: &x b\n*x : c\n", 0).is_err());
    }
}
