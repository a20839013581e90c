//! The values of Secrets among the objects. None is read for a set, and none may be printed because it
//! stands elsewhere, too.

use k8s_openapi::ByteString;

use crate::manifest::At;
use crate::yaml::Node;

/// The values in the Secret `node`, encoded and not.
pub fn values(node: &Node) -> Vec<String> {
    let mut values = Vec::new();
    for field in ["data", "stringData"] {
        for (_, value) in At::new(node).get(field).entries() {
            let Some(text) = value.text() else { continue };
            values.push(text.to_owned());
            let plain = if field == "data" {
                decoded(text)
            } else {
                Some(text.to_owned())
            };
            let lines = plain.iter().flat_map(|plain| plain.lines());
            values.extend(lines.map(|line| line.trim().to_owned()));
        }
    }
    values
}

/// What `text` is the base64 of, if that is text; padded or not.
fn decoded(text: &str) -> Option<String> {
    let digits = text
        .chars()
        .filter(|c| !c.is_ascii_whitespace() && *c != '=');
    let mut digits: String = digits.collect();
    while !digits.len().is_multiple_of(4) {
        digits.push('=');
    }
    let ByteString(bytes) = serde_json::from_value(digits.into()).ok()?;
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_read_as_the_api_server_reads_it() {
        assert_eq!(decoded("aHVudGVyMg==").as_deref(), Some("hunter2"));
        assert_eq!(decoded("aHVudGVyMg").as_deref(), Some("hunter2"));
        assert_eq!(decoded("aHVu\ndGVy").as_deref(), Some("hunter"));
        assert_eq!(decoded("a b!"), None);
    }
}
