//! How the dashboard reaches Grafana: one object a set, its JSON on one line.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::ConfigMap;

use super::Object;
use super::custom::{Custom, GrafanaDashboardSpec};
use super::metadata::{match_labels, texts};
use crate::dashboard;
use crate::model::{DashboardObject, Set};

/// Whether Flux puts variables into an object (Flux, kustomize-controller, "Post build variable
/// substitution").
pub(super) const FLUX_SUBSTITUTE: &str = "kustomize.toolkit.fluxcd.io/substitute";

/// ConfigMap or GrafanaDashboard of `set`.
pub fn dashboard_object(set: &Set, how: &DashboardObject) -> Object {
    let mut metadata = set.metadata(&set.names.dashboard, &set.platform.monitoring.namespace);
    // Flux would put its own variables into `${datasource}`.
    let annotations = metadata.annotations.get_or_insert_default();
    annotations.insert(FLUX_SUBSTITUTE.into(), "disabled".into());
    let json = dashboard::compact(&dashboard::dashboard(set));
    match how {
        DashboardObject::ConfigMap { labels, file } => {
            let own = metadata.labels.get_or_insert_default();
            own.extend(texts(labels));
            Object::ConfigMap(ConfigMap {
                metadata,
                data: Some(BTreeMap::from([(file.to_string(), json)])),
                ..ConfigMap::default()
            })
        }
        DashboardObject::GrafanaDashboard { instance } => Object::GrafanaDashboard(Custom {
            api_version: "grafana.integreatly.org/v1beta1",
            kind: "GrafanaDashboard",
            metadata,
            spec: GrafanaDashboardSpec {
                instance_selector: match_labels(texts(instance)),
                json,
            },
        }),
    }
}
