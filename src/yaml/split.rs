//! A stream cut into its documents without reading them.
//!
//! Most of what passes through mcpset is not ours: a chart of a hundred megabytes with one set in
//! it. What is not ours leaves as it came, byte for byte, and needs no parser to do so: a line that
//! begins with `---` or `...` separates documents wherever it stands, in a block scalar too (YAML
//! 1.2, 9.1.2: such a line is forbidden as content).

use memchr::memmem::Finder;

/// One document, with the `---` line that opens it, or the `...` line that ends the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece<'t> {
    /// Its text. All pieces together are the stream.
    pub text: &'t str,
    /// Where it begins in the stream, in bytes.
    pub start: usize,
}

/// The documents of `text`, in order.
pub fn split(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let (begin, end) = (Finder::new("\n---"), Finder::new("\n..."));
    let mut start = 0;
    std::iter::from_fn(move || {
        let rest = text.get(start..).filter(|rest| !rest.is_empty())?;
        let next = marker(rest, &begin).unwrap_or(rest.len());
        let next = marker(rest.get(..next)?, &end).unwrap_or(next);
        let piece = Piece {
            text: rest.get(..next)?,
            start,
        };
        start += next;
        Some(piece)
    })
}

/// Where the first line of `text` begins, behind its first byte, that is `marker` or goes on with a
/// blank behind it.
fn marker(text: &str, marker: &Finder<'_>) -> Option<usize> {
    let text = text.as_bytes();
    marker.find_iter(text).find_map(|newline| {
        let after = text.get(newline + marker.needle().len());
        matches!(after, None | Some(b' ' | b'\t' | b'\r' | b'\n')).then_some(newline + 1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn texts(stream: &str) -> Vec<&str> {
        split(stream).map(|piece| piece.text).collect()
    }

    #[test]
    fn a_document_begins_at_its_marker_line() {
        assert_eq!(
            texts("a: 1\n---\nb: 2\n--- # c\nc\n"),
            ["a: 1\n", "---\nb: 2\n", "--- # c\nc\n"]
        );
        assert_eq!(texts("---\r\na\r\n---\r\nb"), ["---\r\na\r\n", "---\r\nb"]);
        assert_eq!(texts("---"), ["---"]);
        assert_eq!(texts("---\n---"), ["---\n", "---"]);
        assert!(texts("").is_empty());
    }

    #[test]
    fn a_document_may_follow_the_end_of_another_without_a_marker() {
        assert_eq!(
            texts("a: 1\n...\nb: 2\n... # c\n%YAML 1.2\n---\nc: 3\n...\n"),
            [
                "a: 1\n",
                "...\nb: 2\n",
                "... # c\n%YAML 1.2\n",
                "---\nc: 3\n",
                "...\n"
            ]
        );
        assert_eq!(texts("a: 1\r\n...\r\n"), ["a: 1\r\n", "...\r\n"]);
    }

    #[test]
    fn what_only_looks_like_a_marker_separates_nothing() {
        for text in [
            "a: |\n  ---\n  b\n",
            "a: x\n---b: y\n",
            "a: '\n ---'\n",
            "a\n----\n",
            "a\n....\n",
            "a: |\n  ...\n",
        ] {
            assert_eq!(texts(text), [text]);
        }
    }

    proptest! {
        #[test]
        fn all_pieces_together_are_the_stream(text in r"([ab: \r\n]|---|\n---\n|\n\.\.\.\n|é){0,20}") {
            let mut at = 0;
            for piece in split(&text) {
                prop_assert_eq!(piece.start, at);
                prop_assert!(!piece.text.is_empty());
                at += piece.text.len();
            }
            prop_assert_eq!(at, text.len());
        }
    }
}
