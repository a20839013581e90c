//! What the checks are told beside the manifests.

use super::RegistryPrefix;
use crate::source::Place;

/// What the checks are told beside the manifests.
#[derive(Debug, Clone, Default)]
pub struct CheckConfig {
    /// Registries and repository prefixes from which images may come.
    pub registries: Vec<RegistryPrefix>,
    /// Objects that exist elsewhere.
    pub external: Vec<External>,
    /// Rules that may be broken.
    pub exceptions: Vec<CheckException>,
    /// Whether a warning fails the check.
    pub deny_warnings: bool,
}

impl CheckConfig {
    /// Adds what somebody else tells.
    pub fn extend(&mut self, other: Self) {
        self.registries.extend(other.registries);
        self.external.extend(other.external);
        self.exceptions.extend(other.exceptions);
        self.deny_warnings |= other.deny_warnings;
    }
}

/// An object that exists elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct External {
    /// Its kind.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Where that is said; `None` on the command line.
    pub place: Option<Place>,
}

/// The kinds that the checks look for, but for those of workloads.
const EXTERNAL: [&str; 6] = [
    "Secret",
    "ConfigMap",
    "ServiceAccount",
    "Service",
    "SecretStore",
    "ClusterSecretStore",
];

impl External {
    /// Why `kind` is the name of no kind.
    ///
    /// # Errors
    /// When it is spelled as resources are, or as no kind is.
    pub fn require_kind(kind: &str) -> Result<(), String> {
        let singular = kind.strip_suffix(['s', 'S']).unwrap_or(kind);
        let is_meant = |known: &&&str| {
            ***known != *kind
                && [kind, singular]
                    .iter()
                    .any(|word| known.eq_ignore_ascii_case(word))
        };
        if let Some(known) = EXTERNAL.iter().find(is_meant) {
            return Err(format!("there is no kind `{kind}`; write `{known}`"));
        }
        let is_kind = kind.starts_with(|first: char| first.is_ascii_uppercase())
            && kind.chars().all(|letter| letter.is_ascii_alphanumeric());
        if is_kind {
            return Ok(());
        }
        Err(format!(
            "`{kind}` is no kind: write it as manifests do, such as `Deployment`"
        ))
    }
}

/// A rule that may be broken.
#[derive(Debug, Clone)]
pub struct CheckException {
    /// Its id or name, as it was written: which rules there are, the checks know.
    pub rule: String,
    /// Where that is written.
    pub place: Place,
    /// The object that may break it, by its name or as `Kind/name`; `None` for all.
    pub object: Option<String>,
    /// Why.
    pub reason: String,
}
