//! The YAML writer: every object leaves the house through here.
//!
//! It exists because no serializer on crates.io is read back right by Go: they leave `y`, `0o17`
//! or `2025-06-18` bare, which sigs.k8s.io/yaml and kyaml take for a boolean, a number and a
//! timestamp, or they fold long lines and so split `PromQL`. Here a text is bare only when it is on
//! a list of harmless forms; everything else is quoted, or set as a `|` block. The output has no
//! anchors, no tags and no folded lines, and lists stand at the column of their key, as `kubectl`
//! prints them.
//!
//! It is a [`serde::Serializer`] that appends to one `String` in a single pass. This file lays
//! out lines and columns, `text` spells one text, `serializer` receives serde's calls.

mod serializer;
mod text;

use std::fmt::{self, Display, Write as _};

use serde::ser::{self, Serialize};

pub(super) use text::is_visible_char;
pub use text::scalar;
use text::{is_block_text, is_plain, push_quoted};

/// Characters that a key may have before its `:`, quotes included: a limit of the YAML
/// specification that readers enforce. Longer keys need the explicit `? key`.
const LONGEST_SIMPLE_KEY: usize = 1024;

/// Columns per level.
const STEP: usize = 2;

/// What YAML could say and the readers of manifests could not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WriteError {
    /// A map key that is neither text, number nor boolean; holds what it is.
    Key(&'static str),
    /// A float that JSON, and so the Kubernetes API, has no form for: infinite or not a number.
    NotFinite,
    /// Raw bytes, for which there is no plain YAML form.
    Bytes,
    /// What a `Serialize` implementation reported.
    Custom(String),
}

impl Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(kind) => write!(f, "{kind} cannot be a map key: use a text"),
            Self::NotFinite => {
                f.write_str("an infinite float or NaN has no JSON form: use a finite number")
            }
            Self::Bytes => f.write_str("raw bytes have no YAML form: encode them as base64 text"),
            Self::Custom(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for WriteError {}

impl ser::Error for WriteError {
    fn custom<T: Display>(message: T) -> Self {
        Self::Custom(message.to_string())
    }
}

/// Appends `value` as a block document that ends with one newline, without `---`.
///
/// # Errors
/// [`WriteError`] when the value holds what manifests cannot; `out` is then as it was.
pub fn document<T: Serialize + ?Sized>(out: &mut String, value: &T) -> Result<(), WriteError> {
    append(out, "", Place::Document, value)
}

/// Appends `value` as one item of a block list at column 0, so that a list can be streamed.
///
/// # Errors
/// [`WriteError`] when the value holds what manifests cannot; `out` is then as it was.
pub fn list_item<T: Serialize + ?Sized>(out: &mut String, value: &T) -> Result<(), WriteError> {
    append(out, "-", Place::Item, value)
}

/// Appends `text` as the value behind a `key:` at column `indent`: bare, quoted, or as a `|` block.
pub fn text_value(out: &mut String, indent: usize, text: &str) {
    let mut writer = Writer {
        out,
        indent,
        place: Place::Value,
        block_text: None,
    };
    writer.text(text);
}

fn append<T: Serialize + ?Sized>(
    out: &mut String,
    lead: &str,
    place: Place,
    value: &T,
) -> Result<(), WriteError> {
    let start = out.len();
    out.push_str(lead);
    let mut writer = Writer {
        out,
        indent: 0,
        place,
        block_text: None,
    };
    let written = value.serialize(&mut writer);
    match written {
        Ok(()) => {
            writer.quote_final_text();
            writer.out.push('\n');
        }
        Err(_) => out.truncate(start),
    }
    written
}

/// Where the next value stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// At the start of the text.
    Document,
    /// At a map key's own place.
    Key,
    /// Behind `key:`.
    Value,
    /// Behind the `-` of a list item.
    Item,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Map,
    List,
}

/// Where in the output a `|` text with a final newline stands.
struct BlockText {
    start: usize,
    end: usize,
    /// Columns before each of its lines.
    indent: usize,
}

struct Writer<'o> {
    out: &'o mut String,
    /// Column of the innermost block's keys or dashes.
    indent: usize,
    place: Place,
    /// The last one, since it may turn out to end the document.
    block_text: Option<BlockText>,
}

impl<'o> Writer<'o> {
    fn begin_scalar(&mut self) {
        if matches!(self.place, Place::Value | Place::Item) {
            self.out.push(' ');
        }
    }

    fn text(&mut self, text: &str) {
        if self.place == Place::Key {
            return self.key(text);
        }
        self.begin_scalar();
        if is_plain(text) {
            self.out.push_str(text);
        } else if is_block_text(text) {
            self.block_text(text);
        } else {
            push_quoted(self.out, text);
        }
    }

    fn key(&mut self, text: &str) {
        let start = self.out.len();
        if is_plain(text) {
            self.out.push_str(text);
        } else {
            push_quoted(self.out, text);
        }
        if self.out.len() - start > LONGEST_SIMPLE_KEY {
            self.out.insert_str(start, "? ");
            break_line(self.out, self.indent);
        }
        self.out.push(':');
    }

    /// A number or boolean: bare as a value, text as a key.
    fn token(&mut self, token: fmt::Arguments<'_>) -> Result<(), WriteError> {
        self.begin_scalar();
        let written = if self.place == Place::Key {
            write!(self.out, "\"{token}\":")
        } else {
            write!(self.out, "{token}")
        };
        written.map_err(ser::Error::custom)
    }

    /// A float with a dot and a signed exponent, the one form that YAML 1.1 readers know too.
    fn float(&mut self, finite: bool, shortest: fmt::Arguments<'_>) -> Result<(), WriteError> {
        if self.place == Place::Key {
            return Err(WriteError::Key("a float"));
        }
        if !finite {
            return Err(WriteError::NotFinite);
        }
        let start = self.out.len();
        self.token(shortest)?;
        let number = self.out.get(start..).unwrap_or_default();
        if let Some((mantissa, exponent)) = number.split_once('e') {
            let dot = if mantissa.contains('.') { "" } else { ".0" };
            let sign = if exponent.starts_with('-') { "" } else { "+" };
            let number = format!("{mantissa}{dot}e{sign}{exponent}");
            self.out.truncate(start);
            self.out.push_str(&number);
        }
        Ok(())
    }

    fn block_text(&mut self, text: &str) {
        let start = self.out.len();
        let indent = self.indent + STEP;
        let body = text.trim_end_matches('\n');
        let final_breaks = text.len() - body.len();
        self.out.push_str(match final_breaks {
            0 => "|-",
            1 => "|",
            _ => "|+",
        });
        for line in body.split('\n') {
            break_line(self.out, if line.is_empty() { 0 } else { indent });
            self.out.push_str(line);
        }
        for _ in 1..final_breaks {
            self.out.push('\n');
        }
        if final_breaks > 0 {
            let end = self.out.len();
            self.block_text = Some(BlockText { start, end, indent });
        }
    }

    /// Quotes the `|` text that ends the document, since it would lose its final newlines to hosts
    /// that trim documents, as Helm does.
    fn quote_final_text(&mut self) {
        let Some(BlockText { start, end, indent }) = self.block_text else {
            return;
        };
        if end == self.out.len() {
            let block = self.out.split_off(start);
            let mut text = String::with_capacity(block.len());
            for line in block.split('\n').skip(1) {
                text.push_str(line.get(indent..).unwrap_or_default());
                text.push('\n');
            }
            push_quoted(self.out, &text);
        }
    }

    fn block<'w>(&'w mut self, shape: Shape) -> Result<Block<'w, 'o>, WriteError> {
        let outer_indent = self.indent;
        self.indent += match (self.place, shape) {
            (Place::Key, Shape::Map) => return Err(WriteError::Key("a map")),
            (Place::Key, Shape::List) => return Err(WriteError::Key("a list")),
            (Place::Document, _) | (Place::Value, Shape::List) => 0,
            (Place::Value, Shape::Map) | (Place::Item, _) => STEP,
        };
        Ok(Block {
            unopened: Some(self.place),
            writer: self,
            shape,
            outer_indent,
        })
    }

    /// `variant:` and a block behind it, which serde names and we nest.
    fn variant<'w>(&'w mut self, variant: &str, shape: Shape) -> Result<Block<'w, 'o>, WriteError> {
        let mut tag = self.block(Shape::Map)?;
        tag.key(variant)?;
        let outer_indent = tag.outer_indent;
        tag.writer.place = Place::Value;
        Ok(Block {
            outer_indent,
            ..tag.writer.block(shape)?
        })
    }
}

/// A map or list being written. Nothing of it stands in the output before its first entry, since
/// an empty one is `{}` or `[]` on the line of its key.
struct Block<'w, 'o> {
    writer: &'w mut Writer<'o>,
    shape: Shape,
    /// The place of the whole block, until its first entry is written.
    unopened: Option<Place>,
    outer_indent: usize,
}

impl Block<'_, '_> {
    fn begin_entry(&mut self) {
        match self.unopened.take() {
            Some(Place::Document | Place::Key) => {}
            Some(Place::Item) => self.writer.out.push(' '),
            Some(Place::Value) | None => break_line(self.writer.out, self.writer.indent),
        }
    }

    fn key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), WriteError> {
        self.begin_entry();
        self.writer.place = Place::Key;
        key.serialize(&mut *self.writer)
    }

    fn value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), WriteError> {
        self.writer.place = Place::Value;
        value.serialize(&mut *self.writer)
    }

    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), WriteError> {
        self.begin_entry();
        self.writer.out.push('-');
        self.writer.place = Place::Item;
        value.serialize(&mut *self.writer)
    }

    fn close(self) {
        self.writer.indent = self.outer_indent;
        if let Some(place) = self.unopened {
            self.writer.place = place;
            self.writer.begin_scalar();
            self.writer.out.push_str(match self.shape {
                Shape::Map => "{}",
                Shape::List => "[]",
            });
        }
    }
}

/// Begins a new line at column `indent`.
fn break_line(out: &mut String, indent: usize) {
    const MARGIN: &str = "\n                                                ";
    out.push_str(MARGIN.get(..=indent).unwrap_or(MARGIN));
    for _ in MARGIN.len()..=indent {
        out.push(' ');
    }
}
