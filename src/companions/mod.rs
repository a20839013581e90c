//! What belongs to a deployment and is no Kubernetes object: written from the same model, by the
//! same rules.

pub mod litellm;
