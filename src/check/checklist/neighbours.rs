//! What is around each pod and Service, looked up the other way round: a checklist asks of every
//! server what selects it.

use std::collections::HashMap;

use crate::check::conventions::NAME;
use crate::check::input::Input;
use crate::check::references::{guarded, monitored, pod_monitored, served};
use crate::manifest::Object;

type Id<'m> = (&'m str, &'m str, &'m str);

/// What selects pods and Services, each by the id of its object.
#[derive(Debug, Default)]
pub struct Neighbours<'m> {
    /// The Services that lead to the pods of a workload.
    services: Ways<'m>,
    /// The PodDisruptionBudgets that guard them.
    budgets: Ways<'m>,
    /// The PodMonitors that select them.
    pod_monitors: Ways<'m>,
    /// The ServiceMonitors that select a Service.
    monitors: Ways<'m>,
    /// Services and PodDisruptionBudgets by kind, namespace and the label with the workload's name.
    named: Ways<'m>,
}

type Ways<'m> = HashMap<Id<'m>, Vec<&'m Object>>;

impl<'m> Neighbours<'m> {
    /// Those of `input`.
    pub fn of(input: &'m Input<'m>) -> Self {
        let mut found = Self::default();
        let manifests = input.manifests;
        let services = manifests.of_kind("Service");
        let budgets = manifests.of_kind("PodDisruptionBudget");
        for object in services.clone().chain(budgets.clone()) {
            if let Some(name) = object.at("metadata.labels").get(NAME).text() {
                let key = (object.kind(), object.namespace(), name);
                found.named.entry(key).or_default().push(object);
            }
        }
        for service in services {
            for pod in served(&input.pods, service) {
                add(&mut found.services, pod.workload, service);
            }
        }
        for budget in budgets {
            for pod in guarded(&input.pods, budget) {
                add(&mut found.budgets, pod.workload, budget);
            }
        }
        for monitor in manifests.of_kind("PodMonitor") {
            for pod in pod_monitored(&input.pods, monitor) {
                add(&mut found.pod_monitors, pod.workload, monitor);
            }
        }
        for monitor in manifests.of_kind("ServiceMonitor") {
            for service in monitored(&input.services, monitor) {
                add(&mut found.monitors, service.object, monitor);
            }
        }
        found
    }

    /// The Services that lead to the pods of `workload`.
    pub fn services(&self, workload: &'m Object) -> Vec<&'m Object> {
        self.services
            .get(&workload.id())
            .cloned()
            .unwrap_or_default()
    }

    /// The PodDisruptionBudgets that guard them.
    pub fn budgets(&self, workload: &'m Object) -> Vec<&'m Object> {
        self.budgets
            .get(&workload.id())
            .cloned()
            .unwrap_or_default()
    }

    /// The PodMonitors that select them.
    pub fn pod_monitors(&self, workload: &'m Object) -> Vec<&'m Object> {
        self.pod_monitors
            .get(&workload.id())
            .cloned()
            .unwrap_or_default()
    }

    /// The ServiceMonitors that select `service`.
    pub fn monitors(&self, service: &'m Object) -> Vec<&'m Object> {
        self.monitors
            .get(&service.id())
            .cloned()
            .unwrap_or_default()
    }

    /// The Services and PodDisruptionBudgets whose label says that they belong to the workload `name`.
    pub fn named(&self, namespace: &'m str, name: &'m str) -> impl Iterator<Item = &'m Object> {
        let kinds = ["Service", "PodDisruptionBudget"].into_iter();
        let lists = kinds.filter_map(move |kind| self.named.get(&(kind, namespace, name)));
        lists.flatten().copied()
    }
}

fn add<'m>(ways: &mut Ways<'m>, to: &'m Object, from: &'m Object) {
    ways.entry(to.id()).or_default().push(from);
}
