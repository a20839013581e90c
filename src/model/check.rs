//! What the checks are told beside the manifests.

use super::RegistryPrefix;
use crate::source::Place;

/// What the checks are told beside the manifests.
#[derive(Debug, Clone, Default)]
pub struct CheckConfig {
    /// Registries and repository prefixes from which images may come.
    pub registries: Vec<RegistryPrefix>,
    /// Objects that exist elsewhere: kind and name.
    pub external: Vec<(String, String)>,
    /// Rules that may be broken.
    pub exceptions: Vec<CheckException>,
    /// Whether a warning fails the check.
    pub deny_warnings: bool,
}

/// A rule that may be broken.
#[derive(Debug, Clone)]
pub struct CheckException {
    /// Its id or name, as it was written: which rules there are, the checks know.
    pub rule: String,
    /// Where that is written.
    pub place: Place,
    /// The name of the object that may break it; `None` for all.
    pub object: Option<String>,
    /// Why.
    pub reason: String,
}
