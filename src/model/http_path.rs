//! The path of an HTTP endpoint: where a server listens, answers probes, shows its metrics.

use smol_str::SmolStr;

use super::invalid::Invalid;
use super::wording::{offender, quoted, too_long};

/// Characters in a path at most; intermediaries refuse URLs not much longer.
pub const HTTP_PATH_MAX: usize = 2048;

/// The path of an HTTP URL, without query and fragment.
///
/// `/`, then at most 2047 characters that a URL path may hold (RFC 3986 §3.3), others
/// percent-encoded. Not `//…`, which URL readers take for a host. Example: `/mcp`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HttpPath(SmolStr);
text_value!(HttpPath.0);

impl HttpPath {
    /// Reads a path.
    ///
    /// # Errors
    /// Names what keeps the text from being a path: no leading `/`, a query, a fragment, a
    /// character that must be percent-encoded, or its length.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match problem(text) {
            None => Ok(Self(text.into())),
            Some((problem, help)) => Err(Invalid::new(problem, help)),
        }
    }

    /// `/`.
    #[must_use]
    pub fn root() -> Self {
        Self(SmolStr::new_static("/"))
    }
}

fn problem(text: &str) -> Option<(String, &'static str)> {
    let shown = quoted(text);
    if text.is_empty() {
        let help = "use a path such as `/mcp` or `/health`, or `/` for the root";
        return Some(("the path is empty".to_owned(), help));
    }
    if text.contains("://") {
        return Some((
            "the path is a whole URL".to_owned(),
            "write its path alone, such as `/mcp` or `/health`",
        ));
    }
    if !text.starts_with('/') {
        return Some((
            format!("{shown} does not start with `/`"),
            "start it with `/`, such as `/mcp` or `/health`",
        ));
    }
    if text.starts_with("//") {
        return Some((
            format!("{shown} starts with `//`"),
            "start it with one `/`, such as `/mcp` or `/health`",
        ));
    }
    if let Some((path, _)) = text.split_once('?') {
        // Queries carry tokens: not shown.
        return Some((
            format!("{} has a query", quoted(path)),
            "leave `?` and what follows out",
        ));
    }
    if text.contains('#') {
        return Some((
            format!("{shown} has a fragment"),
            "leave `#` and what follows out",
        ));
    }
    if let Some(character) = offender(text, is_path_char) {
        return Some((
            format!("{shown} contains {character}"),
            "percent-encode it, as `%20` for a space",
        ));
    }
    if text
        .split('%')
        .skip(1)
        .any(|rest| !starts_with_two_hex_digits(rest))
    {
        return Some((
            format!("{shown} has a `%` without two hexadecimal digits"),
            "write `%25` for the character `%` itself",
        ));
    }
    too_long(text, HTTP_PATH_MAX).map(|problem| (problem, "use a shorter path"))
}

/// `pchar` of RFC 3986, `/`, and the `%` of an encoded character.
fn is_path_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:@/%".contains(c)
}

fn starts_with_two_hex_digits(text: &str) -> bool {
    let mut characters = text.chars();
    let mut hex = || characters.next().is_some_and(|c| c.is_ascii_hexdigit());
    hex() && hex()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn paths_are_what_a_url_may_hold() {
        let longest = format!("/{}", "a".repeat(2047));
        for good in [
            "/",
            "/mcp",
            "/a/b/",
            "/v1.0/~x",
            "/a%20b",
            "/a:b@c;d=e",
            &longest,
        ] {
            assert_eq!(HttpPath::parse(good).unwrap().as_str(), good);
        }
        assert_eq!(HttpPath::parse("/").unwrap(), HttpPath::root());
        let bad = [
            ("", "the path is empty"),
            ("mcp", "`mcp` does not start with `/`"),
            ("http://h/mcp", "the path is a whole URL"),
            ("//evil.io/mcp", "`//evil.io/mcp` starts with `//`"),
            ("/a?b", "`/a` has a query"),
            ("/a#b", "`/a#b` has a fragment"),
            ("/a b", "`/a b` contains a space (character 3)"),
            (
                "/a\r\nX: y",
                "`/a\\u{d}\\u{a}X: y` contains `\\u{d}` (character 3)",
            ),
            ("/a%2", "`/a%2` has a `%` without two hexadecimal digits"),
            ("/%zz", "`/%zz` has a `%` without two hexadecimal digits"),
            ("/é", "`/é` contains `é` (character 2)"),
            ("/{id}", "`/{id}` contains `{` (character 2)"),
            ("/\"", "`/\"` contains `\"` (character 2)"),
        ];
        for (text, problem) in bad {
            assert_eq!(HttpPath::parse(text).unwrap_err().problem, problem);
        }
        HttpPath::parse(&format!("/{}", "a".repeat(2048))).unwrap_err();
    }

    proptest! {
        #[test]
        fn no_text_panics(text in any::<String>()) {
            let _ = HttpPath::parse(&text);
            let _ = HttpPath::parse(&format!("/%{text}"));
        }
    }
}
