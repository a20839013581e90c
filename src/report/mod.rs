//! Showing problems; see `problem` for what they are.

mod text;

pub use text::render as text;
