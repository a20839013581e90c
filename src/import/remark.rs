//! What is said beside the lines of an imported set.

use crate::credential::telling::holds_credential;
use crate::credential::{credential, credentials};
use crate::source::Place;

/// A comment.
#[derive(Debug, Clone)]
pub struct Remark {
    /// How it begins.
    pub kind: Kind,
    /// What it says, on one line.
    pub text: String,
    /// Where in the source this comes from, where somebody must do something.
    pub place: Option<Place>,
}

/// What a comment is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// What was read.
    From,
    /// The image that is to be copied to the platform's registry.
    Mirror,
    /// What is missing, without which the set is refused or the server does not work.
    ToDo,
    /// What no source says.
    Guessed,
    /// What the source says and the set does not.
    Lost,
}

impl Kind {
    /// The word with which its comments begin.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::From => "from",
            Self::Mirror => "mirror",
            Self::ToDo => "to do",
            Self::Guessed => "guessed",
            Self::Lost => "lost",
        }
    }
}

impl Remark {
    /// A remark without a place.
    pub fn new(kind: Kind, text: impl Into<String>) -> Self {
        Self {
            kind,
            text: discreet(text.into()),
            place: None,
        }
    }

    /// Something to do about what stands at `place`.
    pub fn to_do(place: Place, text: impl Into<String>) -> Self {
        Self {
            place: Some(place),
            ..Self::new(Kind::ToDo, text)
        }
    }
}

/// `text` without what looks like a credential.
pub fn discreet(text: String) -> String {
    let parts: Vec<String> = credentials(&text).map(str::to_owned).collect();
    let masked = parts
        .iter()
        .fold(text, |text, part| text.replace(part, "…"));
    match credential(&masked) {
        None => masked,
        Some(what) => format!("(this held {what})"),
    }
}

/// `word` as it stands in a sentence: in backticks, shortened where it is long; nothing of it where it
/// holds a credential.
pub fn quoted(word: &str) -> String {
    /// Longest word that is shown in full, in characters.
    const LONGEST: usize = 100;
    if holds_credential(word) {
        return "`…`".to_owned();
    }
    let mut shown: String = word.chars().take(LONGEST).collect();
    if shown.len() < word.len() {
        shown.push('…');
    }
    format!("`{shown}`")
}

/// `a`, `b` and so on, each in backticks.
pub fn listed<T: AsRef<str>>(words: &[T]) -> String {
    let words: Vec<String> = words.iter().map(|word| quoted(word.as_ref())).collect();
    words.join(", ")
}
