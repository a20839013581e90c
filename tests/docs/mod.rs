//! What the pages say is so: their commands run, their links lead somewhere, and what the README
//! shows is what comes out.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod commands;
mod inline;
mod links;
mod page;
mod promises;
mod readme;
mod restarts;
mod scratch;
