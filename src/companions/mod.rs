//! What a deployment needs beside its manifests: scripts and pages for people, written from the same
//! model.

pub mod grants;
pub mod role_script;
pub mod runbook;
