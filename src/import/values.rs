//! What a source asks a person for: `${input:org}` in a client's file, a variable of `server.json`.
//!
//! Whoever runs the import gives such values with `--var NAME=VALUE`. What is neither given nor has a
//! default is an error: a server that starts without it fails later, and nobody remembers why.

use std::collections::{BTreeMap, BTreeSet};

use super::remark::quoted;
use crate::credential::name::is_secret_name;
use crate::credential::telling::holds_credential;
use crate::problem::{Code, Problem, Problems};
use crate::source::Place;

/// The values that were given on the command line, and what is to be told.
#[derive(Debug)]
pub struct Values<'p> {
    given: BTreeMap<String, String>,
    used: BTreeSet<String>,
    /// The values of credentials, which nothing that is printed may hold.
    pub hidden: Vec<String>,
    /// Where problems go.
    pub problems: &'p mut Problems,
}

/// What a person is asked for.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// What it is called.
    pub name: String,
    /// What is taken where nothing is given.
    pub default: Option<String>,
    /// Whether nobody may see the answer.
    pub is_secret: bool,
    /// The only answers.
    pub choices: Vec<String>,
    /// What it is, in the words of the source.
    pub description: String,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// This text.
    Text(String),
    /// A credential, which is in the secret store.
    Secret,
    /// None; the problem has been told.
    Missing,
}

impl<'p> Values<'p> {
    /// The values that were `given`.
    pub fn new(given: BTreeMap<String, String>, problems: &'p mut Problems) -> Self {
        Self {
            given,
            used: BTreeSet::new(),
            hidden: Vec::new(),
            problems,
        }
    }

    /// The value that was given under `name`.
    pub fn given(&mut self, name: &str) -> Option<String> {
        let value = self.given.get(name)?.clone();
        self.used.insert(name.to_owned());
        Some(value)
    }

    /// Keeps `value` out of everything that is printed, and what stands behind a `NAME=` in it.
    pub fn hide(&mut self, value: &str) {
        self.hidden.push(value.to_owned());
        let behind = value.split_once('=').map(|(_, behind)| behind.to_owned());
        self.hidden.extend(behind);
    }

    /// Whether a value was given under `name`.
    pub fn has(&self, name: &str) -> bool {
        self.given.contains_key(name)
    }

    /// The answer to `question`, which stands at `place` and must have one.
    pub fn answer(&mut self, question: &Question, place: Place) -> Answer {
        let name = question.name.as_str();
        let given = self.given(name);
        if question.is_secret {
            self.hidden.extend(given.clone());
            self.hidden.extend(question.default.clone());
            self.hidden.extend(question.choices.iter().cloned());
            if given.is_some() {
                self.problems.push(
                    Problem::error(
                        Code::ExposedSecret,
                        place,
                        format!(
                            "{} is a credential, and `--var` gives it away",
                            quoted(name)
                        ),
                    )
                    .help("leave it out: the set refers to the secret store")
                    .secret(),
                );
            }
            return Answer::Secret;
        }
        let Some(value) = given.or_else(|| question.default.clone()) else {
            self.missing(question, place);
            return Answer::Missing;
        };
        if !question.choices.is_empty() && !question.choices.contains(&value) {
            self.problems.push(
                Problem::error(
                    Code::InvalidValue,
                    place,
                    format!("{} is no value of {}", quoted(&value), quoted(name)),
                )
                .help(format!("give one of {}", question.choices.join(", "))),
            );
            return Answer::Missing;
        }
        Answer::Text(value)
    }

    fn missing(&mut self, question: &Question, place: Place) {
        let name = question.name.as_str();
        let mut help = match question.choices.first() {
            Some(choice) => format!(
                "give it with `--var {name}={choice}`, or another of {}",
                question.choices.join(", ")
            ),
            None => format!("give it with `--var {name}=VALUE`"),
        };
        if !question.description.is_empty() && !holds_credential(&question.description) {
            help = format!("{help}: {}", question.description);
        }
        self.problems.push(
            Problem::error(
                Code::MissingField,
                place,
                format!("{} has no value and no default", quoted(name)),
            )
            .help(help),
        );
    }

    /// Warns of what was given and nothing asked for.
    pub fn close(self) {
        for name in self.given.keys().filter(|name| !self.used.contains(*name)) {
            self.problems.push(
                Problem::warning(
                    Code::Unused,
                    None,
                    format!("nothing asks for `--var {name}=…`"),
                )
                .help("remove it, or spell it as the source does"),
            );
        }
    }
}

/// A text with questions in it, each from an opening to a closing mark.
#[derive(Debug, Clone, Copy)]
pub struct Marks {
    /// Such as `${`.
    pub open: &'static str,
    /// Such as `}`.
    pub close: &'static str,
}

impl Marks {
    /// `${…}`, in the files of clients.
    pub const CLIENT: Self = Self {
        open: "${",
        close: "}",
    };
    /// `{…}`, in `server.json`.
    pub const REGISTRY: Self = Self {
        open: "{",
        close: "}",
    };

    /// `text` with the answer to each question in it, which `question` makes of its name; `None` of what
    /// is no question stays as it is.
    pub fn fill(
        self,
        text: &str,
        place: Place,
        values: &mut Values<'_>,
        question: impl Fn(&str) -> Option<Question>,
    ) -> Answer {
        let mut filled = String::with_capacity(text.len());
        let mut worst = None;
        let mut rest = text;
        while let Some((before, after)) = rest.split_once(self.open) {
            filled.push_str(before);
            let asked = after
                .split_once(self.close)
                .and_then(|(name, after)| Some((question(name)?, after)));
            let Some((asked, after)) = asked else {
                filled.push_str(self.open);
                rest = after;
                continue;
            };
            match values.answer(&asked, place) {
                Answer::Text(answer) => filled.push_str(&answer),
                Answer::Secret => worst = worst.or(Some(Answer::Secret)),
                Answer::Missing => worst = Some(Answer::Missing),
            }
            rest = after;
        }
        filled.push_str(rest);
        worst.unwrap_or(Answer::Text(filled))
    }
}

impl Question {
    /// What is asked by `name` alone, as clients do it: `input:org`, `env:HOME`, `TOKEN:-default`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let name = name.strip_prefix("input:").unwrap_or(name);
        let name = name.strip_prefix("env:").unwrap_or(name);
        let (name, default) = match name.split_once(":-") {
            Some((name, default)) => (name, Some(default.to_owned())),
            None => (name, None),
        };
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':');
        if name.is_empty() || !name.chars().all(is_name) {
            return None;
        }
        Some(Self {
            name: name.to_owned(),
            default,
            is_secret: is_secret_name(name),
            ..Self::default()
        })
    }
}
