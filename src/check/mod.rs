//! What can only be said of a finished bundle, or of a whole set.

mod collisions;
mod credentials;
mod dashboard;
mod iam;

pub use collisions::collisions;
pub use credentials::credentials;
pub use dashboard::dashboard;
pub use iam::iam;
