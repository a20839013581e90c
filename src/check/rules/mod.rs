//! The catalogue: rules that finished objects keep, whoever wrote them.
//!
//! A rule is one file: what it demands, why, what to do, where that comes from, an example that
//! keeps it and one that does not. Reports, `mcpset explain`, the page of the catalogue and the
//! tests are all made from it.

mod capabilities;
mod image_tag;
mod policy_not_evaluated;
mod policy_violation;
mod replicas;

use crate::manifest::{At, Manifests, Object};
use crate::problem::{Code, Problem, Severity};
use crate::source::Place;

pub use policy_not_evaluated::RULE as POLICY_NOT_EVALUATED;
pub use policy_violation::RULE as POLICY_VIOLATION;

use super::settings::Settings;

/// One rule.
#[derive(Debug)]
pub struct Rule {
    /// `MCP011`: never given to another rule.
    pub id: &'static str,
    /// `capabilities`.
    pub name: &'static str,
    /// What it demands, in one clause.
    pub title: &'static str,
    /// How bad it is to break it.
    pub severity: Severity,
    /// What happens otherwise.
    pub why: &'static str,
    /// What to do.
    pub fix: &'static str,
    /// The guide's line, or the standard, that asks for it.
    pub source: &'static str,
    /// Objects that keep it, as YAML.
    pub good: &'static str,
    /// Objects that do not.
    pub bad: &'static str,
    /// Finds what breaks it; nothing where that is found elsewhere, as what Gatekeeper's policies say.
    pub check: fn(&Context<'_>, &mut Found<'_>),
}

/// All rules, in the order of their ids.
pub const CATALOGUE: [&Rule; 5] = [
    &image_tag::RULE,
    &capabilities::RULE,
    &replicas::RULE,
    &POLICY_VIOLATION,
    &POLICY_NOT_EVALUATED,
];

/// What a rule looks at.
#[derive(Debug, Clone, Copy)]
pub struct Context<'m> {
    /// All objects.
    pub manifests: &'m Manifests,
    /// What is known beside them.
    pub settings: &'m Settings,
}

/// What breaks a rule.
#[derive(Debug)]
pub struct Found<'p> {
    rule: &'static Rule,
    problems: &'p mut Vec<Problem>,
}

impl Found<'_> {
    /// Notes that `message` holds of `object`, at the place of `at`.
    pub fn add(&mut self, object: &Object, at: At<'_>, message: impl Into<String>) {
        self.push(object, at.place(), message.into());
    }

    fn push(&mut self, object: &Object, place: Place, message: String) {
        let code = Code::Rule(self.rule.id);
        let mut problem = Problem::error(code, place, message).help(self.rule.fix);
        problem.severity = self.rule.severity;
        problem.object = Some(Box::new(object.reference()));
        self.problems.push(problem);
    }
}

/// What breaks the rules of the catalogue.
#[must_use]
pub fn run(context: &Context<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for rule in CATALOGUE {
        let problems = &mut problems;
        (rule.check)(context, &mut Found { rule, problems });
    }
    problems
}

/// The rule with this id or name.
#[must_use]
pub fn find(word: &str) -> Option<&'static Rule> {
    CATALOGUE
        .into_iter()
        .find(|rule| rule.id.eq_ignore_ascii_case(word) || rule.name == word)
}
