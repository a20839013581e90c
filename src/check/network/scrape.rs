//! Which ports of a pod Prometheus scrapes, by the ServiceMonitors of the input.

use super::namespace;
use crate::manifest::{At, Manifests, Object, Pod, labels, selects};

/// Prometheus' name for a Service's label, without the label's own.
const LABEL: &str = "__meta_kubernetes_service_label_";

/// A port that is scraped.
#[derive(Debug, Clone, Copy)]
pub struct Scraped<'m> {
    /// The ServiceMonitor.
    pub monitor: &'m Object,
    /// The container's port.
    pub port: u16,
    /// The path; `None` where the ServiceMonitor says none.
    pub path: Option<&'m str>,
}

/// The ports of `pod` that are scraped.
#[must_use]
pub fn scraped<'m>(manifests: &'m Manifests, pod: &Pod<'m>) -> Vec<Scraped<'m>> {
    let own = namespace(pod.namespace());
    let services = manifests.of_kind("Service").filter(|service| {
        let selector = labels(service.at("spec.selector"));
        namespace(service.namespace()) == own
            && !selector.is_empty()
            && selector
                .iter()
                .all(|pair| pod.labels.get(pair.0) == Some(pair.1))
    });
    let services: Vec<&Object> = services.collect();
    let mut found: Vec<Scraped<'m>> = Vec::new();
    for monitor in manifests.of_kind("ServiceMonitor") {
        for service in services.iter().filter(|service| watches(monitor, service)) {
            for endpoint in monitor.at("spec.endpoints").items() {
                let port = keeps(endpoint, service).then(|| port(endpoint, service, pod));
                if let Some(port) = port.flatten()
                    && !found.iter().any(|known| known.port == port)
                {
                    let path = endpoint.get("path").text();
                    found.push(Scraped {
                        monitor,
                        port,
                        path,
                    });
                }
            }
        }
    }
    found
}

fn watches(monitor: &Object, service: &Object) -> bool {
    let namespaces = monitor.at("spec.namespaceSelector");
    let mut names = namespaces.get("matchNames").items();
    let own = namespace(service.namespace());
    let is_meant = if names.clone().next().is_some() {
        names.any(|name| name.text() == Some(own))
    } else {
        namespaces.get("any").is_true() || namespace(monitor.namespace()) == own
    };
    is_meant
        && selects(
            monitor.at("spec.selector"),
            &labels(service.at("metadata.labels")),
        )
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
                    Some(sanitised(key).as_str()) == label && value.text() == wanted
                })
            }
            Some("drop") => false,
            _ => true,
        })
}

/// A label's name as Prometheus spells it.
fn sanitised(key: &str) -> String {
    key.replace(|c: char| !c.is_ascii_alphanumeric(), "_")
}

/// The container's port behind the one that `endpoint` names.
fn port(endpoint: At<'_>, service: &Object, pod: &Pod<'_>) -> Option<u16> {
    let named = endpoint.get("port").text();
    let mut ports = service.at("spec.ports").items();
    let target = match named {
        Some(_) => {
            let port = ports.find(|port| port.get("name").text() == named)?;
            let target = port.get("targetPort");
            if target.exists() {
                target
            } else {
                port.get("port")
            }
        }
        None => endpoint.get("targetPort"),
    };
    if let Some(number) = target.number() {
        return number.try_into().ok();
    }
    let mut ports = pod.containers().flat_map(crate::manifest::Container::ports);
    let (number, _) = ports.find(|(_, name)| name.is_some() && *name == target.text())?;
    number.try_into().ok()
}
