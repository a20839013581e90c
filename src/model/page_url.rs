//! A page that people open in a browser, such as a runbook.
//!
//! Unlike an [`HttpEndpoint`], nothing is ever sent there, so a query may be part of it: many wikis
//! name their pages in one.

use smol_str::SmolStr;

use super::endpoint::HttpEndpoint;
use super::invalid::Invalid;
use super::wording::{offender, quoted};

const EXAMPLE: &str = "https://wiki.example.com/runbooks/mcp";

/// The address of a page, without user and fragment: `http[s]://host[:port][/path][?query]`.
///
/// Keeps its text. Example: `https://wiki.example.com/runbooks/mcp`. Source: RFC 3986.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PageUrl(SmolStr);
text_value!(PageUrl.0);

impl PageUrl {
    /// Reads the address of a page.
    ///
    /// # Errors
    /// As [`HttpEndpoint::parse`], but for a query, which may hold whatever RFC 3986 lets it hold.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let (page, query) = text.split_once('?').unwrap_or((text, ""));
        HttpEndpoint::parse_like(EXAMPLE, page)?;
        let is_allowed = |c: char| c.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:/?%".contains(c);
        if let Some(character) = offender(query, is_allowed) {
            return Err(Invalid::new(
                format!("the query {} contains {character}", quoted(query)),
                "leave a fragment out, and write other characters as `%` and two digits",
            ));
        }
        Ok(Self(text.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_address_of_a_page_may_have_a_query() {
        for good in [
            "https://wiki.example.com/runbooks/mcp",
            "https://wiki.example.com/pages/viewpage.action?pageId=4711&mode=a%20b",
            "http://wiki",
        ] {
            assert_eq!(PageUrl::parse(good).unwrap().as_str(), good);
        }
    }

    #[test]
    fn what_is_no_page_is_refused() {
        for (text, problem) in [
            ("wiki/runbooks", "the URL has no scheme"),
            ("ftp://wiki", "`ftp` is not `http` or `https`"),
            ("https://", "the URL has no host"),
            ("https://wiki/a#b", "`/a#b` has a fragment"),
            (
                "https://wiki/a?b#c",
                "the query `b#c` contains `#` (character 2)",
            ),
            (
                "https://wiki/a?b c",
                "the query `b c` contains a space (character 2)",
            ),
            (
                "https://wiki/a?b@c",
                "the query `b@c` contains `@` (character 2)",
            ),
        ] {
            assert_eq!(PageUrl::parse(text).unwrap_err().problem, problem, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in any::<String>(), near in "https://w/[ -~]{0,12}") {
            let _ = (PageUrl::parse(&text), PageUrl::parse(&near));
        }
    }
}
