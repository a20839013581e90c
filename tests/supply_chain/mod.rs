//! What mcpset is built of, and what it asks of the system when it runs: docs/security.md promises it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[cfg(target_os = "linux")]
mod calls;
mod dependencies;
