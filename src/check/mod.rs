//! What can only be said of a finished bundle.

mod collisions;

pub use collisions::collisions;
