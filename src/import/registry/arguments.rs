//! `runtimeArguments` and `packageArguments`: positional, or named by a flag.

use super::inputs::{Input, input};
use crate::import::fields::Fields;
use crate::import::values::Values;
use crate::import::words::{Text, Word};
use crate::model::EnvName;
use crate::yaml::Node;

/// The words of the command line that `items` describe, and the names of variables among them whose
/// values are credentials. Optional ones without a value are none.
pub fn arguments(
    items: &[Node],
    values: &mut Values<'_>,
) -> (Vec<Word>, Vec<(String, Option<String>)>) {
    let mut secrets = Vec::new();
    let words = items
        .iter()
        .flat_map(|item| argument(item, values, &mut secrets));
    let words = words.collect();
    (words, secrets)
}

fn argument(
    item: &Node,
    values: &mut Values<'_>,
    secrets: &mut Vec<(String, Option<String>)>,
) -> Vec<Word> {
    let mut fields = Fields::new(item, "");
    let place = item.place;
    let flag = fields.text("name");
    let is_named = flag.is_some() && fields.text("type") != Some("positional");
    let name = flag
        .or_else(|| fields.text("valueHint"))
        .unwrap_or("argument");
    // A variable inside `-e NAME={token}` is the container's own.
    let template = item.get("value").and_then(Node::text).unwrap_or_default();
    let has_input = [
        "value",
        "default",
        "isRequired",
        "choices",
        "format",
        "is_required",
        "valueHint",
    ]
    .iter()
    .any(|key| item.get(key).is_some());
    let is_variable = is_named && matches!(name, "-e" | "--env");
    let mut words = Vec::new();
    if is_named && !has_input {
        // A switch.
        return vec![Word::known(name, place)];
    }
    let text = match input(&mut fields, name.trim_start_matches('-'), values) {
        Input::Text(text) => Text::Known(text),
        Input::Secret { .. } => match template.split_once('=') {
            Some((variable, _)) if is_variable && EnvName::parse(variable).is_ok() => {
                let name = variable;
                secrets.push((name.to_owned(), None));
                Text::Known(name.to_owned())
            }
            _ => Text::Secret,
        },
        Input::Unset | Input::Missing => return words,
    };
    if is_named {
        words.push(Word::known(name, place));
    }
    match text {
        // A switch that is on.
        Text::Known(text)
            if is_named && (text.is_empty() || text == "true" && item.get("value").is_none()) => {}
        text => words.push(Word { text, place }),
    }
    words
}
