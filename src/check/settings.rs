//! What the checks know beside the objects.

use std::collections::{BTreeSet, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};

use super::exceptions;
use super::network::{Declared, declared};
use crate::manifest::Object;
use crate::model::{
    CheckConfig, CheckException, EnvValue, External, HttpEndpoint, ObjectName, ScaleReason, Set,
};
use crate::problem::Problem;

/// What the checks know beside the objects.
#[derive(Debug, Default)]
pub struct Settings {
    /// What somebody told them, and what the sets add to it.
    pub config: CheckConfig,
    /// What the sets' variables refer to by name: kind and name.
    in_cluster: BTreeSet<(&'static str, String)>,
    /// Beside each of `config.external`: whether a rule asked for it.
    answered: Vec<AtomicBool>,
    /// What sets declare of their servers' connections.
    pub declared: Vec<Declared>,
    /// Namespace and workload of the servers that sets give one pod, as sessions are processes of it.
    single: BTreeSet<(String, String)>,
    /// Where sets register their servers with LiteLLM, and by which transport.
    pub registered: Vec<(HttpEndpoint, &'static str)>,
}

impl Settings {
    /// Takes over what somebody told the checks.
    pub fn configure(&mut self, config: CheckConfig) {
        let more = config.external.iter().map(|_| AtomicBool::default());
        self.answered.extend(more);
        self.config.extend(config);
    }

    /// Takes over what `set` says: its registries, and what its variables refer to by name, which
    /// is in the cluster already.
    pub fn add_set(&mut self, set: &Set) {
        self.declared.extend(declared(set));
        let servers = set.servers.iter().map(|server| &server.litellm);
        self.registered.extend(servers.filter_map(|server| {
            let url = HttpEndpoint::parse(&server.url).ok()?;
            Some((url, server.transport))
        }));
        let servers = set.servers.iter();
        let single = servers.filter(|server| server.scale_reason == ScaleReason::Processes);
        let single = single.map(|server| {
            (
                server.namespace.to_string(),
                server.names.workload.to_string(),
            )
        });
        self.single.extend(single);
        let names = set.servers.iter().map(|server| &server.names);
        let own = names.flat_map(|names| [&names.secrets, &names.config]);
        let values = set.platform.litellm.has_config_map;
        let own = own.chain(values.then_some(&set.names.litellm));
        let own: HashSet<&ObjectName> = own.collect();
        for variable in set.servers.iter().flat_map(|server| &server.env) {
            let (kind, name) = match &variable.value {
                EnvValue::Secret(of) => ("Secret", &of.name),
                EnvValue::ConfigMap(of) => ("ConfigMap", &of.name),
                EnvValue::Literal(_) | EnvValue::Field(_) => continue,
            };
            if !own.contains(name) {
                self.in_cluster.insert((kind, name.to_string()));
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
    pub fn exception(&self, problem: &Problem) -> Option<&CheckException> {
        let object = problem.object.as_ref();
        self.config.exceptions.iter().find(|exception| {
            let is_meant = |who: &String| {
                object.is_some_and(|object| {
                    let kind = who.strip_suffix(&object.name);
                    kind.is_some_and(|kind| {
                        kind.is_empty() || kind.strip_suffix('/') == Some(&object.kind)
                    })
                })
            };
            exceptions::is_of(&exception.rule, problem)
                && exception.object.as_ref().is_none_or(is_meant)
        })
    }

    /// Whether somebody said that the object of `kind` called `name` exists elsewhere.
    #[must_use]
    pub fn is_external(&self, kind: &str, name: &str) -> bool {
        let mut in_cluster = self.in_cluster.iter();
        let is_said = self.is_said(|external| external.kind == kind && external.name == name);
        is_said || in_cluster.any(|known| known.0 == kind && known.1 == name)
    }

    /// Whether `workload` is a server that a set gives one pod, and no more.
    #[must_use]
    pub fn is_single(&self, workload: &Object) -> bool {
        let who = (workload.namespace().to_owned(), workload.name().to_owned());
        self.single.contains(&who)
    }

    /// Whether somebody said that something exists elsewhere that `fits`.
    #[must_use]
    pub fn is_said(&self, fits: impl Fn(&External) -> bool) -> bool {
        let known = self.config.external.iter().zip(&self.answered);
        let fitting = known.filter(|(external, _)| fits(external));
        let mut is_said = false;
        for (_, answered) in fitting {
            answered.store(true, Ordering::Relaxed);
            is_said = true;
        }
        is_said
    }

    /// Beside each object that is said to exist elsewhere, whether a rule has asked for it.
    #[must_use]
    pub fn answered(&self) -> Vec<bool> {
        let answered = self.answered.iter();
        let answered = answered.map(|answered| answered.load(Ordering::Relaxed));
        answered.collect()
    }

    /// Takes over of others who were told the same what they have been asked for.
    pub fn answer(&mut self, answered: &[bool]) {
        for (own, other) in self.answered.iter_mut().zip(answered) {
            *own.get_mut() |= other;
        }
    }

    /// What is said to exist elsewhere, and no rule has asked for.
    pub fn unanswered(&self) -> impl Iterator<Item = &External> {
        let known = self.config.external.iter().zip(&self.answered);
        let unanswered = known.filter(|(_, answered)| !answered.load(Ordering::Relaxed));
        unanswered.map(|(external, _)| external)
    }
}
