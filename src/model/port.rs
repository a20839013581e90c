//! Port numbers and port names.

use std::fmt;

use super::invalid::Invalid;
use super::wording::{contains_offender, quoted, too_long};

/// Characters in a port's name at most (RFC 6335 §5.1).
pub const PORT_NAME_MAX: usize = 15;

/// A TCP or UDP port: 1 to 65535.
///
/// Example: `8080`. Source: Kubernetes `IsValidPortNum`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Port(u16);

impl Port {
    /// Port of a URL whose scheme is `http` and that names none.
    pub const HTTP: Self = Self(80);
    /// Port of a URL whose scheme is `https` and that names none.
    pub const HTTPS: Self = Self(443);

    /// The port with this number.
    ///
    /// # Errors
    /// Refuses a number outside 1 to 65535.
    pub fn new(number: i64) -> Result<Self, Invalid> {
        match u16::try_from(number) {
            Ok(number) if number != 0 => Ok(Self(number)),
            _ => Err(refused(&number.to_string())),
        }
    }

    /// Reads a port from its digits.
    ///
    /// # Errors
    /// Refuses anything but digits without leading zeros, and a number outside 1 to 65535.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let canonical = text.chars().all(|c| c.is_ascii_digit()) && !text.starts_with('0');
        match text.parse() {
            Ok(number) if canonical => Self::new(number),
            _ => Err(refused(text)),
        }
    }

    /// The number.
    #[must_use]
    pub fn number(self) -> u16 {
        self.0
    }
}

impl fmt::Display for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

fn refused(text: &str) -> Invalid {
    Invalid::new(
        format!("{} is not a port", quoted(text)),
        "use a number from 1 to 65535, such as `8080`",
    )
}

/// Name of a port.
///
/// At most 15 lower-case letters, digits and `-`; at least one letter; `-` neither doubled nor
/// at an end. Example: `http-metrics`. Source: Kubernetes `IsValidPortName`, RFC 6335 §5.1.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PortName(String);
text_value!(PortName.0);

impl PortName {
    /// Reads a port's name.
    ///
    /// # Errors
    /// Names the character, end or length that breaks the rule.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match name_problem(text) {
            None => Ok(Self(text.to_owned())),
            Some(problem) => Err(Invalid::new(
                problem,
                "use at most 15 lower-case letters, digits and single `-`, with at least one letter, such as `http`",
            )),
        }
    }
}

fn name_problem(text: &str) -> Option<String> {
    if text.is_empty() {
        return Some("the port's name is empty".to_owned());
    }
    let is_allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    contains_offender(text, is_allowed)
        .or_else(|| too_long(text, PORT_NAME_MAX))
        .or_else(|| {
            let clause = if text.starts_with('-') || text.ends_with('-') {
                "starts or ends with `-`"
            } else if text.contains("--") {
                "contains `--`"
            } else if !text.contains(|c: char| c.is_ascii_lowercase()) {
                "has no letter"
            } else {
                return None;
            };
            Some(format!("{} {clause}", quoted(text)))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ports_are_1_to_65535() {
        for good in [1, 80, 8080, 65535] {
            let port = Port::new(good).unwrap();
            assert_eq!(i64::from(port.number()), good);
            assert_eq!(Port::parse(&port.to_string()), Ok(port));
        }
        for bad in [0, -1, 65536, i64::MIN, i64::MAX] {
            Port::new(bad).unwrap_err();
        }
        for bad in [
            "",
            "0",
            "+80",
            "080",
            " 80",
            "http",
            "8080/tcp",
            "65536",
            "９",
            "99999999999999999999",
        ] {
            Port::parse(bad).unwrap_err();
        }
    }

    #[test]
    fn names_follow_rfc_6335() {
        for good in [
            "http",
            "a",
            "8a",
            "http-metrics",
            "a-1-b",
            "abcdefghijklmno",
        ] {
            assert_eq!(PortName::parse(good).unwrap().as_str(), good);
        }
        let bad = [
            ("", "the port's name is empty"),
            (
                "abcdefghijklmnop",
                "`abcdefghijklmnop` has 16 characters, the limit is 15",
            ),
            ("8080", "`8080` has no letter"),
            ("a--b", "`a--b` contains `--`"),
            ("-a", "`-a` starts or ends with `-`"),
            ("a-", "`a-` starts or ends with `-`"),
            ("HTTP", "`HTTP` contains `H` (character 1)"),
            ("ht_tp", "`ht_tp` contains `_` (character 3)"),
        ];
        for (text, problem) in bad {
            assert_eq!(PortName::parse(text).unwrap_err().problem, problem);
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in any::<String>()) {
            let _ = (Port::parse(&text), PortName::parse(&text));
        }
    }
}
