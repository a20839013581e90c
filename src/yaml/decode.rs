//! From a tree to the config's types, without stopping at the first mistake.
//!
//! A `serde::Deserializer` normally ends at the first error. This one reports each error where it
//! happens and hands the error on only as far as the nearest `api::Field`, which notes "wrong" and
//! lets its siblings be read. Because serde tells it the fields of every struct, unknown keys are
//! found here, once, with a suggestion, instead of in every type.
//!
//! Two names carry a meaning between `api` and this file: [`PLACED`] asks for a value with its
//! place, [`SHAPE`] marks an enum whose variant is chosen by the kind of node (text, mapping, …).

mod access;
mod deserializer;
mod remedy;

use std::cell::RefCell;
use std::fmt;

use serde::de::Deserialize;

use super::plain::{Plain, read_plain};
use super::tree::{Entry, Node, Scalar, Style, Value};
use crate::nearest::nearest;
use crate::problem::{Code, Problem, Problems};
use remedy::remedy;

/// The newtype name by which `api::Field` asks for a value with its place.
pub(crate) const PLACED: &str = "$placed";
/// The enum name of a choice by shape; its variants are named `false`, `text`, `list`, `mapping`.
const SHAPE: &str = "$shape";

const WHOLE_NUMBER: &str = "a whole number";
const NUMBER: &str = "a number";
const BOOLEAN: &str = "`true` or `false`";

/// Whose hands the text went through before it reached us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// As a person wrote it.
    Written,
    /// As kustomize hands a functionConfig over: comments gone, keys sorted, unquoted dates turned
    /// into times.
    Kustomize,
}

/// Reads `node` as a `T`. What is wrong goes to `problems`; `None` when nothing could be made of it.
pub fn decode<'n, T: Deserialize<'n>>(
    node: &'n Node,
    dialect: Dialect,
    problems: &mut Problems,
) -> Option<T> {
    let context = Context {
        dialect,
        problems: RefCell::new(problems),
    };
    T::deserialize(Decoder {
        node,
        context: &context,
        shapes: &[],
    })
    .ok()
}

struct Context<'p> {
    dialect: Dialect,
    problems: RefCell<&'p mut Problems>,
}

/// What serde needs to hand a failure upwards.
#[derive(Debug)]
enum Failure {
    /// Told to the user already.
    Reported,
    /// What a type's own `Deserialize` says; it becomes a problem at the node's place.
    Said(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reported => f.write_str("reported"),
            Self::Said(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for Failure {}

impl serde::de::Error for Failure {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::Said(message.to_string())
    }
}

#[derive(Clone, Copy)]
struct Decoder<'n, 'c, 'p> {
    node: &'n Node,
    context: &'c Context<'p>,
    /// Of a choice by shape, what else could stand here.
    shapes: &'static [&'static str],
}

impl<'n> Decoder<'n, '_, '_> {
    /// What reads `node`, which is a part of this one.
    fn part(self, node: &'n Node) -> Self {
        Self {
            node,
            shapes: &[],
            ..self
        }
    }

    fn report(&self, problem: Problem) -> Failure {
        self.context.problems.borrow_mut().push(problem);
        Failure::Reported
    }

    /// Makes a problem of what a visitor said, at this node.
    fn told<T>(&self, result: Result<T, Failure>) -> Result<T, Failure> {
        result.map_err(|failure| self.tell(failure))
    }

    fn tell(&self, failure: Failure) -> Failure {
        match failure {
            Failure::Reported => Failure::Reported,
            Failure::Said(message) => self.report(
                Problem::error(Code::InvalidValue, self.node.place, message)
                    .help("write a value of the kind that is expected"),
            ),
        }
    }

    fn wrong_type(&self, expected: &str) -> Failure {
        let found = self.node.kind();
        let problem = Problem::error(
            Code::WrongType,
            self.node.place,
            format!("expected {expected}, found {found}"),
        );
        self.report(problem.help(remedy(self.node, expected)))
    }

    fn scalar(&self, expected: &str) -> Result<&'n Scalar, Failure> {
        match &self.node.value {
            Value::Scalar(scalar) => Ok(scalar),
            Value::Sequence(_) | Value::Mapping(_) => Err(self.wrong_type(expected)),
        }
    }

    /// The text of a scalar that every reader takes for the same text.
    fn text(&self) -> Result<&'n str, Failure> {
        let scalar = self.scalar("text")?;
        let text = scalar.text.as_str();
        if scalar.style == Style::Text {
            return match self.context.dialect {
                Dialect::Kustomize if is_midnight(text) => Err(self.ambiguous_date(text)),
                Dialect::Kustomize | Dialect::Written => Ok(text),
            };
        }
        match read_plain(text) {
            Plain::Text | Plain::Bool(_) | Plain::Integer => Ok(text),
            Plain::Null => Err(self.report(
                Problem::error(
                    Code::WrongType,
                    self.node.place,
                    "expected text, found nothing",
                )
                .help("write a value, or \"\" for an empty one"),
            )),
            Plain::Float => {
                Err(self.ambiguous(text, "is a number, and YAML readers do not keep its digits"))
            }
            Plain::Ambiguous(what) => {
                Err(self.ambiguous(text, &format!("is {what} to some YAML readers")))
            }
        }
    }

    fn ambiguous(&self, text: &str, because: &str) -> Failure {
        self.report(
            Problem::error(
                Code::AmbiguousValue,
                self.node.place,
                format!("without quotes, `{text}` {because}"),
            )
            .help(format!("quote it: \"{text}\"")),
        )
    }

    /// kustomize turns an unquoted date into this; what was written cannot be told any more.
    fn ambiguous_date(&self, text: &str) -> Failure {
        let date = text.split('T').next().unwrap_or(text);
        self.report(
            Problem::error(
                Code::AmbiguousValue,
                self.node.place,
                format!("kustomize hands an unquoted date over as `{text}`"),
            )
            .help(format!(
                "quote the date in your file: \"{date}\"; if the time is meant, write \"{date}T00:00:00+00:00\""
            )),
        )
    }

    /// The number, of which `range` says what it may be at most.
    fn number<T: std::str::FromStr>(&self, expected: &str, range: &str) -> Result<T, Failure> {
        let scalar = self.scalar(expected)?;
        if scalar.style == Style::Text {
            return Err(self.wrong_type(expected));
        }
        let text = scalar.text.as_str();
        match read_plain(text) {
            Plain::Integer => text.parse().map_err(|_| {
                self.report(
                    Problem::error(
                        Code::InvalidValue,
                        self.node.place,
                        format!("`{text}` is out of range"),
                    )
                    .help(format!("write a number {range}")),
                )
            }),
            Plain::Float => text.parse().map_err(|_| {
                self.report(
                    Problem::error(
                        Code::WrongType,
                        self.node.place,
                        format!("expected {expected}, found `{text}`"),
                    )
                    .help("write a number without a point"),
                )
            }),
            Plain::Ambiguous("a number") => Err(self.report(
                Problem::error(
                    Code::AmbiguousValue,
                    self.node.place,
                    format!("`{text}` is read differently by YAML readers"),
                )
                .help("write decimal digits alone, not starting with 0, such as `8080`"),
            )),
            _ => Err(self.wrong_type(expected)),
        }
    }

    /// The entries of a mapping, which is to have these fields, or free keys.
    fn entries(&self, fields: Option<&[&str]>) -> Result<&'n [Entry], Failure> {
        /// More are no help.
        const FEW: usize = 9;
        match (&self.node.value, fields) {
            (Value::Mapping(entries), _) => Ok(entries),
            (Value::Scalar(_), Some(fields)) if fields.len() <= FEW => Err(self.report(
                Problem::error(
                    Code::WrongType,
                    self.node.place,
                    format!("expected a mapping, found {}", self.node.kind()),
                )
                .help(format!("write a mapping of {}", listed(fields))),
            )),
            (Value::Scalar(_) | Value::Sequence(_), _) => Err(self.wrong_type("a mapping")),
        }
    }

    fn shape(&self) -> &'static str {
        match &self.node.value {
            Value::Scalar(scalar) if scalar.style == Style::Plain && scalar.text == "false" => {
                "false"
            }
            Value::Scalar(_) => "text",
            Value::Sequence(_) => "list",
            Value::Mapping(_) => "mapping",
        }
    }

    /// `~: a` or `null: a`, which some readers take for a key called `null` and others for none.
    fn no_key(&self, entry: &Entry) {
        self.report(
            Problem::error(
                Code::AmbiguousValue,
                entry.key.place,
                "this key is null, which YAML readers understand differently",
            )
            .help("write a name before the `:`, in quotes if it is \"null\""),
        );
    }

    /// Tells of a field that is none of `fields`, and returns the one that was probably meant.
    fn unknown_field<'f>(&self, entry: &Entry, fields: &[&'f str]) -> Option<&'f str> {
        let name = entry.name();
        let meant = nearest(name, fields).or_else(|| called_here(name, fields));
        let help = match meant {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("the fields here are {}", listed(fields)),
        };
        self.report(
            Problem::error(
                Code::UnknownField,
                entry.key.place,
                format!("unknown field `{name}`"),
            )
            .help(help),
        );
        meant
    }
}

/// `YYYY-MM-DDT00:00:00Z`: what kustomize makes of an unquoted date.
fn is_midnight(text: &str) -> bool {
    text.strip_suffix("T00:00:00Z").is_some_and(|date| {
        date.len() == 10 && matches!(read_plain(date), Plain::Ambiguous("a date"))
    })
}

/// What Kubernetes' manifests and Helm's charts call otherwise than a config does.
const HABITS: [(&str, &str); 10] = [
    ("replicaCount", "replicas"),
    ("containerPort", "port"),
    ("livenessProbe", "probes"),
    ("readinessProbe", "probes"),
    ("startupProbe", "probes"),
    ("healthcheck", "probes"),
    ("securityContext", "user"),
    ("terminationGracePeriodSeconds", "longestCall"),
    ("minReplicas", "min"),
    ("maxReplicas", "max"),
];

/// The field that is called `name` in manifests and charts.
fn called_here<'f>(name: &str, fields: &[&'f str]) -> Option<&'f str> {
    let (_, ours) = HABITS.iter().find(|(habit, _)| *habit == name)?;
    fields.iter().copied().find(|field| field == ours)
}

fn listed(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}
