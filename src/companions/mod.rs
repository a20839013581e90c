//! What a deployment needs beside its manifests: texts for other programs and for people.

pub mod iam;
pub mod runbook;
