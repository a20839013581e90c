//! The labels that scraped series carry, by the monitors of the input.
//!
//! What prometheus-operator makes of a monitor: the target's own labels (`job`, `namespace` …), those
//! that `targetLabels` and `podTargetLabels` take over, and whatever relabelings write. A label that
//! a relabeling writes may have any value.

use std::collections::{BTreeMap, BTreeSet};

use super::conventions::label_name;
use super::input::Input;
use super::references::{monitored, pod_monitored, served};
use crate::manifest::{At, Labels, Object, Pod, Service};

/// Labels of every target, whose values only the cluster knows.
const UNKNOWN: [&str; 5] = ["endpoint", "instance", "pod", "container", "node"];

/// What is scraped.
#[derive(Debug)]
pub struct Target {
    /// Whether it is an MCP server.
    pub is_server: bool,
    /// Its labels; no value where it may be any.
    labels: BTreeMap<String, Option<String>>,
    /// Whether it may have other labels.
    is_open: bool,
}

impl Target {
    /// Whether its series have the label.
    #[must_use]
    pub fn has(&self, label: &str) -> bool {
        self.is_open || self.labels.contains_key(label)
    }

    /// Whether its series may have this value of the label.
    #[must_use]
    pub fn may_be(&self, label: &str, value: &str) -> bool {
        match self.labels.get(label) {
            Some(Some(known)) => known == value,
            Some(None) => true,
            None => self.is_open,
        }
    }
}

/// Everything that is scraped; `None` where something scrapes what nobody knows here.
#[must_use]
pub fn targets(input: &Input<'_>) -> Option<Vec<Target>> {
    let manifests = input.manifests;
    let mut others = ["ScrapeConfig", "Probe"].into_iter();
    if others.any(|kind| manifests.of_kind(kind).next().is_some()) {
        return None;
    }
    let mut found = Vec::new();
    for monitor in manifests.of_kind("ServiceMonitor") {
        for service in monitored(&input.services, monitor) {
            let mut pods = served(&input.pods, service.object);
            found.extend(of_service(monitor, service, pods.any(Pod::is_server)));
        }
    }
    for monitor in manifests.of_kind("PodMonitor") {
        for pod in pod_monitored(&input.pods, monitor) {
            found.extend(of_pod(monitor, pod));
        }
    }
    Some(found)
}

/// The targets of `service`, one for each endpoint of `monitor` that it has a port for.
fn of_service(monitor: &Object, service: &Service<'_>, is_server: bool) -> Vec<Target> {
    let mut known = taken(monitor.at("spec.targetLabels"), &service.labels);
    let own = &service.labels;
    let service = service.object;
    let job = named(monitor, own).unwrap_or(service.name());
    known.insert("job".to_owned(), Some(job.to_owned()));
    known.insert("service".to_owned(), Some(service.name().to_owned()));
    for label in monitor.at("spec.podTargetLabels").items() {
        known.insert(label_name(label.text().unwrap_or_default()), None);
    }
    let ports: BTreeSet<&str> = service
        .at("spec.ports")
        .items()
        .filter_map(|port| port.get("name").text())
        .collect();
    let endpoints = monitor.at("spec.endpoints").items();
    let endpoints = endpoints.filter(|endpoint| {
        let port = endpoint.get("port").text();
        port.is_none_or(|port| ports.contains(port))
    });
    endpoints
        .map(|endpoint| target(endpoint, service.namespace(), is_server, known.clone()))
        .collect()
}

/// The targets of `pod`, one for each endpoint of `monitor`.
fn of_pod<'m>(monitor: &'m Object, pod: &Pod<'m>) -> Vec<Target> {
    let mut known = taken(monitor.at("spec.podTargetLabels"), &pod.labels);
    let itself = format!("{}/{}", monitor.namespace(), monitor.name());
    let job = named(monitor, &pod.labels).map_or(itself, str::to_owned);
    known.insert("job".to_owned(), Some(job));
    let endpoints = monitor.at("spec.podMetricsEndpoints").items();
    endpoints
        .map(|endpoint| target(endpoint, pod.namespace(), pod.is_server(), known.clone()))
        .collect()
}

fn target<'m>(
    endpoint: At<'m>,
    namespace: &'m str,
    is_server: bool,
    mut known: BTreeMap<String, Option<String>>,
) -> Target {
    // Without a namespace nobody knows where it ends up.
    let written = Some(namespace.to_owned()).filter(|name| !name.is_empty());
    known.insert("namespace".to_owned(), written);
    known.extend(UNKNOWN.map(|label| (label.to_owned(), None)));
    // A server says of itself what it likes.
    let mut is_open = endpoint.get("honorLabels").is_true();
    for list in ["relabelings", "metricRelabelings"] {
        for relabeling in endpoint.get(list).items() {
            is_open |= relabeling.get("action").text() == Some("labelmap");
            let written = relabeling.get("targetLabel").text();
            known.extend(written.map(|label| (label.to_owned(), None)));
        }
    }
    Target {
        is_server,
        labels: known,
        is_open,
    }
}

/// The labels of `own` that `list` names, as Prometheus spells them; an empty one is none.
fn taken(list: At<'_>, own: &Labels<'_>) -> BTreeMap<String, Option<String>> {
    let names = list.items().filter_map(At::text);
    let found = names.filter_map(|name| {
        let value = own.get(name).filter(|value| !value.is_empty())?;
        Some((label_name(name), Some(value.to_owned())))
    });
    found.collect()
}

/// What `jobLabel` of `monitor` names in `own`.
fn named<'m>(monitor: &Object, own: &Labels<'m>) -> Option<&'m str> {
    let label = monitor.at("spec.jobLabel").text()?;
    own.get(label).filter(|value| !value.is_empty())
}
