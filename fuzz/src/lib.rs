//! What mcpset promises of any input, one function a promise. Each panics when it is broken.
//!
//! `fuzz/run` looks for inputs that break one; `tests/corpus.rs` repeats in every `cargo test` what was
//! found before, and includes this file to do so. Where a promise is about what others read, others read
//! it: serde_yaml has nothing in common with our writer or our parser.

mod check;
mod config;
mod diff;
mod import;
mod promql;
mod resource_list;
mod splitter;
mod text;
mod writer;

pub use check::check;
pub use config::config;
pub use diff::diff;
pub use import::import;
pub use promql::promql;
pub use resource_list::resource_list;
pub use splitter::splitter;
pub use writer::writer;

/// A promise of any bytes.
pub type Promise = fn(&[u8]);

/// The targets of `fuzz_targets`, by name.
pub const TARGETS: [(&str, Promise); 8] = [
    ("check", check),
    ("config", config),
    ("diff", diff),
    ("import", import),
    ("promql", promql),
    ("resource_list", resource_list),
    ("splitter", splitter),
    ("writer", writer),
];
