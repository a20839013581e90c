//! What the readers of this world take an unquoted scalar for.
//!
//! sigs.k8s.io/yaml (kubectl, Helm) reads YAML 1.1, kyaml (kustomize) something between 1.1 and
//! 1.2, and a person reads what they meant. Where all three agree the text is used; where they do
//! not, the person is asked to quote. See facts: kustomize hands `1.10` over as `1.1`, `0x1F` as
//! `31`, `yes` as `"yes"`.

/// How an unquoted scalar is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plain {
    /// Empty, `~` or `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A decimal integer in its shortest form.
    Integer,
    /// A decimal fraction: its digits do not survive a round trip (`1.10`).
    Float,
    /// Text to every reader.
    Text,
    /// Something else to some reader: what it may be taken for, with its article.
    Ambiguous(&'static str),
}

/// What some reader takes for a boolean, in any case.
const BOOLEANS: [&str; 8] = ["y", "n", "yes", "no", "on", "off", "true", "false"];
/// What some reader takes for a number, in any case and with a sign, though it has no digit.
const NUMBERS: [&str; 5] = [".inf", ".nan", "inf", "infinity", "nan"];

/// [`BOOLEANS`], [`NUMBERS`] and `null` in one list, to be searched once.
const RESERVED: [&str; 14] = [
    "y", "n", "yes", "no", "on", "off", "true", "false", ".inf", ".nan", "inf", "infinity", "nan",
    "null",
];

/// Whether some reader takes the word `text` for a boolean, null or a number, in any case, when it stands
/// without quotes.
pub(super) fn is_reserved_word(text: &str) -> bool {
    let is_signed = text.starts_with(['-', '+']);
    is_one_of(&RESERVED, const { beginnings(&RESERVED) }, text) || is_signed && is_number_word(text)
}

/// Whether some reader takes `text` for a boolean when it stands without quotes.
fn is_boolean(text: &str) -> bool {
    is_one_of(&BOOLEANS, const { beginnings(&BOOLEANS) }, text)
}

/// Whether some reader takes the word `text` for a number when it stands without quotes.
fn is_number_word(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    is_one_of(&NUMBERS, const { beginnings(&NUMBERS) }, unsigned)
}

/// Whether `text` is one of `words` in any case, which have these `beginnings`: every text that is written
/// or read asks, and nearly none begins so.
fn is_one_of(words: &[&str], beginnings: u128, text: &str) -> bool {
    let first = text.as_bytes().first().map(u8::to_ascii_lowercase);
    let begins = first.is_some_and(|first| first.is_ascii() && beginnings >> first & 1 == 1);
    begins && words.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// A bit for the first character of each of `words`, which are ASCII in lower case.
const fn beginnings(words: &[&str]) -> u128 {
    let mut beginnings = 0;
    let mut rest = words;
    while let [word, others @ ..] = rest {
        if let [first, ..] = word.as_bytes() {
            beginnings |= 1 << *first;
        }
        rest = others;
    }
    beginnings
}

/// Whether every reader takes `text` for null when it stands without quotes.
pub(super) fn is_null(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

/// How the readers take `text` when it stands without quotes.
#[must_use]
pub fn read_plain(text: &str) -> Plain {
    match text {
        _ if is_null(text) => return Plain::Null,
        "true" => return Plain::Bool(true),
        "false" => return Plain::Bool(false),
        "=" | "<<" => return Plain::Ambiguous("a YAML 1.1 indicator"),
        _ => {}
    }
    if is_boolean(text) {
        return Plain::Ambiguous("a boolean");
    }
    if is_number_word(text) {
        return Plain::Ambiguous("a number");
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let first = unsigned.bytes().next().unwrap_or_default();
    if !first.is_ascii_digit() && first != b'.' {
        return Plain::Text;
    }
    if is_shortest_integer(text) {
        return Plain::Integer;
    }
    if is_decimal_fraction(text) {
        return Plain::Float;
    }
    if is_other_number(&unsigned.to_ascii_lowercase()) {
        return Plain::Ambiguous("a number");
    }
    if is_date(unsigned) {
        return Plain::Ambiguous("a date");
    }
    Plain::Text
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_shortest_integer(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    is_digits(digits) && (digits == "0" && text == "0" || !digits.starts_with('0'))
}

fn is_decimal_fraction(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    unsigned
        .split_once('.')
        .is_some_and(|(whole, fraction)| is_digits(whole) && is_digits(fraction))
}

/// Octal, hexadecimal, binary, exponents, underscores, leading zeros and signs, sexagesimals. With two
/// dots it is none, to no reader.
fn is_other_number(unsigned: &str) -> bool {
    if unsigned.matches('.').nth(1).is_some() {
        return false;
    }
    let plain: String = unsigned.chars().filter(|c| *c != '_').collect();
    let in_base = |prefix: &str, base: u32| {
        plain.strip_prefix(prefix).is_some_and(|rest| {
            rest.chars()
                .all(|c| c.is_digit(base) || "._p+-".contains(c))
        })
    };
    in_base("0x", 16)
        || in_base("0o", 8)
        || in_base("0b", 2)
        || plain.parse::<f64>().is_ok()
        || is_sexagesimal(&plain)
}

/// `12:30:45` is a number to YAML 1.1.
fn is_sexagesimal(text: &str) -> bool {
    text.contains(':')
        && text
            .split(':')
            .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit() || b == b'.'))
}

/// `2025-06-18`, with or without a time after it.
fn is_date(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let (Some(year), Some(month), Some(rest)) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let day: String = rest.chars().take_while(char::is_ascii_digit).collect();
    let after = rest.chars().nth(day.len());
    year.len() == 4
        && is_digits(year)
        && matches!(month.len(), 1 | 2)
        && is_digits(month)
        && matches!(day.len(), 1 | 2)
        && matches!(after, None | Some('T' | 't' | ' ' | '\t'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_that_some_reader_takes_for_something_is_reserved() {
        let words = BOOLEANS.into_iter().chain(NUMBERS).chain(["null"]);
        assert!(words.eq(RESERVED));
    }

    #[test]
    fn what_all_readers_agree_on_is_not_ambiguous() {
        for (text, expected) in [
            ("mcp-github", Plain::Text),
            ("1.2.3", Plain::Text),
            ("12:30.45.6", Plain::Text),
            ("0x1.2.3", Plain::Text),
            ("10.0.0.0/8", Plain::Text),
            ("100m", Plain::Text),
            ("30s", Plain::Text),
            ("/health", Plain::Text),
            ("2025-06-18-beta", Plain::Text),
            ("nobody", Plain::Text),
            ("-c", Plain::Text),
            ("--port", Plain::Text),
            ("8080", Plain::Integer),
            ("-1", Plain::Integer),
            ("0", Plain::Integer),
            ("99.5", Plain::Float),
            ("true", Plain::Bool(true)),
            ("~", Plain::Null),
            ("", Plain::Null),
        ] {
            assert_eq!(read_plain(text), expected, "{text:?}");
        }
    }

    #[test]
    fn what_some_reader_takes_for_something_else_is_ambiguous() {
        for text in [
            "yes",
            "No",
            "ON",
            "off",
            "y",
            "True",
            "FALSE",
            "0x1F",
            "0o17",
            "017",
            "1_000",
            "+1",
            "1e3",
            ".5",
            "1.",
            ".inf",
            "-.INF",
            ".NaN",
            "12:30:45",
            "1:30",
            "2025-06-18",
            "2025-06-18T10:00:00Z",
            "=",
            "<<",
            "0b101",
            "-0",
            "007",
        ] {
            assert!(
                matches!(read_plain(text), Plain::Ambiguous(_)),
                "{text:?} is {:?}",
                read_plain(text)
            );
        }
    }
}
