//! What can only be said of a finished bundle, or of a whole set.

mod alone;
mod bindings;
mod checklist;
mod collisions;
mod conventions;
mod dashboard;
mod elsewhere;
mod exceptions;
pub mod gatekeeper;
pub mod graph;
mod iam;
pub mod input;
mod litellm;
mod makers;
pub mod network;
mod origin;
mod patches;
mod proxies;
mod queries;
mod references;
mod registrations;
pub mod rules;
mod scaling;
mod settings;
mod subject;
mod targets;
mod upstreams;
mod validation;
mod variables;

pub use alone::alone;
pub use checklist::{Checklist, Listed, Standing};
pub use collisions::collisions;
pub use dashboard::dashboard;
pub use exceptions::{require_rules, validate_exceptions};
pub use iam::iam;
pub use litellm::litellm;
pub use patches::patches;
use registrations::registrations;
pub use settings::Settings;
pub use subject::Subject;

use crate::model::{CheckConfig, Set};
use crate::problem::{Problems, Severity};

/// `kubectl apply` keeps the whole object, as JSON, in an annotation; the API server takes so many
/// bytes of all annotations together (apimachinery, `TotalAnnotationSizeLimitB`).
const APPLIED_ANNOTATION: usize = 256 << 10;
/// Room for the annotation's name, and for annotations of hosts.
const APPLIED_ROOM: usize = 2 << 10;

/// Refuses, or warns of, what breaks a rule of the catalogue in the objects of `set`.
pub fn bundle(set: &Set, problems: &mut Problems) {
    validate_exceptions(set, problems);
    for problem in alone(set, &CheckConfig::default()) {
        if problem.severity != Severity::Note {
            problems.push(problem);
        }
    }
}
