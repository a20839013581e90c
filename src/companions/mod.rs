//! What a deployment needs beside its manifests: texts for other programs and for people, written
//! from the same model.

pub mod iam;
pub mod litellm;
pub mod runbook;
