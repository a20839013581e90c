//! Which ports of a pod Prometheus scrapes, by the monitors of the input.

use std::collections::HashMap;

use crate::check::conventions::label_name;
use crate::check::input::Input;
use crate::check::references::{monitored, pod_monitored, served};
use crate::manifest::{At, Object, Pod};

/// Prometheus' name for a Service's label, without the label's own.
const LABEL: &str = "__meta_kubernetes_service_label_";

/// A port that is scraped.
#[derive(Debug, Clone, Copy)]
pub struct Scraped<'m> {
    /// The ServiceMonitor or PodMonitor.
    pub monitor: &'m Object,
    /// The container's port.
    pub port: u16,
    /// The path; `None` where the monitor says none.
    pub path: Option<&'m str>,
}

/// What Prometheus scrapes, by the id of the workload.
#[derive(Debug, Default)]
pub struct Scrapes<'m>(HashMap<(&'m str, &'m str, &'m str), Vec<Scraped<'m>>>);

impl<'m> Scrapes<'m> {
    /// What the monitors of `input` find.
    pub fn of(input: &'m Input<'m>) -> Self {
        let (manifests, pods) = (input.manifests, &input.pods);
        let mut scrapes = Self::default();
        for monitor in manifests.of_kind("ServiceMonitor") {
            for service in monitored(&input.services, monitor).map(|service| service.object) {
                for endpoint in monitor.at("spec.endpoints").items() {
                    if keeps(endpoint, service) {
                        for pod in served(pods, service) {
                            scrapes.add((monitor, endpoint), pod, behind(endpoint, service, pod));
                        }
                    }
                }
            }
        }
        for monitor in manifests.of_kind("PodMonitor") {
            for pod in pod_monitored(pods, monitor) {
                for endpoint in monitor.at("spec.podMetricsEndpoints").items() {
                    scrapes.add((monitor, endpoint), pod, direct(endpoint, pod));
                }
            }
        }
        scrapes
    }

    fn add(
        &mut self,
        (monitor, endpoint): (&'m Object, At<'m>),
        pod: &'m Pod<'m>,
        port: Option<u16>,
    ) {
        let known = self.0.entry(pod.workload.id()).or_default();
        if let Some(port) = port
            && !known.iter().any(|known| known.port == port)
        {
            known.push(Scraped {
                monitor,
                port,
                path: endpoint.get("path").text(),
            });
        }
    }

    /// The ports of `pod` that are scraped.
    pub fn of_pod(&self, pod: &Pod<'m>) -> &[Scraped<'m>] {
        let known = self.0.get(&pod.workload.id());
        known.map_or(&[], Vec::as_slice)
    }
}

/// Whether no relabeling drops the target: one that keeps what has a label of the Service is
/// understood, and what is not understood is taken to drop it.
fn keeps(endpoint: At<'_>, service: &Object) -> bool {
    let labels = service.at("metadata.labels");
    endpoint
        .get("relabelings")
        .items()
        .all(|relabeling| match relabeling.get("action").text() {
            Some("keep") => {
                let source = relabeling.get("sourceLabels").items().next();
                let label = source
                    .and_then(At::text)
                    .and_then(|name| name.strip_prefix(LABEL));
                let wanted = relabeling.get("regex").text();
                let mut entries = labels.entries();
                entries.any(|(key, value)| {
                    Some(label_name(key).as_str()) == label && value.text() == wanted
                })
            }
            Some("drop") => false,
            _ => true,
        })
}

/// The container's port behind the one of `service` that `endpoint` names.
fn behind(endpoint: At<'_>, service: &Object, pod: &Pod<'_>) -> Option<u16> {
    let named = endpoint.get("port").text();
    let mut ports = service.at("spec.ports").items();
    if named.is_none() {
        return number(endpoint.get("targetPort"), pod);
    }
    let port = ports.find(|port| port.get("name").text() == named)?;
    let target = port.get("targetPort");
    let target = if target.exists() {
        target
    } else {
        port.get("port")
    };
    number(target, pod)
}

/// The container's port that `endpoint` of a PodMonitor names.
fn direct(endpoint: At<'_>, pod: &Pod<'_>) -> Option<u16> {
    let fields = ["port", "portNumber", "targetPort"];
    let mut fields = fields.into_iter().map(|field| endpoint.get(field));
    number(fields.find(|field| field.exists())?, pod)
}

/// The port of `pod` that `at` gives by number or by name.
fn number(at: At<'_>, pod: &Pod<'_>) -> Option<u16> {
    if let Some(number) = at.number() {
        return number.try_into().ok();
    }
    let mut ports = pod.containers().flat_map(crate::manifest::Container::ports);
    let (number, _) = ports.find(|(_, name)| name.is_some() && *name == at.text())?;
    number.try_into().ok()
}
