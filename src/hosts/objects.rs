//! Objects on standard output: a YAML document each, or one `List` in JSON as `kubectl get -o json` prints
//! it.
//!
//! The list is one value, as a file called `.json` is to most programs; kubectl, kustomize and Argo CD take
//! it for its items. Objects one behind the other are refused by Argo CD, and by all that reads one value.

use std::io::{self, Write};

use serde::Serialize;

use crate::json::pretty;
use crate::resources::Object;
use crate::yaml;

/// What stands before the items.
const BEGIN: &str = "{\n  \"apiVersion\": \"v1\",\n  \"kind\": \"List\",\n  \"items\": [";
/// Before every line of an item.
const INDENT: &str = "\n    ";

/// Writes `objects` as they come, a document each.
///
/// # Errors
/// What `out` says.
pub fn documents(
    objects: impl IntoIterator<Item = impl Serialize>,
    out: &mut impl Write,
) -> io::Result<()> {
    let mut text = String::new();
    for object in objects {
        text.clear();
        text.push_str("---\n");
        yaml::document(&mut text, &object).map_err(io::Error::other)?;
        out.write_all(text.as_bytes())?;
    }
    Ok(())
}

/// Writes `objects` as they come, one at a time, into a list.
///
/// # Errors
/// What `out` says.
pub fn list(objects: impl Iterator<Item = Object>, out: &mut impl Write) -> io::Result<()> {
    out.write_all(BEGIN.as_bytes())?;
    let mut end = "]\n}\n";
    let mut separator = "";
    for object in objects {
        // A text has no line breaks in JSON: each is one of ours.
        let item = pretty(&object).trim_end().replace('\n', INDENT);
        write!(out, "{separator}{INDENT}{item}")?;
        separator = ",";
        end = "\n  ]\n}\n";
    }
    out.write_all(end.as_bytes())
}
