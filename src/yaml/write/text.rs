//! How a text is spelled: bare, quoted, or set as a `|` block.
//!
//! Bare is an allow-list. To quote too much only costs looks; to quote too little makes a version
//! a float or a flag a boolean in the cluster. So the rules ask what *some* reader might take a
//! text for, and do not follow any one reader's grammar.

use std::fmt::Write as _;

/// Words that some YAML 1.1 or 1.2 reader takes for a boolean, null or a float, in any case.
const RESERVED_WORDS: [&str; 11] = [
    "y", "n", "no", "on", "yes", "off", "true", "null", ".inf", ".nan", "false",
];

/// Appends `text` in its one-line form, bare or quoted. It may stand for a key or a value, in
/// block style as well as inside `[…]` and `{…}`.
pub fn scalar(out: &mut String, text: &str) {
    // In flow style `,` ends a bare text, and `?` does for some readers.
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
        [b'-', next, ..] => !matches!(next, b' ' | b'.') && !text.starts_with("---"),
        [b'.', ..] => !text.starts_with("..."),
        [b'/' | b'_' | b'$' | b'(' | b'0'..=b'9', ..] => true,
        _ => text.starts_with(char::is_alphabetic),
    };
    if !starts_plain || text.ends_with([' ', ':']) {
        return false;
    }
    let mut seen = 0;
    for &byte in bytes {
        seen |= MARKS[usize::from(byte)];
    }
    if seen & UNFIT != 0 || (seen & BLANK != 0 && (text.contains(": ") || text.contains(" #"))) {
        return false;
    }
    if seen & WIDE != 0 && !is_visible(text) {
        return false;
    }
    let is_number = seen & NOT_NUMERIC == 0 && resembles_number(text);
    !is_number && !is_reserved(text)
}

/// A byte that needs quotes wherever it stands.
const UNFIT: u8 = 1;
/// The blank, which makes a preceding `:` or a following `#` mean something.
const BLANK: u8 = 2;
/// Part of a character beyond ASCII.
const WIDE: u8 = 4;
/// A byte that stands in no number, date or time.
const NOT_NUMERIC: u8 = 8;

static MARKS: [u8; 256] = marks();

const fn marks() -> [u8; 256] {
    let mut marks = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        marks[byte] = match byte as u8 {
            b' ' => BLANK,
            b'"' | b'\\' | b'[' | b']' | b'{' | b'}' | b'`' => UNFIT,
            b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F' => 0,
            b'o' | b'p' | b't' | b'x' | b'z' | b'O' | b'P' | b'T' | b'X' | b'Z' => 0,
            b'+' | b'-' | b'.' | b',' | b':' | b'_' => 0,
            b'!'..=b'~' => NOT_NUMERIC,
            0x80.. => WIDE | NOT_NUMERIC,
            _ => UNFIT,
        };
        byte += 1;
    }
    marks
}

/// Whether `text` is several clean lines, or one with its newline, which a `|` block carries to
/// every reader unchanged, with nothing that an editor might trim.
pub(super) fn is_block_text(text: &str) -> bool {
    text.contains('\n')
        && !text.starts_with([' ', '\n'])
        && text
            .split('\n')
            .all(|line| !line.ends_with(' ') && is_visible(line))
}

/// Appends `text` in double quotes; in single ones when those spare it escapes.
pub(super) fn push_quoted(out: &mut String, text: &str) {
    if text.contains(['"', '\\']) && is_visible(text) {
        out.push('\'');
        for (index, piece) in text.split('\'').enumerate() {
            if index > 0 {
                out.push_str("''");
            }
            out.push_str(piece);
        }
        out.push('\'');
    } else {
        push_double_quoted(out, text);
    }
}

fn push_double_quoted(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ if is_visible_char(character) => out.push(character),
            _ => push_escape(out, u32::from(character)),
        }
    }
    out.push('"');
}

fn push_escape(out: &mut String, code: u32) {
    // Writing into a String cannot fail.
    let _ = if code <= 0xFFFF {
        write!(out, "\\u{code:04X}")
    } else {
        write!(out, "\\U{code:08X}")
    };
}

fn is_reserved(text: &str) -> bool {
    text.len() <= 5
        && text.starts_with(['y', 'Y', 'n', 'N', 'o', 'O', 't', 'T', 'f', 'F', '.'])
        && RESERVED_WORDS
            .iter()
            .any(|word| word.eq_ignore_ascii_case(text))
}

/// Whether some reader might take `text`, which has only [numeric](NOT_NUMERIC) characters, for a
/// number, a date or a time: `8080`, `1_000`, `0x1F`, `1e3`, `.5`, `12:30:45`, `2025-06-18`.
/// Nothing with two dots (`1.0.0`) is one.
fn resembles_number(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    unsigned.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '.' | '_'))
        && text.bytes().filter(|&byte| byte == b'.').count() < 2
}

/// Whether every reader accepts the characters of `text` as they are, and a reviewer sees them.
fn is_visible(text: &str) -> bool {
    let is_ascii = text
        .bytes()
        .fold(true, |all, byte| all & matches!(byte, b' '..=b'~'));
    is_ascii || text.chars().all(is_visible_char)
}

fn is_visible_char(character: char) -> bool {
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
