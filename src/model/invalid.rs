//! Why a value is refused, and what to write instead.
//!
//! A newtype knows its rule but not where the value stood. It therefore speaks in two clauses,
//! and the caller, who knows file, line and column, makes a finding of them.

use std::fmt;

/// A refused value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Invalid {
    /// What is wrong: one short lower-case clause without a final stop,
    /// such as "`latest` is not a fixed version".
    pub problem: String,
    /// What to write instead, concretely, such as "use a tag such as `1.4.2`".
    pub help: String,
}

impl Invalid {
    pub(super) fn new(problem: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            problem: problem.into(),
            help: help.into(),
        }
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.problem, self.help)
    }
}

impl std::error::Error for Invalid {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn displays_the_problem_before_the_help() {
        let invalid = Invalid::new("`latest` moves", "use `1.4.2`");
        assert_eq!(invalid.to_string(), "`latest` moves; use `1.4.2`");
    }
}
