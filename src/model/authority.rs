//! `host[:port]`, as URLs and image references have it.

use std::net::Ipv6Addr;

use super::invalid::Invalid;
use super::port::Port;
use super::wording::quoted;

/// Host and port, taken apart; what a host name may hold is for the caller to say.
pub(super) struct Authority<'a> {
    /// The host; an IPv6 address with its brackets.
    pub host: &'a str,
    /// The port, if one was given.
    pub port: Option<Port>,
}

impl<'a> Authority<'a> {
    /// Takes `host[:port]` apart.
    pub fn parse(text: &'a str) -> Result<Self, Invalid> {
        let bracket = text.rfind(']');
        let colon = text
            .rfind(':')
            .filter(|colon| bracket.is_none_or(|bracket| bracket < *colon));
        let (host, port) = match colon.and_then(|colon| text.split_at_checked(colon)) {
            Some((host, port)) => {
                let digits = port.strip_prefix(':').unwrap_or_default();
                (host, Some(Port::parse(digits)?))
            }
            None => (text, None),
        };
        if host.contains(['[', ']', ':']) && !is_bracketed_ipv6(host) {
            return Err(Invalid::new(
                format!("{} is not an IPv6 address in brackets", quoted(text)),
                "write it such as `[fd00::1]`, with the port behind the bracket",
            ));
        }
        Ok(Self { host, port })
    }

    /// Whether the host is an IPv6 address.
    pub fn is_ipv6(&self) -> bool {
        self.host.starts_with('[')
    }
}

fn is_bracketed_ipv6(host: &str) -> bool {
    host.strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .is_some_and(|address| address.parse::<Ipv6Addr>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_port_is_told_from_an_address() {
        for (text, host, port) in [
            ("a", "a", None),
            ("a:1", "a", Some(1)),
            ("", "", None),
            (":1", "", Some(1)),
            ("[::1]", "[::1]", None),
            ("[::1]:80", "[::1]", Some(80)),
        ] {
            let authority = Authority::parse(text).unwrap();
            assert_eq!(authority.host, host);
            assert_eq!(authority.port.map(Port::number), port);
            assert_eq!(authority.is_ipv6(), host == "[::1]");
        }
        for (text, problem) in [
            ("a:", "`` is not a port"),
            ("a:b", "`b` is not a port"),
            ("[::1]:", "`` is not a port"),
            ("[::1", "`[::1` is not an IPv6 address in brackets"),
            ("[::1]x", "`[::1]x` is not an IPv6 address in brackets"),
            ("[::g]", "`[::g]` is not an IPv6 address in brackets"),
            ("fd00::1", "`fd00::1` is not an IPv6 address in brackets"),
            ("[]", "`[]` is not an IPv6 address in brackets"),
        ] {
            let invalid = Authority::parse(text).err().unwrap();
            assert_eq!(invalid.problem, problem);
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in any::<String>(), near in r"[\[\]a-f0-9:]{0,12}") {
            let _ = (Authority::parse(&text), Authority::parse(&near));
        }
    }
}
