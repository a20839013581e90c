//! What can only be said of a finished bundle, or of a whole set.

mod collisions;
mod credentials;
mod dashboard;
pub mod gatekeeper;
mod iam;
mod litellm;
mod origin;
mod registrations;
pub mod rules;
mod settings;
mod subject;

pub use collisions::collisions;
pub use credentials::credentials;
pub use dashboard::dashboard;
pub use iam::iam;
pub use litellm::litellm;
pub use registrations::registrations;
pub use settings::{Exception, External, Settings};
pub use subject::Subject;

/// `kubectl apply` keeps the whole object, as JSON, in an annotation; the API server takes so many
/// bytes of all annotations together (apimachinery, `TotalAnnotationSizeLimitB`).
const APPLIED_ANNOTATION: usize = 256 << 10;
/// Room for the annotation's name, and for annotations of hosts.
const APPLIED_ROOM: usize = 2 << 10;
