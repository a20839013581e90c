//! What can go wrong around mcpset and is no mistake in a set: full disks, closed streams, folders that
//! vanish, a kill at any moment, no room for one more file. Whatever it is, status 0 means that all of the
//! output is there.
//!
//! The faults are made by the shell and by Linux as they are, without rights that only root has; where a
//! machine lacks one, the test says so.

#![cfg(target_os = "linux")]

pub mod commands;
mod folder;
mod killed;
mod names;
mod room;
mod streams;
mod surroundings;
