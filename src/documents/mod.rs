//! Texts in other programs' words, which an object of the bundle may hold: what LiteLLM is told, and
//! IAM's policies.

pub mod iam;
pub mod litellm;
