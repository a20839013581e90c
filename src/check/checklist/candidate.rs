//! A server among all objects: which of them are its own.

use super::neighbours::Neighbours;
use super::{Context, Intent};
use crate::check::conventions::NAME;
use crate::check::input::Input;
use crate::check::network::{Purpose, Scraped, namespace};
use crate::check::references::{CONFIG_MAPS, SECRETS, references_of};
use crate::check::rules::closed_port::closed;
use crate::companions::checklist::About;
use crate::manifest::{At, Manifests, Object, Pod};
use crate::problem::Problem;

/// A server among all objects.
pub struct Candidate<'m> {
    pub input: &'m Input<'m>,
    pub context: Context<'m>,
    pub intent: &'m Intent<'m, 'm>,
    pub pod: &'m Pod<'m>,
    /// The Services that lead to its pods.
    pub services: Vec<&'m Object>,
    /// The PodDisruptionBudgets that guard them.
    pub budgets: Vec<&'m Object>,
    /// The ports that ServiceMonitors have Prometheus read.
    pub scraped: &'m [Scraped<'m>],
    /// The PodMonitors that select its pods.
    pub pod_monitors: Vec<&'m Object>,
    /// The names of the Secrets that it needs.
    pub secrets: Vec<&'m str>,
    /// Objects that may be broken beside those.
    others: Vec<&'m Object>,
}

impl<'m> Candidate<'m> {
    /// The server of `intent`, and of all `neighbours` its own.
    pub fn new(
        context: &Context<'m>,
        neighbours: &Neighbours<'m>,
        intent: &'m Intent<'m, 'm>,
    ) -> Self {
        let pod = intent.server.pod;
        let services = neighbours.services(pod.workload);
        let mut secrets: Vec<&str> = Vec::new();
        for reference in references_of(pod, &SECRETS) {
            if !secrets.contains(&reference.name) {
                secrets.push(reference.name);
            }
        }
        Self {
            budgets: neighbours.budgets(pod.workload),
            scraped: context.network.scraped(pod),
            pod_monitors: neighbours.pod_monitors(pod.workload),
            others: others(context.input, neighbours, pod, &services),
            secrets,
            services,
            input: context.input,
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
            About::Registration => return self.owns(problem) || self.is_registered_so(problem),
            _ => return self.owns(problem),
        };
        // One policy is about many servers, and a rule about many connections.
        let mut closed = closed(self.context.network, self.intent, &[purpose]).into_iter();
        closed.any(|(policy, _, message)| {
            let object = problem.object.as_deref();
            problem.message == message && object == Some(&policy.reference())
        })
    }

    /// Whether `problem` is what LiteLLM is told of this server: one config lists many.
    fn is_registered_so(&self, problem: &Problem) -> bool {
        let leads_here = |service: &(String, String)| {
            let mut services = self.services.iter();
            services.any(|own| own.namespace() == service.0 && own.name() == service.1)
        };
        let mut upstreams = self.context.upstreams.iter();
        upstreams.any(|upstream| {
            leads_here(&upstream.service)
                && problem.object.as_deref() == Some(&upstream.object.reference())
                && problem.message.contains(&format!("`{}`", upstream.name))
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
            .chain(self.account().1)
            .chain(monitors);
        owned.any(|owned| owned.reference() == **object)
    }

    /// The namespace that it ends up in.
    pub fn namespace(&self) -> &'m str {
        namespace(self.pod.namespace())
    }

    /// The ExternalSecret that fetches the Secret `name` of its namespace.
    pub fn fetching(&self, name: &'m str) -> Option<&'m Object> {
        let secrets = &self.input.secrets;
        secrets.fetching(self.pod.namespace(), name)
    }

    /// Whether something here fetches the Secret `name` from a store.
    pub fn is_fetched(&self, name: &'m str) -> bool {
        self.fetching(name).is_some()
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
        let account = self.input.manifests.find("ServiceAccount", namespace, name);
        (name, account)
    }
}

/// The ConfigMaps that `pod` refers to.
pub fn config_maps<'m>(manifests: &'m Manifests, pod: &Pod<'m>) -> Vec<&'m Object> {
    let maps = references_of(pod, &CONFIG_MAPS).into_iter();
    maps.filter_map(|map| manifests.find("ConfigMap", pod.namespace(), map.name))
        .collect()
}

/// What `pod` refers to, what reads its `services`, and what has its name and may be meant for it.
fn others<'m>(
    input: &'m Input<'m>,
    neighbours: &Neighbours<'m>,
    pod: &'m Pod<'m>,
    services: &[&'m Object],
) -> Vec<&'m Object> {
    let (manifests, namespace) = (input.manifests, pod.namespace());
    let maps = config_maps(manifests, pod);
    let secrets = references_of(pod, &SECRETS).into_iter();
    let secrets = secrets.filter_map(|secret| input.secrets.fetching(namespace, secret.name));
    let readers = services.iter();
    let readers = readers.flat_map(|service| neighbours.monitors(service));
    let namesakes = ["Service", "PodDisruptionBudget"].into_iter();
    let namesakes =
        namesakes.filter_map(|kind| manifests.find(kind, namespace, pod.workload.name()));
    let named = pod.labels.get(NAME).into_iter();
    let named = named.flat_map(|name| neighbours.named(namespace, name));
    let scaler = input.scalers.of_workload(pod.workload);
    maps.into_iter()
        .chain(scaler.map(|scaler| scaler.object))
        .chain(secrets)
        .chain(readers)
        .chain(namesakes)
        .chain(named)
        .collect()
}
