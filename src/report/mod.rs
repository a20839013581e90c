//! Showing problems; see `problem` for what they are.

mod discretion;
mod text;

pub use discretion::discreet;
pub use text::{Occasion, render as text};
