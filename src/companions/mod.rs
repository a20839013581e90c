//! What a deployment needs beside its manifests: texts for other programs and for people.

pub mod runbook;
