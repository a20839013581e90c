//! What the parser says of text that is no YAML, in the words of those who write it.
//!
//! A parser speaks of its own state ("did not find expected key"). Who wrote the line wants to know
//! what is wrong with the line.

use granit_parser::{ErrorKind, ScanError};

/// What is wrong, and what to do about it.
pub fn explained(error: &ScanError) -> (String, String) {
    let (message, help) = match error.kind() {
        ErrorKind::UnexpectedCharacter { character } if character.is_control() => (
            format!("a text cannot hold U+{:04X}", u32::from(*character)),
            "remove the character, or write it as an escape in double quotes",
        ),
        ErrorKind::UnexpectedCharacter { character } => (
            format!("without quotes, a text cannot begin with `{character}`"),
            "quote the text",
        ),
        ErrorKind::UnclosedFlowCollection { open } => (
            format!("this `{open}` is never closed"),
            match open {
                '[' => "write a `]` behind the last item",
                _ => "write a `}` behind the last entry",
            },
        ),
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => (
            format!("this `{close}` closes a `{open}`"),
            "close brackets in the order in which they were opened",
        ),
        kind => match simple(kind) {
            Some((message, help)) => (message.to_owned(), help),
            None => (
                error.info(),
                "quote texts that hold special characters, and indent with spaces",
            ),
        },
    };
    (message, help.to_owned())
}

fn simple(kind: &ErrorKind) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        ErrorKind::UnknownAnchor => (
            "this alias refers to nothing that stands before it",
            "write `&name` before the value that it means; quote a text that begins with `*`",
        ),
        ErrorKind::ExpectedBlockMappingKey | ErrorKind::ExpectedBlockSequenceEntry => (
            "this line is indented like none that it could belong to",
            "indent it with spaces, exactly as far as its neighbours",
        ),
        ErrorKind::SimpleKeyExpected => (
            "this line is neither `key: value` nor part of a text",
            "write `: ` behind the key; indent the lines of a text deeper than its key",
        ),
        ErrorKind::MappingValueNotAllowed | ErrorKind::MappingKeyNotAllowed => (
            "a key cannot stand here",
            "quote a text that holds `: `; begin a mapping on a line of its own",
        ),
        ErrorKind::BlockSequenceEntryNotAllowed => (
            "a list cannot begin here",
            "begin it on a line of its own, below its key",
        ),
        ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabNotAllowed
        | ErrorKind::TabAtBlockScalarStart => {
            ("this line is indented with a tab", "indent it with spaces")
        }
        ErrorKind::RecursionLimitExceeded => (
            "lists and mappings are nested deeper than any config needs",
            "close those above before opening more",
        ),
        ErrorKind::UnclosedQuotedScalar => (
            "this quote is never closed",
            "write the same quote behind the text",
        ),
        ErrorKind::ExpectedFlowMappingSeparator | ErrorKind::ExpectedFlowSequenceSeparator => (
            "before this, a `,` or the closing bracket is missing",
            "write it; quote a text that holds brackets or `, `",
        ),
        ErrorKind::MisplacedFlowCollectionEnd => (
            "this bracket closes nothing",
            "remove it, or open it before; quote a text that holds brackets",
        ),
        ErrorKind::UnexpectedEof
        | ErrorKind::UnexpectedEofFlowSequence
        | ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::UnexpectedEofImplicitFlowMapping
        | ErrorKind::UnexpectedEofBlockSequence
        | ErrorKind::UnexpectedEofBlockMapping => (
            "the file ends before this does",
            "close every bracket and quote",
        ),
        ErrorKind::InvalidIndentation
        | ErrorKind::InvalidQuotedScalarIndent
        | ErrorKind::InvalidBlockScalarIndent
        | ErrorKind::InvalidFlowScalarIndent => (
            "this line is not indented as far as what it belongs to",
            "indent it deeper than its key",
        ),
        ErrorKind::UnknownQuotedScalarEscape => (
            "this `\\` begins no escape that there is",
            "write `\\\\` for a backslash, or put the text into single quotes",
        ),
        ErrorKind::InvalidQuotedScalarHexEscape
        | ErrorKind::InvalidLowSurrogateHexEscape
        | ErrorKind::InvalidLowSurrogate
        | ErrorKind::MissingLowSurrogate
        | ErrorKind::UnpairedLowSurrogate
        | ErrorKind::InvalidUnicodeEscape => (
            "an escape in this text is no character",
            "write the character itself, or `\\u` and the four digits of its code point",
        ),
        ErrorKind::InvalidTrailingSingleQuotedScalar
        | ErrorKind::InvalidTrailingDoubleQuotedScalar => (
            "more follows behind the closing quote",
            "put all of the text between the quotes; double a single quote inside it",
        ),
        ErrorKind::UnsupportedYamlMajorVersion => (
            "this is a version of YAML that there is not",
            "remove the line that begins with `%`",
        ),
        _ => return None,
    })
}
