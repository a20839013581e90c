//! What a deployment needs beside its manifests: scripts and pages for people, written from the same
//! model.

pub mod ask;
pub mod checklist;
mod ecr;
pub mod grants;
pub mod role_script;
pub mod runbook;

pub use ecr::region;
