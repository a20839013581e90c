//! The organisation's own policies: Gatekeeper's ConstraintTemplates and constraints, evaluated before
//! the apply.
//!
//! What the cluster would refuse is found here with the words that the cluster would use. What cannot
//! be evaluated is a finding of its own, for silence would read as consent.

#[cfg(feature = "gatekeeper")]
mod builtins;
mod constraints;
mod evaluation;
mod expansion;
mod findings;
mod inventory;
mod matching;
#[cfg(feature = "gatekeeper")]
mod recursion;
#[cfg(feature = "gatekeeper")]
mod rego;
#[cfg(not(feature = "gatekeeper"))]
#[path = "without.rs"]
mod rego;
mod schema;
mod templates;
#[cfg(feature = "gatekeeper")]
mod worker;

pub use evaluation::{Judged, evaluate};

use crate::manifest::Object;

/// Whether `object` is Gatekeeper's: a template, a constraint, or another part of a policy.
#[must_use]
pub fn is_policy(object: &Object) -> bool {
    object.group().ends_with(".gatekeeper.sh")
}
