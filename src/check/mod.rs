//! What can only be said of a finished bundle, or of a whole set.

mod bindings;
mod checklist;
mod collisions;
mod conventions;
mod credentials;
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
mod variables;

pub use checklist::{Checklist, Listed, Standing};
pub use collisions::collisions;
pub use credentials::credentials;
pub use dashboard::dashboard;
pub use exceptions::require_rules;
pub use iam::iam;
pub use litellm::litellm;
pub use patches::patches;
use registrations::registrations;
pub use settings::Settings;
pub use subject::Subject;

use crate::model::{Server, Set};
use crate::parallel::{self, SOME};
use crate::problem::{Problems, Severity};
use crate::yaml::Node;

/// `kubectl apply` keeps the whole object, as JSON, in an annotation; the API server takes so many
/// bytes of all annotations together (apimachinery, `TotalAnnotationSizeLimitB`).
const APPLIED_ANNOTATION: usize = 256 << 10;
/// Room for the annotation's name, and for annotations of hosts.
const APPLIED_ROOM: usize = 2 << 10;

/// Refuses, or warns of, what breaks a rule of the catalogue in the objects of `set`, which was made
/// of `document`.
///
/// A server refers to nothing of another, so a few are looked at together with what exists once a set,
/// and the trees of thousands are never held at once.
pub fn bundle(set: &Set, document: &Node, problems: &mut Problems) {
    exceptions::validate(set, problems);
    let parts: Vec<&[Server]> = set.servers.chunks(SOME).collect();
    let found = parallel::map(true, &parts, |servers| {
        let part = set.with(servers.to_vec());
        let mut subject = Subject::default();
        subject.add_objects(&part, document);
        subject.findings()
    });
    for problem in found.into_iter().flatten() {
        if problem.severity != Severity::Note {
            problems.push(problem);
        }
    }
}
