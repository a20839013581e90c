//! The outline of a document as the parser's events draw it.

use std::ops::Range;

use granit_parser::{Event, Parser, StructureStyle};

use super::lines::{end_of_content, widen, with_properties};
use super::{Item, Outline, Section, Value};
use crate::problem::{Code, Problem};
use crate::source::Place;
use crate::yaml::rows::line_start;
use crate::yaml::syntax::explained;

/// The outline of `text`, all of which is parsed; see [`outline`](super::outline).
pub(super) fn parsed(text: &str, source: u32) -> Result<Option<Outline>, Box<Problem>> {
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
            let problem = Problem::error(Code::Syntax, Place::at(source, at), message);
            Box::new(problem.help("this is not the YAML that a host writes: see what produced it"))
        })?;
        let range = span.byte_range().unwrap_or_default();
        if reader.expects_key() && is_no_text(&event) {
            let what = "a mapping, list or alias cannot be a key of a ResourceList";
            let problem = Problem::error(Code::Syntax, Place::at(source, range.start), what);
            return Err(Box::new(problem.help("write the key as text")));
        }
        reader.event(&event, range);
        if reader.documents > 1 {
            let at = span.byte_range().unwrap_or_default().start;
            let what = "a second document begins here";
            let problem = Problem::error(Code::Syntax, Place::at(source, at), what);
            return Err(Box::new(problem.help("a ResourceList is one document")));
        }
    }
    Ok(reader.finish())
}

fn is_no_text(event: &Event<'_>) -> bool {
    matches!(
        event,
        Event::MappingStart(..) | Event::SequenceStart(..) | Event::Alias(_)
    )
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
    /// Whether the root's next key comes, or its end.
    fn expects_key(&self) -> bool {
        self.depth == ENTRY && self.root_is_mapping && self.key.is_none()
    }

    fn event(&mut self, event: &Event<'_>, range: Range<usize>) {
        match event {
            Event::DocumentStart(..) => self.documents += 1,
            Event::MappingStart(style, ..) => {
                self.open(range, *style == StructureStyle::Flow, false);
            }
            Event::SequenceStart(style, ..) => {
                self.open(range, *style == StructureStyle::Flow, true);
            }
            Event::MappingEnd | Event::SequenceEnd => self.close(&range),
            Event::Scalar(text, ..) if self.expects_key() => {
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
        let start = self
            .outline
            .sections
            .first()
            .map_or(0, |first| first.range.start);
        let mut end = end_of_content(self.text, start);
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
