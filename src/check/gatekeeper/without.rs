//! In place of Rego's evaluation, in a mcpset that was built without it.

use serde_json::Value as Json;

use super::templates::Rego;
use crate::problem::Inside;

/// A value that Rego would work with.
#[derive(Debug, Clone)]
pub struct Data;

/// Nothing is kept of `_json`.
#[must_use]
pub fn data(_json: Json) -> Data {
    Data
}

/// Nobody knows.
#[must_use]
pub fn is_match(_pattern: &str, _text: &str) -> Option<bool> {
    None
}

/// Who would run the programs.
#[derive(Debug)]
pub struct Worker;

impl Worker {
    /// Nobody.
    #[must_use]
    pub fn new() -> Self {
        Self
    }
}

/// The program of one template, of which there is none.
#[derive(Debug)]
pub enum Program {}

/// Why there is no result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// It takes longer than it may.
    #[allow(dead_code, reason = "nothing runs that could")]
    Endless,
    /// Nobody waits for it any more.
    #[allow(dead_code, reason = "nothing runs that could")]
    RanAway,
    /// The program cannot be run.
    Wrong(String, Option<Spot>),
}

/// Where in a program something is wrong, which nobody finds out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spot {
    /// Which of its libraries.
    pub lib: Option<usize>,
    /// Its line and column there.
    pub inside: Inside,
}

impl Program {
    /// No program.
    ///
    /// # Errors
    /// Always.
    pub fn new(
        _rego: &Rego<'_>,
        _inventory: Option<&Data>,
        _worker: &mut Worker,
    ) -> Result<Self, Failure> {
        Err(Failure::Wrong(
            "this mcpset was built without the feature `gatekeeper`".into(),
            None,
        ))
    }

    /// No messages, for there is nobody to ask.
    ///
    /// # Errors
    /// None.
    pub fn violations(
        &mut self,
        _review: &Data,
        _of: &Data,
        _worker: &mut Worker,
    ) -> Result<Vec<String>, Failure> {
        match *self {}
    }
}
