//! Who talks to whom, drawn in one of several languages.
//!
//! A set of twelve servers must stay readable, so what is the same is drawn once: see [`bundle`].

mod bundle;
mod charted;
mod picture;

use crate::check::graph::Graph;
use crate::{dot, mermaid};

pub use picture::svg;

/// `graph` as a Mermaid flow chart.
#[must_use]
pub fn mermaid(graph: &Graph) -> String {
    mermaid::flowchart(&charted::chart(graph))
}

/// `graph` as Graphviz reads it.
#[must_use]
pub fn dot(graph: &Graph) -> String {
    dot::digraph(&charted::chart(graph))
}
