//! What mcpset is built of, and what it asks of the system when it runs: docs/security.md promises it.

#[cfg(target_os = "linux")]
mod calls;
mod dependencies;
