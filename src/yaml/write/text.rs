//! How a text is spelled: bare, quoted, or set as a `|` block.
//!
//! Bare is an allow-list. To quote too much only costs looks; to quote too little makes a version
//! a float, or a flag a boolean, in the cluster. So the rules ask what *some* reader might take a
//! text for, and do not follow any one reader's grammar.

use std::fmt::Write as _;

use crate::yaml::plain::is_reserved_word;

/// `-infinity`.
const LONGEST_RESERVED_WORD: usize = 9;

/// Appends `text` in its one-line form, bare or quoted. It may stand for a value, or for a key of
/// at most 1024 characters, in block style as well as inside `[…]` and `{…}`.
pub fn scalar(out: &mut String, text: &str) {
    // In flow style `,` ends a bare text, and `?` does for PyYAML.
    if is_plain(text) && !text.contains([',', '?']) {
        out.push_str(text);
    } else {
        push_quoted(out, text);
    }
}

/// Whether every reader takes the bare `text` for this very string, in block style.
pub(super) fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let starts_plain = match bytes {
        [
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'_' | b'$' | b'(',
            ..,
        ] => true,
        [b'-', next, ..] => !matches!(next, b' ' | b'.') && !text.starts_with("---"),
        [b'.', ..] => !text.starts_with("..."),
        _ => text.starts_with(char::is_alphabetic),
    };
    if !starts_plain || matches!(bytes, [.., b' ' | b':']) {
        return false;
    }
    #[allow(clippy::indexing_slicing, reason = "a byte is below 256")]
    let seen = bytes
        .iter()
        .fold(0, |seen, &byte| seen | MARKS[usize::from(byte)]);
    if seen & UNFIT != 0 {
        return false;
    }
    let is_word = seen == NOT_NUMERIC && bytes.len() > LONGEST_RESERVED_WORD;
    is_word
        || !(is_reserved(text)
            || seen & NOT_NUMERIC == 0 && resembles_number(text)
            || seen & BLANK != 0 && (text.contains(": ") || text.contains(" #"))
            || seen & WIDE != 0 && !is_visible(text))
}

/// Needs quotes wherever it stands.
const UNFIT: u8 = 1;
/// Gives a `:` before it or a `#` behind it a meaning.
const BLANK: u8 = 2;
/// Is part of a character beyond ASCII.
const WIDE: u8 = 4;
/// Stands in no number, date or time of any base and spelling.
const NOT_NUMERIC: u8 = 8;

#[allow(clippy::indexing_slicing, reason = "a byte is below 256")]
static MARKS: [u8; 256] = {
    let mut marks = [UNFIT; 256];
    let mut byte = 0_u8;
    // 0xFF is no byte of UTF-8.
    while byte < u8::MAX {
        marks[byte as usize] = mark(byte);
        byte += 1;
    }
    marks
};

/// What `byte` means for a bare text.
const fn mark(byte: u8) -> u8 {
    match byte {
        b' ' => BLANK,
        b'"' | b'\\' | b'`' | b'[' | b']' | b'{' | b'}' => UNFIT,
        b'+' | b'-' | b'.' | b',' | b':' | b'_' => 0,
        _ if byte.is_ascii_hexdigit() => 0,
        _ if matches!(byte.to_ascii_lowercase(), b'o' | b'p' | b't' | b'x' | b'z') => 0,
        b'!'..=b'~' => NOT_NUMERIC,
        0x80.. => WIDE | NOT_NUMERIC,
        _ => UNFIT,
    }
}

/// Whether some YAML 1.1 or 1.2 reader takes the word `text` for a boolean, null or a float, in any case.
fn is_reserved(text: &str) -> bool {
    text.len() <= LONGEST_RESERVED_WORD && is_reserved_word(text)
}

/// Whether a text without [`NOT_NUMERIC`] bytes might be a number, a date or a time: `8080`,
/// `1_000`, `0x1F`, `1e3`, `.5`, `12:30:45`, `2025-06-18`, and `E8` for some readers in JavaScript.
/// With two dots (`1.0.0`) it is none.
fn resembles_number(text: &str) -> bool {
    let starts_numeric = matches!(
        text.strip_prefix('-').unwrap_or(text).as_bytes(),
        [b'0'..=b'9' | b'.' | b'_', ..] | [b'e' | b'E', b'0'..=b'9' | b'+' | b'-', ..]
    );
    starts_numeric && text.bytes().filter(|&byte| byte == b'.').count() < 2
}

/// Whether `text` is several clean lines, or one with its newline: what a `|` block carries to
/// every reader unchanged, with nothing in it that an editor might trim.
pub(super) fn is_block_text(text: &str) -> bool {
    text.contains('\n')
        && !text.starts_with([' ', '\n'])
        && text
            .split('\n')
            .all(|line| !line.ends_with(' ') && is_visible(line))
}

/// Appends `text` in double quotes; in single ones where those spare it escapes.
pub(super) fn push_quoted(out: &mut String, text: &str) {
    let needs_escapes = text.bytes().any(|byte| matches!(byte, b'"' | b'\\'));
    match (is_visible(text), needs_escapes) {
        (true, false) => {
            out.push('"');
            out.push_str(text);
            out.push('"');
        }
        (true, true) => push_single_quoted(out, text),
        (false, _) => push_escaped(out, text),
    }
}

fn push_single_quoted(out: &mut String, text: &str) {
    out.push('\'');
    for (index, piece) in text.split('\'').enumerate() {
        if index > 0 {
            out.push_str("''");
        }
        out.push_str(piece);
    }
    out.push('\'');
}

fn push_escaped(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ if is_visible_char(character) => out.push(character),
            _ => push_code(out, u32::from(character)),
        }
    }
    out.push('"');
}

fn push_code(out: &mut String, code: u32) {
    // Writing into a String cannot fail.
    let _ = if code <= 0xFFFF {
        write!(out, "\\u{code:04X}")
    } else {
        write!(out, "\\U{code:08X}")
    };
}

/// Whether every reader accepts the characters of `text` as they are, and a reviewer sees them.
fn is_visible(text: &str) -> bool {
    // Looks at every byte, which the compiler turns into a few wide instructions.
    let is_plain_ascii = text
        .bytes()
        .fold(true, |all, byte| all & matches!(byte, b' '..=b'~'));
    is_plain_ascii || text.chars().all(is_visible_char)
}

/// Whether every reader accepts `character` as it is, and a reviewer sees it.
pub fn is_visible_char(character: char) -> bool {
    match character {
        ' '..='~' => true,
        // Formatting: soft hyphen, zero width, writing direction, byte order mark, tags.
        '\u{AD}'
        | '\u{61C}'
        | '\u{180E}'
        | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | '\u{FEFF}'
        | '\u{FFF0}'..='\u{FFFF}'
        | '\u{E0000}'..='\u{E0FFF}' => false,
        _ => !character.is_control() && !character.is_whitespace(),
    }
}
