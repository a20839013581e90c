//! What the checks know beside the objects.

use super::exceptions;
use super::network::{Declared, declared};
use crate::model::{CheckConfig, EnvValue, HttpEndpoint, Server, Set};
use crate::problem::Problem;

/// What the checks know beside the objects.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// What somebody told them, and what the sets add to it.
    pub config: CheckConfig,
    /// What sets declare of their servers' connections.
    pub declared: Vec<Declared>,
    /// Where sets register their servers with LiteLLM, and by which transport.
    pub registered: Vec<(HttpEndpoint, &'static str)>,
}

impl Settings {
    /// Takes over what `set` says: its registries, and what its variables refer to by name, which
    /// is in the cluster already.
    pub fn add_set(&mut self, set: &Set) {
        self.declared.extend(declared(set));
        let servers = set.servers.iter().map(|server| &server.litellm);
        self.registered.extend(servers.filter_map(|server| {
            let url = HttpEndpoint::parse(&server.url).ok()?;
            Some((url, server.transport))
        }));
        for variable in set.servers.iter().flat_map(|server| &server.env) {
            let (kind, name) = match &variable.value {
                EnvValue::Secret { name, .. } => ("Secret", name),
                EnvValue::ConfigMap { name, .. } => ("ConfigMap", name),
                EnvValue::Literal(_) | EnvValue::Field(_) => continue,
            };
            let is_own =
                |server: &Server| *name == server.names.secrets || *name == server.names.config;
            if !set.servers.iter().any(is_own) {
                self.config
                    .external
                    .push((kind.to_owned(), name.to_string()));
            }
        }
        for registry in &set.registries {
            if !self.config.registries.contains(registry) {
                self.config.registries.push(registry.clone());
            }
        }
    }

    /// Why `problem` is allowed, if it is.
    #[must_use]
    pub fn reason(&self, problem: &Problem) -> Option<String> {
        let object = problem.object.as_ref();
        let exception = self.config.exceptions.iter().find(|exception| {
            let is_meant = |name: &String| object.is_some_and(|object| object.name == *name);
            exceptions::is_of(&exception.rule, problem)
                && exception.object.as_ref().is_none_or(is_meant)
        });
        exception.map(|exception| exception.reason.clone())
    }

    /// Whether somebody said that the object of `kind` called `name` exists elsewhere.
    #[must_use]
    pub fn is_external(&self, kind: &str, name: &str) -> bool {
        let mut known = self.config.external.iter();
        known.any(|external| external.0 == kind && external.1 == name)
    }
}
