//! A server among all objects: which of them are its own.

use super::{Context, Intent};
use crate::check::network::{Purpose, Scraped, namespace, scraped};
use crate::check::references::{
    CONFIG_MAPS, SECRETS, fetching, guards, monitors, references_of, serves,
};
use crate::check::rules::closed_port::closed;
use crate::companions::checklist::About;
use crate::manifest::{At, Manifests, Object, Pod, selects};
use crate::problem::Problem;

/// The label with the workload's name.
const NAME: &str = "app.kubernetes.io/name";

/// A server among all objects.
pub struct Candidate<'m> {
    pub manifests: &'m Manifests,
    pub context: Context<'m>,
    pub intent: &'m Intent<'m, 'm>,
    pub pod: Pod<'m>,
    /// The Services that lead to its pods.
    pub services: Vec<&'m Object>,
    /// The PodDisruptionBudgets that guard them.
    pub budgets: Vec<&'m Object>,
    /// The ports that ServiceMonitors have Prometheus read.
    pub scraped: Vec<Scraped<'m>>,
    /// The PodMonitors that select its pods.
    pub pod_monitors: Vec<&'m Object>,
    /// The names of the Secrets that it needs.
    pub secrets: Vec<&'m str>,
    /// Objects that may be broken beside those.
    others: Vec<&'m Object>,
}

impl<'m> Candidate<'m> {
    /// The server of `intent`.
    pub fn new(context: &Context<'m>, intent: &'m Intent<'m, 'm>) -> Self {
        let manifests = context.manifests;
        let pod = intent.server.pod.clone();
        let services: Vec<&Object> = manifests
            .of_kind("Service")
            .filter(|service| serves(service, &pod))
            .collect();
        let budgets = manifests.of_kind("PodDisruptionBudget");
        let pod_monitors = manifests.of_kind("PodMonitor");
        let mut secrets: Vec<&str> = Vec::new();
        for reference in references_of(&pod, &SECRETS) {
            if !secrets.contains(&reference.name) {
                secrets.push(reference.name);
            }
        }
        Self {
            budgets: budgets.filter(|budget| guards(budget, &pod)).collect(),
            scraped: scraped(manifests, &pod),
            pod_monitors: pod_monitors
                .filter(|monitor| selects(monitor.at("spec.selector"), &pod.labels))
                .collect(),
            others: others(manifests, &pod, &services),
            secrets,
            services,
            manifests,
            context: *context,
            intent,
            pod,
        }
    }

    /// Whether `problem`, which breaks a point `about` something, is one of this server.
    pub fn is_about(&self, problem: &Problem, about: About) -> bool {
        let purpose = match about {
            About::Connectivity => Purpose::Call,
            About::Scraped => Purpose::Scrape,
            About::Traced => Purpose::Trace,
            _ => return self.owns(problem),
        };
        // One policy is about many servers, and a rule about many connections.
        let mut closed = closed(self.context.network, self.intent, &[purpose]).into_iter();
        closed.any(|(policy, _, message)| {
            let object = problem.object.as_deref();
            problem.message == message && object == Some(&policy.reference())
        })
    }

    fn owns(&self, problem: &Problem) -> bool {
        let Some(object) = &problem.object else {
            return false;
        };
        let monitors = self.scraped.iter().map(|target| target.monitor);
        let mut owned = std::iter::once(self.pod.workload)
            .chain(self.services.iter().copied())
            .chain(self.budgets.iter().copied())
            .chain(self.pod_monitors.iter().copied())
            .chain(self.others.iter().copied())
            .chain(monitors);
        owned.any(|owned| owned.reference() == **object)
    }

    /// The namespace that it ends up in.
    pub fn namespace(&self) -> &'m str {
        namespace(self.pod.namespace())
    }

    /// Whether something here fetches the Secret `name` from a store.
    pub fn is_fetched(&self, name: &str) -> bool {
        fetching(self.manifests, self.pod.namespace(), name).is_some()
    }

    /// Its containers, without those that end before it begins.
    pub fn containers(&self) -> impl Iterator<Item = At<'m>> {
        let containers = self.pod.containers();
        containers
            .filter(|container| !container.is_init)
            .map(|container| container.at)
    }

    /// What a container of it sets the variable `name` to.
    pub fn variable(&self, name: &str) -> Option<At<'m>> {
        let mut variables = self.containers().flat_map(|at| at.get("env").items());
        variables.find(|variable| variable.get("name").text() == Some(name))
    }

    /// The name of its ServiceAccount, and the account where it is here.
    pub fn account(&self) -> (&'m str, Option<&'m Object>) {
        let name = self.pod.spec.get("serviceAccountName").text();
        let name = name.unwrap_or("default");
        let namespace = self.pod.namespace();
        (name, self.manifests.find("ServiceAccount", namespace, name))
    }
}

/// The ConfigMaps that `pod` refers to.
pub fn config_maps<'m>(manifests: &'m Manifests, pod: &Pod<'m>) -> Vec<&'m Object> {
    let maps = references_of(pod, &CONFIG_MAPS).into_iter();
    maps.filter_map(|map| manifests.find("ConfigMap", pod.namespace(), map.name))
        .collect()
}

/// What `pod` refers to, what reads its `services`, and what has its name and may be meant for it.
fn others<'m>(manifests: &'m Manifests, pod: &Pod<'m>, services: &[&'m Object]) -> Vec<&'m Object> {
    let namespace = pod.namespace();
    let maps = config_maps(manifests, pod);
    let secrets = references_of(pod, &SECRETS).into_iter();
    let secrets = secrets.filter_map(|secret| fetching(manifests, namespace, secret.name));
    let readers = manifests.of_kind("ServiceMonitor").filter(|monitor| {
        let mut services = services.iter();
        services.any(|service| monitors(monitor, service))
    });
    let named = pod.labels.get(NAME).copied();
    let is_namesake = |object: &&Object| {
        let label = object.at("metadata.labels").get(NAME).text();
        object.namespace() == namespace
            && (object.name() == pod.workload.name() || (label.is_some() && label == named))
    };
    let namesakes = ["Service", "PodDisruptionBudget"].into_iter();
    let namesakes = namesakes.flat_map(|kind| manifests.of_kind(kind).filter(is_namesake));
    maps.into_iter()
        .chain(secrets)
        .chain(readers)
        .chain(namesakes)
        .collect()
}
