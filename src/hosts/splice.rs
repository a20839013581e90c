//! Text in which some ranges give way to objects, and every other byte stays.
//!
//! All that can go wrong has gone wrong before a splice is written: the sets in it are resolved.
//! So it streams, one object at a time, however large the text around it is.

use std::io::{self, Write};
use std::ops::Range;

use super::folder::file_name;
use super::objects::each_text;
use crate::model::Set;
use crate::resources::{Object, objects};
use crate::yaml::{self, Encoded};

/// One range of a text, and what stands there instead.
#[derive(Debug)]
pub struct Edit {
    /// Which bytes give way; none at all for an insertion.
    pub range: Range<usize>,
    /// What comes instead.
    pub with: Replacement,
}

impl Edit {
    /// Whether the byte `at` of the text is no more where it was, or anywhere else.
    #[must_use]
    pub fn takes(&self, at: usize) -> bool {
        let keeps = |part: &FlowPart| matches!(part, FlowPart::Kept(range) if range.contains(&at));
        let stays = matches!(&self.with, Replacement::FlowList(parts) if parts.iter().any(keeps));
        self.range.contains(&at) && !stays
    }
}

/// What stands in place of a range.
#[derive(Debug)]
pub enum Replacement {
    /// Nothing.
    Nothing,
    /// This text, within a line.
    Text(String),
    /// These whole lines.
    Lines(String),
    /// The objects of a set, in whole lines.
    Objects(Box<Bundle>, Layout),
    /// A list in brackets.
    FlowList(Vec<FlowPart>),
}

/// A part of a list in brackets.
#[derive(Debug)]
pub enum FlowPart {
    /// The text of an item.
    Kept(Range<usize>),
    /// The objects of a set.
    Objects(Box<Bundle>),
}

/// The objects of a set, and how a host keeps track of them.
#[derive(Debug)]
pub struct Bundle {
    /// The set.
    pub set: Set,
    /// Annotations of every object.
    pub annotations: Vec<(String, String)>,
    /// Annotations that name each object's file, and the folder that holds these files.
    pub file_annotations: Vec<(String, String)>,
}

impl Bundle {
    /// The objects of `set` as they are.
    #[must_use]
    pub fn plain(set: Set) -> Self {
        Self {
            set,
            annotations: Vec::new(),
            file_annotations: Vec::new(),
        }
    }

    /// `object` with what the host keeps track of it by.
    fn tracked(&self, mut object: Object) -> Object {
        for (key, value) in &self.annotations {
            object.annotate(key, value);
        }
        for (key, folder) in &self.file_annotations {
            let path = format!("{folder}{}", file_name(&object));
            object.annotate(key, &path);
        }
        object
    }
}

/// How objects follow each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Layout {
    /// As documents, each with these comment lines behind its `---`.
    Documents {
        /// Whole lines, or none.
        comment: String,
    },
    /// As items of a block list.
    Items {
        /// Blanks before the dash.
        indent: usize,
    },
}

/// Writes `text` with `edits`, which are in order and do not overlap.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(text: &str, edits: &[Edit], mut out: impl Write) -> io::Result<()> {
    let mut at = 0;
    for edit in edits {
        let kept = text.get(at..edit.range.start).unwrap_or_default();
        out.write_all(kept.as_bytes())?;
        let is_whole_lines = matches!(edit.with, Replacement::Lines(_) | Replacement::Objects(..));
        if is_whole_lines && !kept.is_empty() && !kept.ends_with('\n') {
            out.write_all(b"\n")?;
        }
        match &edit.with {
            Replacement::Nothing => {}
            Replacement::Text(text) | Replacement::Lines(text) => out.write_all(text.as_bytes())?,
            Replacement::Objects(bundle, layout) => write_objects(bundle, layout, &mut out)?,
            Replacement::FlowList(parts) => write_flow_list(text, parts, &mut out)?,
        }
        at = edit.range.end;
    }
    out.write_all(text.get(at..).unwrap_or_default().as_bytes())?;
    out.flush()
}

fn write_objects(bundle: &Bundle, layout: &Layout, out: &mut impl Write) -> io::Result<()> {
    each_text(
        [&bundle.set],
        |object, text| {
            let object = bundle.tracked(object);
            match layout {
                Layout::Documents { comment } => {
                    text.push_str("---\n");
                    text.push_str(comment);
                    yaml::document(text, &object)
                }
                Layout::Items { .. } => yaml::list_item(text, &object),
            }
        },
        |text, _| match layout {
            Layout::Documents { .. } => out.write_all(text.as_bytes()),
            Layout::Items { indent } => write_indented(text, *indent, out),
        },
    )
}

/// Moves every line of `text` to the right. Its blocks are none the wiser: all their lines move.
fn write_indented(text: &str, indent: usize, out: &mut impl Write) -> io::Result<()> {
    for line in text.split_inclusive('\n') {
        if line != "\n" {
            write!(out, "{:indent$}", "")?;
        }
        out.write_all(line.as_bytes())?;
    }
    Ok(())
}

fn write_flow_list(text: &str, parts: &[FlowPart], out: &mut impl Write) -> io::Result<()> {
    let mut separator = "[";
    for part in parts {
        match part {
            FlowPart::Kept(range) => {
                let kept = text.get(range.clone()).unwrap_or_default();
                write!(out, "{separator}{kept}")?;
                separator = ", ";
            }
            FlowPart::Objects(bundle) => {
                for object in objects(&bundle.set).map(|object| bundle.tracked(object)) {
                    // JSON is YAML's flow form.
                    let json = serde_json::to_string(&Encoded::of(&object))?;
                    write!(out, "{separator}{json}")?;
                    separator = ", ";
                }
            }
        }
    }
    out.write_all(if separator == "[" { b"[]" } else { b"]" })
}
