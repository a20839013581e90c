//! What kinds of problems there are, and what each is called.

use std::fmt;

/// The kind of problem, as printed in brackets: `error[unknown-field]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// The input is no YAML, no UTF-8, or beyond a stated limit.
    Syntax,
    /// A key stands twice in one mapping.
    DuplicateField,
    /// A key that the config does not have.
    UnknownField,
    /// A required key is absent.
    MissingField,
    /// A value of another type than the field's.
    WrongType,
    /// A value that YAML readers understand differently.
    AmbiguousValue,
    /// A value outside the field's rule.
    InvalidValue,
    /// A document of another API version or kind.
    WrongKind,
    /// Two things that need different names have the same.
    NameCollision,
    /// Two settings that exclude each other.
    Contradiction,
    /// An image whose registry, tag or digest breaks policy.
    ImagePolicy,
    /// A literal that looks like a credential.
    ExposedSecret,
    /// Something larger than the API server takes.
    TooLarge,
    /// A rule that the cluster cannot enforce as asked.
    Downgrade,
    /// A file that cannot be read or written.
    Io,
    /// What was not looked at, because something before it is wrong.
    NotChecked,
    /// An exception or a declaration that answered nothing.
    Unused,
    /// Something that an import could not carry over, and that a person must write.
    Unfinished,
    /// A rule of the catalogue, by its id.
    Rule(&'static str),
}

impl Code {
    /// All but the rules.
    pub const OF_INPUT: [Self; 18] = [
        Self::Syntax,
        Self::DuplicateField,
        Self::UnknownField,
        Self::MissingField,
        Self::WrongType,
        Self::AmbiguousValue,
        Self::InvalidValue,
        Self::WrongKind,
        Self::NameCollision,
        Self::Contradiction,
        Self::ImagePolicy,
        Self::ExposedSecret,
        Self::TooLarge,
        Self::Downgrade,
        Self::Io,
        Self::NotChecked,
        Self::Unused,
        Self::Unfinished,
    ];

    /// The code as users see and quote it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Syntax => "syntax",
            Self::DuplicateField => "duplicate-field",
            Self::UnknownField => "unknown-field",
            Self::MissingField => "missing-field",
            Self::WrongType => "wrong-type",
            Self::AmbiguousValue => "ambiguous-value",
            Self::InvalidValue => "invalid-value",
            Self::WrongKind => "wrong-kind",
            Self::NameCollision => "name-collision",
            Self::Contradiction => "contradiction",
            Self::ImagePolicy => "image-policy",
            Self::ExposedSecret => "exposed-secret",
            Self::TooLarge => "too-large",
            Self::Downgrade => "downgrade",
            Self::Io => "io",
            Self::NotChecked => "not-checked",
            Self::Unused => "unused",
            Self::Unfinished => "unfinished",
            Self::Rule(id) => id,
        }
    }

    /// What it says of an input, in a sentence; nothing of a rule, which says more of itself.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Syntax => {
                "The input is no YAML, no UTF-8, or larger or deeper than mcpset takes."
            }
            Self::DuplicateField => {
                "A key stands twice in one mapping, and readers differ on which counts."
            }
            Self::UnknownField => {
                "A key that the config does not have: often one that is mistyped or in the wrong place."
            }
            Self::MissingField => "A key is absent without which nothing can be decided.",
            Self::WrongType => {
                "A value is of another type than its field, such as a text for a number."
            }
            Self::AmbiguousValue => {
                "A value is a number, a boolean or a text depending on who reads it: quote it."
            }
            Self::InvalidValue => "A value has the right type, and is none that its field takes.",
            Self::WrongKind => {
                "A document is of another kind or version than is expected there, or no object at all."
            }
            Self::NameCollision => {
                "Two things have one name, and a cluster would keep only one of them."
            }
            Self::Contradiction => "Two settings exclude each other.",
            Self::ImagePolicy => {
                "An image's registry, tag or digest is not what the platform's policy allows."
            }
            Self::ExposedSecret => {
                "A text that looks like a credential stands where everybody can read it."
            }
            Self::TooLarge => "Something is larger than the API server or mcpset takes.",
            Self::Downgrade => {
                "What was asked for cannot be enforced as asked, and something weaker was written."
            }
            Self::Io => "A file cannot be read or written.",
            Self::NotChecked => {
                "The rules were not run, because errors kept part of the input from being read: they would find missing what is merely not read."
            }
            Self::Unused => {
                "An exception allows no finding, or an object that is said to exist elsewhere is asked for by nothing: it is stale or mistyped."
            }
            Self::Unfinished => {
                "What was imported leaves something open that a person must decide: a version, an image to build, a command."
            }
            Self::Rule(_) => "",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
