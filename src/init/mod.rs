//! A first set, and what lies beside it, to go on with.
//!
//! The comments are for the person who reads such a file for the first time: what a line does, and what
//! could be added next. What could be added stands there as it would be written, so that taking the
//! `# ` away is all it takes; a test does so with each of them.
//!
//! Whatever text is wanted goes through the house's writer, so nothing of it becomes YAML of its own.
//! Whether it is a set that mcpset accepts is not judged here: who writes it lets the whole house read
//! it first.

mod example;
mod known;
mod set;

pub use known::Known;
pub use set::{TO_FILL_IN, set};

use crate::profiles::Profile;

/// The file with the set.
pub const SET: &str = "mcpset.yaml";
/// The file that makes a kustomization of it.
pub const KUSTOMIZATION: &str = "kustomization.yaml";
/// The file from which an editor knows the fields.
pub const SCHEMA: &str = "mcpset.schema.json";

/// What a first set shall say. It is not judged.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The set's name.
    pub name: String,
    /// The namespace in which the servers run.
    pub namespace: String,
    /// The platform's registry.
    pub registry: String,
    /// The servers.
    pub servers: Vec<Server>,
}

/// A server of a first set.
#[derive(Debug, Clone)]
pub struct Server {
    /// Its name, without the prefix.
    pub name: String,
    /// Its image, with the tag.
    pub image: String,
    /// What is known of it.
    pub profile: Option<&'static Profile>,
}

impl Server {
    /// The server that `profile` knows, under the profile's name and with a copy of its image.
    #[must_use]
    pub fn known(profile: &'static Profile) -> Self {
        Self {
            name: profile.name.to_owned(),
            image: Known::of(profile).copy(),
            profile: Some(profile),
        }
    }
}

/// The kustomization that builds the set beside it.
#[must_use]
pub fn kustomization() -> String {
    format!(
        "# Builds what {SET} says:\n\
         #\n\
         #   kustomize build --enable-alpha-plugins --enable-exec .\n\
         #\n\
         # Both flags are needed: without the second one kustomize skips mcpset, says nothing, and builds\n\
         # nothing.\n\
         apiVersion: kustomize.config.k8s.io/v1beta1\n\
         kind: Kustomization\n\
         generators:\n\
         - {SET}\n"
    )
}
