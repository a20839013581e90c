//! `monitoring.coreos.com/v1` `ServiceMonitor`.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use serde::Serialize;

/// Which Services are scraped, and how.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceMonitorSpec {
    /// Where they are.
    pub namespace_selector: NamespaceSelector,
    /// Which they are.
    pub selector: LabelSelector,
    /// The label of a Service whose value is its targets' `job`.
    pub job_label: &'static str,
    /// Labels of the Services that become labels of every series.
    pub target_labels: Vec<&'static str>,
    /// How each is scraped.
    pub endpoints: Vec<Endpoint>,
}

/// Namespaces by name.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NamespaceSelector {
    /// Their names.
    pub match_names: Vec<String>,
}

/// One port of the selected Services.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Endpoint {
    /// The Service port's name.
    pub port: &'static str,
    /// The path; absent when a relabeling sets it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Time between two scrapes.
    pub interval: String,
    /// How long a scrape may take.
    pub scrape_timeout: String,
    /// What happens to a target's labels before the scrape.
    pub relabelings: Vec<Relabeling>,
}

/// Prometheus' `relabel_config`.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Relabeling {
    /// Labels whose values are matched.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub source_labels: Vec<&'static str>,
    /// What they must match.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub regex: Option<&'static str>,
    /// The label that is set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_label: Option<&'static str>,
    /// What is done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<&'static str>,
}
