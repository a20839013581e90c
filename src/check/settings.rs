//! What the checks know beside the objects.

use super::network::{Declared, declared};
use crate::model::{RegistryPrefix, Set};
use crate::problem::{Code, Problem};

/// What the checks know beside the objects.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Registries and repository prefixes from which images may come; empty where nobody said.
    pub registries: Vec<RegistryPrefix>,
    /// What sets declare of their servers' connections.
    pub declared: Vec<Declared>,
    /// Objects that exist elsewhere.
    pub external: Vec<External>,
    /// Rules that may be broken.
    pub exceptions: Vec<Exception>,
}

/// An object that exists elsewhere: in the cluster, or made by somebody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct External {
    /// `Secret`.
    pub kind: String,
    /// Its name.
    pub name: String,
}

/// A rule that may be broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    /// The rule's id.
    pub rule: &'static str,
    /// The name of the object that may break it; `None` for all.
    pub object: Option<String>,
    /// Why.
    pub reason: String,
}

impl Settings {
    /// Takes over what `set` says.
    pub fn add_set(&mut self, set: &Set) {
        self.declared.extend(declared(set));
        for registry in &set.registries {
            if !self.registries.contains(registry) {
                self.registries.push(registry.clone());
            }
        }
    }

    /// Why `problem` is allowed, if it is.
    #[must_use]
    pub fn reason(&self, problem: &Problem) -> Option<String> {
        let object = problem.object.as_ref();
        let exception = self.exceptions.iter().find(|exception| {
            let is_meant = |name: &String| object.is_some_and(|object| object.name == *name);
            Code::Rule(exception.rule) == problem.code
                && exception.object.as_ref().is_none_or(is_meant)
        });
        exception.map(|exception| exception.reason.clone())
    }

    /// Whether somebody said that the object of `kind` called `name` exists elsewhere.
    #[must_use]
    pub fn is_external(&self, kind: &str, name: &str) -> bool {
        self.external
            .iter()
            .any(|known| known.kind == kind && known.name == name)
    }
}
