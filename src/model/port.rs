//! Port numbers.

use std::fmt;

use super::invalid::Invalid;
use super::wording::quoted;

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
    /// Port of an MCP server that says nothing else (the guide's examples).
    pub const MCP: Self = Self(8080);

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

    proptest! {
        #[test]
        fn no_text_panics(text in any::<String>()) {
            let _ = Port::parse(&text);
        }
    }
}
