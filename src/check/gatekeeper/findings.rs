//! What is said of violations, and of policies that cannot be evaluated.

use super::expansion::Review;
use super::rego::Failure;
use super::templates::{Rego, Template};
use crate::check::rules::{POLICY_NOT_EVALUATED, POLICY_VIOLATION, Rule};
use crate::manifest::{At, Object};
use crate::problem::{Code, Problem, Severity};
use crate::source::Place;

const MEND_REGO: &str = "mend the Rego, and see that `gator test` takes it; docs/check.md says what it may not use here";
const MEND_CONSTRAINT: &str = "write what `openAPIV3Schema` in the template asks for";

/// `K8sAllowedRepos approved-registries`.
pub fn named(object: &Object) -> String {
    format!("{} {}", object.kind(), object.name())
}

/// `constraint` is violated by `review`, with the words of its template.
pub fn violation(
    review: &Review<'_>,
    constraint: &Object,
    severity: Severity,
    message: &str,
) -> Problem {
    let of = if review.is_expanded {
        format!(
            ", of the Pods of {} {}",
            review.object.kind(),
            review.object.name()
        )
    } else {
        String::new()
    };
    let message = format!("{}{of}: {message}", named(constraint));
    let at = review.object.at("metadata.name");
    let place = constraint.at("metadata.name").place();
    found(&POLICY_VIOLATION, review.object, at, severity, message).related(place, "the constraint")
}

/// The `rego` of `template` cannot be evaluated at all.
pub fn broken(template: &Template<'_>, rego: &Rego<'_>, failure: &Failure) -> Problem {
    let name = template.object.name();
    let message = match failure {
        Failure::Endless => {
            format!("the Rego of `{name}` takes too long, even for an empty object")
        }
        Failure::RanAway => format!(
            "the Rego of `{name}` takes too long or too much memory, even for an empty object; no policy was evaluated further"
        ),
        Failure::Wrong(what, _) => format!("the Rego of `{name}` cannot be evaluated: {what}"),
    };
    of_rego(template.object, rego, failure, message)
}

/// The `rego` of `constraint` cannot be evaluated of `review`.
pub fn broke_off(
    review: &Review<'_>,
    constraint: &Object,
    rego: &Rego<'_>,
    failure: &Failure,
) -> Problem {
    let (what, rest) = match failure {
        Failure::Endless => (
            "takes too long".to_owned(),
            "no constraint of its kind was evaluated further",
        ),
        Failure::RanAway => (
            "takes too long or too much memory".to_owned(),
            "no policy was evaluated further",
        ),
        Failure::Wrong(what, _) => (
            format!("cannot be evaluated: {what}"),
            "it was not evaluated further",
        ),
    };
    let message = format!(
        "{} {what}, of {} {}; {rest}",
        named(constraint),
        review.kind,
        review.name
    );
    let place = constraint.at("metadata.name").place();
    of_rego(constraint, rego, failure, message).related(place, "the constraint")
}

/// `constraint` is not what `template` makes, because of `what` at `place`.
pub fn refused(constraint: &Object, template: &Template<'_>, place: Place, what: &str) -> Problem {
    let message = format!("{} would be refused: {what}", named(constraint));
    let at = constraint.at("metadata.name");
    let mut problem = not_evaluated(constraint, at, Severity::Error, message).help(MEND_CONSTRAINT);
    problem.place = Some(place);
    let template = template.object.at("metadata.name").place();
    problem.related(template, "the template of its kind")
}

/// `object`, a policy, was not evaluated.
pub fn not_evaluated(object: &Object, at: At<'_>, severity: Severity, message: String) -> Problem {
    found(&POLICY_NOT_EVALUATED, object, at, severity, message)
}

/// A `failure` of the `rego` that `object` needs, in its line.
fn of_rego(object: &Object, rego: &Rego<'_>, failure: &Failure, message: String) -> Problem {
    let spot = match failure {
        Failure::Wrong(_, spot) => *spot,
        Failure::Endless | Failure::RanAway => None,
    };
    let lib = spot.and_then(|spot| rego.libs.get(spot.lib?));
    let at = *lib.unwrap_or(&rego.module);
    let mut problem = not_evaluated(object, at, Severity::Error, message).help(MEND_REGO);
    problem.inside = spot.map(|spot| spot.inside);
    problem
}

fn found(rule: &Rule, object: &Object, at: At<'_>, severity: Severity, message: String) -> Problem {
    let mut problem = Problem::error(Code::Rule(rule.id), at.place(), message).help(rule.fix);
    problem.severity = severity;
    problem.object = Some(Box::new(object.reference()));
    problem
}
