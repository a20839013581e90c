//! What can only be said of a finished bundle, or of a whole set.

mod collisions;
mod credentials;

pub use collisions::collisions;
pub use credentials::credentials;
