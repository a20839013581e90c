//! What Prometheus scrapes: one ServiceMonitor for the whole set.
//!
//! Servers of one set may serve metrics on other ports and paths, and a target that answers 404
//! is an alert. So a Service says by a label which of its ports is scraped, and by an annotation at
//! which path; a Service without the label is left alone.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, LabelSelectorRequirement};

use super::custom::{Custom, Endpoint, NamespaceSelector, Relabeling, ServiceMonitorSpec};
use super::{metadata, port};
use crate::model::{Metrics, Set};

/// On a Service: the name of the port that is scraped.
pub const PORT_LABEL: &str = "mcpset.dev/metrics-port";
/// On a Service: the path that is scraped.
pub const PATH_ANNOTATION: &str = "mcpset.dev/metrics-path";

/// [`PORT_LABEL`] as prometheus-operator's service discovery spells it.
const PORT_META_LABEL: &str = "__meta_kubernetes_service_label_mcpset_dev_metrics_port";
/// [`PATH_ANNOTATION`], likewise.
const PATH_META_LABEL: &str = "__meta_kubernetes_service_annotation_mcpset_dev_metrics_path";

/// The name of the Service port on which `metrics` are served.
pub fn port_name(metrics: &Metrics) -> &'static str {
    if metrics.own_port.is_some() {
        port::METRICS
    } else {
        port::HTTP
    }
}

/// ServiceMonitor of all servers that have metrics; `None` when none has.
pub fn service_monitor(set: &Set) -> Option<Custom<ServiceMonitorSpec>> {
    let monitoring = &set.platform.monitoring;
    let endpoints: Vec<Endpoint> = [port::HTTP, port::METRICS]
        .into_iter()
        .filter(|name| scraped(set).any(|metrics| port_name(metrics) == *name))
        .map(|name| endpoint(set, name))
        .collect();
    if endpoints.is_empty() {
        return None;
    }
    let mut object_metadata = set.metadata(&set.names.monitor, &monitoring.namespace);
    object_metadata
        .labels
        .get_or_insert_default()
        .extend(metadata::texts(&monitoring.labels));
    Some(Custom {
        api_version: "monitoring.coreos.com/v1",
        kind: "ServiceMonitor",
        metadata: object_metadata,
        spec: ServiceMonitorSpec {
            namespace_selector: NamespaceSelector {
                match_names: vec![set.namespace.to_string()],
            },
            selector: LabelSelector {
                match_labels: Some(set.match_labels()),
                match_expressions: Some(vec![LabelSelectorRequirement {
                    key: PORT_LABEL.into(),
                    operator: "Exists".into(),
                    values: None,
                }]),
            },
            // A kustomization may rename the Service; the rules know its first name.
            job_label: metadata::NAME,
            // The dashboard shows this set and no other of the namespace.
            target_labels: vec![metadata::PART_OF],
            endpoints,
        },
    })
}

fn scraped(set: &Set) -> impl Iterator<Item = &Metrics> {
    set.servers
        .iter()
        .filter_map(|server| server.metrics.as_ref())
}

fn endpoint(set: &Set, port_name: &'static str) -> Endpoint {
    Endpoint {
        port: port_name,
        path: None,
        interval: set.platform.monitoring.interval.to_string(),
        scrape_timeout: set.platform.monitoring.timeout.to_string(),
        relabelings: vec![
            // A server whose metrics have a port of their own has an `http` port as well.
            Relabeling {
                source_labels: vec![PORT_META_LABEL],
                regex: Some(port_name),
                action: Some("keep"),
                ..Relabeling::default()
            },
            Relabeling {
                source_labels: vec![PATH_META_LABEL],
                target_label: Some("__metrics_path__"),
                action: Some("replace"),
                ..Relabeling::default()
            },
            // The operator's own target label would rename `mcp_api_calls_total{endpoint}`.
            Relabeling {
                regex: Some("endpoint"),
                action: Some("labeldrop"),
                ..Relabeling::default()
            },
        ],
    }
}
