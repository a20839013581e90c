//! From text to trees: one per document, with bounded memory whatever the text holds.
//!
//! The parser is a library's; what is ours is the tree, the limits and the refusal of what YAML
//! allows and nobody means: a key twice in one mapping, a list as a key, a tag.

use std::collections::hash_map::Entry::{Occupied, Vacant};
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use granit_parser::{Event, Parser, ScalarStyle, Span, Tag};

use super::syntax::explained;
use super::tree::{Entry, Node, Scalar, Style, Value};
use crate::problem::{Code, Problem, Problems};
use crate::source::Place;

/// What all aliases of one text together may add, in bytes of text and 32 for each value. A
/// config of a thousand servers that share everything through anchors stays far below.
const ALIAS_BUDGET: usize = 16 << 20;
/// So many keys are compared with each other sooner than they are hashed.
const FEW: usize = 16;

/// Whether the line at the byte `at` of `text`, or that before it, is to be filled in.
fn is_template(text: &str, at: usize) -> bool {
    let (before, after) = text.split_at(text.floor_char_boundary(at));
    let lines = before.rsplit('\n').take(2).chain(after.split('\n').take(1));
    lines.into_iter().any(|line| line.contains("{{"))
}

/// Parses every document of `text`, whose index among the sources is `source`. Documents without
/// content are left out. After a syntax error the documents before it are returned.
pub fn parse(text: &str, source: u32, problems: &mut Problems) -> Vec<Node> {
    parse_part(text, 0..text.len(), source, problems)
}

/// Parses only the bytes `part` of `text`, which begin at a line or are complete in themselves.
/// Places count from the beginning of `text`.
pub fn parse_part(
    text: &str,
    part: Range<usize>,
    source: u32,
    problems: &mut Problems,
) -> Vec<Node> {
    parse_inside(text, part, source, 0, problems)
}

/// The same of a `part` that stands in so many `blocks`, which count for how deep it may go.
pub(super) fn parse_inside(
    text: &str,
    part: Range<usize>,
    source: u32,
    blocks: usize,
    problems: &mut Problems,
) -> Vec<Node> {
    let base = part.start;
    let text = text.get(part).unwrap_or_default();
    let mut builder = Builder {
        text,
        source,
        base,
        documents: Vec::new(),
        open: Vec::new(),
        anchors: HashMap::new(),
        alias_bytes: 0,
        problems,
    };
    let mut options = granit_parser::Options::default();
    options.set_emit_comments(false);
    options.block_nesting_limit = options.block_nesting_limit.saturating_sub(blocks);
    for next in Parser::new_from_str_with_options(text, options) {
        let step = match next {
            Ok((event, span)) => builder.event(event, span),
            Err(error) => {
                let at = error.marker().byte_offset().unwrap_or(text.len());
                let (message, mut help) = explained(&error);
                if is_template(text, at) {
                    "this is a template: render it first, as with `helm template`"
                        .clone_into(&mut help);
                }
                Err(Stop {
                    place: place(source, base + at, base + at),
                    message,
                    help,
                })
            }
        };
        if let Err(stop) = step {
            builder
                .problems
                .push(Problem::error(Code::Syntax, stop.place, stop.message).help(stop.help));
            break;
        }
    }
    builder.documents
}

/// The end of reading: the rest of the text cannot be understood.
struct Stop {
    place: Place,
    message: String,
    help: String,
}

struct Builder<'p> {
    text: &'p str,
    source: u32,
    base: usize,
    documents: Vec<Node>,
    open: Vec<Open>,
    anchors: HashMap<usize, Node>,
    alias_bytes: usize,
    problems: &'p mut Problems,
}

/// A collection whose end has not been seen.
struct Open {
    place: Place,
    anchor: usize,
    content: Content,
}

enum Content {
    Sequence(Vec<Node>),
    Mapping {
        entries: Vec<Entry>,
        key: Option<Node>,
    },
}

impl Builder<'_> {
    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), Stop> {
        let place = self.place(span);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                // yq writes `!!merge` before each of them.
                let tag = tag
                    .as_deref()
                    .filter(|tag| text != "<<" || !is_merge_tag(tag));
                let style = self.style(style, tag, place);
                let node = Node {
                    place,
                    value: Value::Scalar(Scalar {
                        text: text.into(),
                        style,
                    }),
                };
                self.finish(node, anchor)
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.refuse_tag(tag.as_deref(), "seq", place);
                self.start(place, anchor, Content::Sequence(Vec::new()))
            }
            Event::MappingStart(_, anchor, tag) => {
                self.refuse_tag(tag.as_deref(), "map", place);
                let content = Content::Mapping {
                    entries: Vec::new(),
                    key: None,
                };
                self.start(place, anchor, content)
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(),
            Event::Alias(id) => self.alias(id, place),
            Event::DocumentEnd => {
                self.anchors.clear();
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn start(&mut self, place: Place, anchor: usize, content: Content) -> Result<(), Stop> {
        if let Some(Open {
            content: Content::Mapping { key: None, .. },
            ..
        }) = self.open.last()
        {
            return Err(key_is_no_text(place));
        }
        self.open.push(Open {
            place,
            anchor,
            content,
        });
        Ok(())
    }

    fn end(&mut self) -> Result<(), Stop> {
        let Some(open) = self.open.pop() else {
            return Ok(());
        };
        let (value, first) = match open.content {
            Content::Sequence(mut items) => {
                items.shrink_to_fit();
                let first = items.first().map(|item| item.place);
                (Value::Sequence(items), first)
            }
            Content::Mapping { entries, .. } => {
                let entries = self.close_mapping(entries);
                let first = entries.first().map(|entry| entry.key.place);
                (Value::Mapping(entries), first)
            }
        };
        let node = Node {
            place: first.unwrap_or(open.place),
            value,
        };
        self.finish(node, open.anchor)
    }

    /// A node is complete: it becomes a key, a value, an item or the document.
    fn finish(&mut self, node: Node, anchor: usize) -> Result<(), Stop> {
        if anchor != 0 {
            self.spend(weight(&node), node.place)?;
            self.anchors.insert(anchor, node.clone());
        }
        match self.open.last_mut().map(|open| &mut open.content) {
            None => {
                if !node.is_null() {
                    self.documents.push(node);
                }
            }
            Some(Content::Sequence(items)) => items.push(node),
            Some(Content::Mapping { entries, key }) => match key.take() {
                Some(key) => entries.push(Entry { key, value: node }),
                None if node.text().is_some() => *key = Some(node),
                None => return Err(key_is_no_text(node.place)),
            },
        }
        Ok(())
    }

    fn alias(&mut self, id: usize, place: Place) -> Result<(), Stop> {
        let Some(node) = self.anchors.get(&id).cloned() else {
            return Err(Stop {
                place,
                message: "this alias refers to the value that contains it".into(),
                help: "write the value out".into(),
            });
        };
        self.spend(weight(&node), place)?;
        self.finish(node, 0)
    }

    fn spend(&mut self, bytes: usize, place: Place) -> Result<(), Stop> {
        self.alias_bytes += bytes;
        if self.alias_bytes > ALIAS_BUDGET {
            return Err(Stop {
                place,
                message: "aliases expand to more than 16 MiB".into(),
                help: "write the values out, or use `spec.defaults` for what all servers share"
                    .into(),
            });
        }
        Ok(())
    }

    /// Applies `<<` and refuses keys that stand twice.
    fn close_mapping(&mut self, mut entries: Vec<Entry>) -> Vec<Entry> {
        if is_sound(&entries) {
            entries.shrink_to_fit();
            return entries;
        }
        let mut own = Vec::with_capacity(entries.len());
        let mut merged = Vec::new();
        let mut first_places = HashMap::with_capacity(entries.len());
        for entry in entries {
            if is_merge(&entry.key) {
                self.merge_sources(entry.value, &mut merged);
                continue;
            }
            let place = entry.key.place;
            match first_places.entry(entry.name().to_owned()) {
                Vacant(first) => {
                    first.insert(place);
                    own.push(entry);
                }
                Occupied(first) => self.problems.push(
                    Problem::error(
                        Code::DuplicateField,
                        place,
                        format!("`{}` stands twice in one mapping", entry.name()),
                    )
                    .related(*first.get(), "first here")
                    .help("keep one of them: YAML readers silently take one or the other"),
                ),
            }
        }
        let mut known: HashSet<String> = own.iter().map(|e| e.name().to_owned()).collect();
        own.extend(
            merged
                .into_iter()
                .filter(|entry| known.insert(entry.name().to_owned())),
        );
        own
    }

    fn merge_sources(&mut self, node: Node, merged: &mut Vec<Entry>) {
        match node.value {
            Value::Mapping(entries) => merged.extend(entries),
            Value::Sequence(items) => {
                for item in items {
                    self.merge_sources(item, merged);
                }
            }
            Value::Scalar(_) => self.problems.push(
                Problem::error(
                    Code::WrongType,
                    node.place,
                    "`<<` merges mappings, and this is none",
                )
                .help("give it an alias of a mapping, such as `<<: *shared`"),
            ),
        }
    }

    fn style(&mut self, style: ScalarStyle, tag: Option<&Tag>, place: Place) -> Style {
        match tag {
            Some(tag) if is_core(tag, "str") => Style::Text,
            Some(tag)
                if ["int", "bool", "float", "null"]
                    .iter()
                    .any(|t| is_core(tag, t)) =>
            {
                Style::Plain
            }
            Some(tag) => {
                self.refuse(tag, place);
                Style::Text
            }
            None if style == ScalarStyle::Plain => Style::Plain,
            None => Style::Text,
        }
    }

    fn refuse_tag(&mut self, tag: Option<&Tag>, allowed: &str, place: Place) {
        if let Some(tag) = tag.filter(|tag| !is_core(tag, allowed)) {
            self.refuse(tag, place);
        }
    }

    /// Refuses `tag`, which stands before the value at `place`.
    fn refuse(&mut self, tag: &Tag, at: Place) {
        /// Bytes before the value in which its tag is looked for.
        const NEAR: usize = 128;
        let written = tag.original();
        let end = (at.start as usize).saturating_sub(self.base);
        let start = self.text.floor_char_boundary(end.saturating_sub(NEAR));
        let before = self.text.get(start..end).unwrap_or_default();
        let at = before.rfind(&written).map_or(at, |offset| {
            let start = self.base + start + offset;
            place(self.source, start, start + written.len())
        });
        self.problems.push(
            Problem::error(
                Code::Syntax,
                at,
                format!("the tag `{written}` has no meaning here"),
            )
            .help("remove the tag; quote the value where it is text"),
        );
    }

    fn place(&self, span: Span) -> Place {
        let range = span.byte_range().unwrap_or_default();
        place(self.source, self.base + range.start, self.base + range.end)
    }
}

/// Whether nothing is merged and no key stands twice, which is so in nearly every mapping.
fn is_sound(entries: &[Entry]) -> bool {
    if entries.iter().any(|entry| is_merge(&entry.key)) {
        return false;
    }
    if entries.len() <= FEW {
        return entries.iter().enumerate().all(|(index, entry)| {
            let mut before = entries.iter().take(index);
            before.all(|other| other.name() != entry.name())
        });
    }
    let mut names = HashSet::with_capacity(entries.len());
    entries.iter().all(|entry| names.insert(entry.name()))
}

fn is_merge(key: &Node) -> bool {
    matches!(&key.value, Value::Scalar(Scalar { text, style: Style::Plain }) if text == "<<")
}

fn key_is_no_text(place: Place) -> Stop {
    Stop {
        place,
        message: "a mapping or list cannot be a key".into(),
        help: "keys are text; a value that begins with `{{` is a template: render it first, or quote it".into(),
    }
}

fn is_merge_tag(tag: &Tag) -> bool {
    let name = tag.suffix_in_namespace("tag:yaml.org,2002:");
    name.as_deref() == Some("merge")
}

fn is_core(tag: &Tag, name: &str) -> bool {
    tag.is_yaml_core_schema_tag(name)
}

fn place(source: u32, start: usize, end: usize) -> Place {
    let narrow = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    Place {
        source,
        start: narrow(start),
        end: narrow(end),
    }
}

/// What a copy of `node` costs, roughly, in bytes.
fn weight(node: &Node) -> usize {
    32 + match &node.value {
        Value::Scalar(scalar) => scalar.text.len(),
        Value::Sequence(items) => items.iter().map(weight).sum(),
        Value::Mapping(entries) => entries
            .iter()
            .map(|entry| weight(&entry.key) + weight(&entry.value))
            .sum(),
    }
}
