//! What is wrong with an input, said once for every way of showing it.
//!
//! A problem knows its code, its place and its remedy; it knows nothing of terminals, JSON or KRM
//! results (that is `report`'s work). Problems are collected, never thrown: whoever has nine
//! mistakes in a file wants to see nine, not the first of them nine times.

mod code;

use std::collections::HashSet;
use std::fmt;
use std::hash::{BuildHasher, RandomState};

pub use code::Code;

use crate::source::Place;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing is written.
    Error,
    /// The bundle is written; a person should know.
    Warning,
    /// Nothing is wrong, or somebody said why it may be: shown by `mcpset check` alone.
    Note,
}

impl Severity {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// A further place that explains the problem.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Related {
    /// Where.
    pub place: Place,
    /// What stands there: "first defined here".
    pub note: String,
}

/// The object that a problem is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ObjectRef {
    /// `apps/v1`.
    pub api_version: String,
    /// `Deployment`.
    pub kind: String,
    /// Its namespace; empty for none.
    pub namespace: String,
    /// Its name.
    pub name: String,
}

impl fmt::Display for ObjectRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.kind)?;
        if !self.namespace.is_empty() {
            write!(f, "{}/", self.namespace)?;
        }
        f.write_str(&self.name)
    }
}

/// A position in a value of several lines, as a program counts in it that knows nothing of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Inside {
    /// From 1.
    pub line: u32,
    /// From 1, in characters, of which a tab is four.
    pub column: u32,
}

/// One problem of one input.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Problem {
    /// The kind of problem.
    pub code: Code,
    /// Whether it stops the output.
    pub severity: Severity,
    /// What is wrong, in one clause without a full stop.
    pub message: String,
    /// Where; absent when the input as a whole is meant.
    pub place: Option<Place>,
    /// Where in the value at the place, when that has several lines.
    pub inside: Option<Inside>,
    /// Other places that explain it.
    pub related: Vec<Related>,
    /// What to do about it.
    pub help: String,
    /// Whether the place holds what must not be repeated, whatever it looks like.
    pub is_secret: bool,
    /// The object that it is about, where it is about one.
    pub object: Option<Box<ObjectRef>>,
    /// Why it is allowed, in the words of who allowed it.
    pub exception: Option<String>,
}

impl Problem {
    /// An error at `place`; say what to do with [`Problem::help`].
    pub fn error(code: Code, place: impl Into<Option<Place>>, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: shortened(message.into()),
            place: place.into(),
            inside: None,
            related: Vec::new(),
            help: String::new(),
            is_secret: false,
            object: None,
            exception: None,
        }
    }

    /// A note at `place`.
    pub fn note(code: Code, place: impl Into<Option<Place>>, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Note,
            ..Self::error(code, place, message)
        }
    }

    /// A warning at `place`.
    pub fn warning(
        code: Code,
        place: impl Into<Option<Place>>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(code, place, message)
        }
    }

    /// Adds what the reader should do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = shortened(help.into());
        self
    }

    /// Keeps the lines at its places from being shown.
    #[must_use]
    pub fn secret(mut self) -> Self {
        self.is_secret = true;
        self
    }

    /// Adds a further place.
    #[must_use]
    pub fn related(mut self, place: Place, note: impl Into<String>) -> Self {
        self.related.push(Related {
            place,
            note: note.into(),
        });
        self
    }
}

fn shortened(mut text: String) -> String {
    if text.len() > LONGEST {
        text.truncate(text.floor_char_boundary(LONGEST));
        text.push('…');
    }
    text
}

/// So many errors, and so many warnings, are kept at most where something should be written: a hostile
/// input has millions, and nobody reads even these.
pub const KEPT: usize = 1000;
/// Bytes of a message or help at most, which may quote what they speak of.
const LONGEST: usize = 1000;

/// The problems found so far.
#[derive(Debug, Clone, Default)]
pub struct Problems {
    kept: Vec<Problem>,
    /// The hashes of those that are kept.
    known: HashSet<u64>,
    hasher: RandomState,
    errors: usize,
    keeps_all: bool,
}

impl Problems {
    /// Problems of which every one is kept: those that are an answer, which programs count.
    #[must_use]
    pub fn unlimited() -> Self {
        Self {
            keeps_all: true,
            ..Self::default()
        }
    }

    /// None yet, of which as many are kept as of these.
    #[must_use]
    pub fn of_another(&self) -> Self {
        Self {
            keeps_all: self.keeps_all,
            ..Self::default()
        }
    }

    /// Notes `problem`, unless the very same stands already (a mistake in `defaults` would
    /// otherwise be told once for every server that inherits it) or [`KEPT`] others do.
    pub fn push(&mut self, problem: Problem) {
        let is_error = problem.severity == Severity::Error;
        let number = if is_error {
            self.errors
        } else {
            self.kept.len() - self.errors
        };
        let has_room = self.keeps_all || number < KEPT;
        if has_room && self.known.insert(self.hasher.hash_one(&problem)) {
            self.errors += usize::from(is_error);
            self.kept.push(problem);
        }
    }

    /// Takes over what somebody else found.
    pub fn extend(&mut self, others: Self) {
        for problem in others.kept {
            self.push(problem);
        }
    }

    /// Whether a problem of this kind was found at `place`.
    #[must_use]
    pub fn has(&self, code: Code, place: Place) -> bool {
        let place = Some(place);
        self.kept.iter().any(|p| p.code == code && p.place == place)
    }

    /// The same problems, each with a further place.
    #[must_use]
    pub fn related(mut self, place: Place, note: &str) -> Self {
        let problems = self.kept.into_iter();
        self.kept = problems
            .map(|problem| problem.related(place, note))
            .collect();
        let hashes = self.kept.iter();
        self.known = hashes
            .map(|problem| self.hasher.hash_one(problem))
            .collect();
        self
    }

    /// Whether something was found that stops the output.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// The problems in the order of their places, without what else is wrong with a credential: nobody
    /// mends a value that must go.
    #[must_use]
    pub fn into_sorted(mut self) -> Vec<Problem> {
        let exposed = self.kept.iter().filter(|p| p.code == Code::ExposedSecret);
        let exposed: HashSet<Place> = exposed.filter_map(|p| p.place).collect();
        let goes = |p: &Problem| p.place.is_some_and(|place| exposed.contains(&place));
        self.kept
            .retain(|p| p.code != Code::InvalidValue || !goes(p));
        // A note on the run as a whole comes last.
        let is_last = |p: &Problem| p.place.is_none() && p.severity == Severity::Note;
        self.kept.sort_by_key(|p| (is_last(p), p.place, p.severity));
        self.kept
    }
}
