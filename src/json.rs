//! JSON: the one place where a value becomes text that people read, too.

use std::fmt::Write as _;

use serde::Serialize;

use crate::model::is_invisible;

/// `value` as JSON in lines, which steers no terminal.
#[must_use]
pub fn pretty(value: &impl Serialize) -> String {
    // Values are text, numbers and maps with text for keys: nothing of them can fail.
    let mut json = serde_json::to_string_pretty(value).unwrap_or_default();
    json.push('\n');
    if !json.chars().any(|c| c != '\n' && is_invisible(c)) {
        return json;
    }
    let mut text = String::with_capacity(json.len() + 8);
    for character in json.chars() {
        if character != '\n' && is_invisible(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                let _ = write!(text, "\\u{unit:04x}");
            }
        } else {
            text.push(character);
        }
    }
    text
}
