//! `grafana.integreatly.org/v1beta1` `GrafanaDashboard`.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use serde::Serialize;

/// A dashboard, and which Grafana shows it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GrafanaDashboardSpec {
    /// The `Grafana` objects that show it.
    pub instance_selector: LabelSelector,
    /// The dashboard.
    pub json: String,
}
