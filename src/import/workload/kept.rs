//! The values of Secrets among the objects. None is read for a set, and none may be printed because it
//! stands elsewhere, too.

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

/// What `text` is the base64 of, if that is text.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let (mut bits, mut count) = (0_u32, 0_u32);
    for byte in text
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=')
    {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6 | u32::from(digit)) & 0xfff;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff).ok()?);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_read_as_the_api_server_reads_it() {
        assert_eq!(decoded("aHVudGVyMg==").as_deref(), Some("hunter2"));
        assert_eq!(decoded("aHVu\ndGVy").as_deref(), Some("hunter"));
        assert_eq!(decoded("a b!"), None);
    }
}
