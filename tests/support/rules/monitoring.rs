//! What Prometheus finds.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::Service;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use serde_json::{Value, json};

use crate::support::bundle::{Bundle, name, selects};
use crate::support::config;
use crate::support::rule::Rule;

pub const RULES: &[Rule] = &[
    Rule {
        name: "the ServiceMonitor selects the Services with metrics and no others",
        violations: monitored,
        broken_by: |bundle| {
            let pointer = "/metadata/labels/mcpset.dev~1metrics-port";
            bundle.set("Service", "tools-s3", pointer, json!("http"));
        },
    },
    Rule {
        name: "the ServiceMonitor keeps one target of each Service, at the path it is served at",
        violations: scraped,
        broken_by: |bundle| {
            let pointer = "/spec/endpoints/0/relabelings/0/regex";
            bundle.set("ServiceMonitor", "tools-servers", pointer, json!("http"));
        },
    },
];

/// The Services that the ServiceMonitors of the bundle select.
fn monitored_services(bundle: &Bundle) -> Vec<(Service, &Value)> {
    let mut found = Vec::new();
    for monitor in bundle.of_kind("ServiceMonitor") {
        let spec = &monitor["spec"];
        let selector: LabelSelector = serde_json::from_value(spec["selector"].clone()).unwrap();
        for service in bundle.all::<Service>() {
            let namespace = json!(service.metadata.namespace);
            let namespaces = spec["namespaceSelector"]["matchNames"].as_array().unwrap();
            let labels = service.metadata.labels.clone().unwrap_or_default();
            if namespaces.contains(&namespace) && selects(&selector, &labels) {
                found.push((service, monitor));
            }
        }
    }
    found
}

fn monitored(bundle: &Bundle) -> Vec<String> {
    let found = monitored_services(bundle)
        .into_iter()
        .map(|(service, _)| name(&service));
    let found: Vec<_> = found.collect();
    let wanted = config::servers(&bundle.config).into_iter();
    let wanted: Vec<_> = wanted
        .filter(config::Server::has_metrics)
        .map(|s| s.workload())
        .collect();
    (found != wanted)
        .then(|| format!("{found:?} are monitored, {wanted:?} have metrics"))
        .into_iter()
        .collect()
}

/// Plays prometheus-operator's relabelings for every port of every selected Service.
fn scraped(bundle: &Bundle) -> Vec<String> {
    let mut violations = Vec::new();
    let servers = config::servers(&bundle.config);
    for (service, monitor) in monitored_services(bundle) {
        let server = servers
            .iter()
            .find(|server| server.workload() == name(&service));
        let metrics = server.and_then(|server| server.field("metrics"));
        let own_port = metrics.and_then(|metrics| metrics["port"].as_i64());
        let path = metrics
            .and_then(|metrics| metrics["path"].as_str())
            .unwrap_or("/metrics");
        let mut targets = Vec::new();
        for port in service
            .spec
            .iter()
            .flat_map(|spec| spec.ports.iter().flatten())
        {
            for endpoint in monitor["spec"]["endpoints"].as_array().unwrap() {
                if json!(port.name) == endpoint["port"] {
                    targets
                        .extend(target(&service, endpoint).map(|path| (port.name.clone(), path)));
                }
            }
        }
        let wanted = if own_port.is_some() {
            "metrics"
        } else {
            "http"
        };
        if targets != [(Some(wanted.to_owned()), path.to_owned())] {
            violations.push(format!(
                "{}: {targets:?}, not {wanted} {path}",
                name(&service)
            ));
        }
    }
    violations
}

/// The path that `endpoint` scrapes at `service`; `None` when the target is dropped.
fn target(service: &Service, endpoint: &Value) -> Option<String> {
    let meta = |prefix: &str, named: &Option<BTreeMap<String, String>>| {
        let sanitized = |key: &str| key.replace(|c: char| !c.is_ascii_alphanumeric(), "_");
        let named = named.clone().into_iter().flatten();
        named
            .map(|(key, value)| (format!("{prefix}_{}", sanitized(&key)), value))
            .collect::<Vec<_>>()
    };
    let mut labels = meta("__meta_kubernetes_service_label", &service.metadata.labels);
    labels.extend(meta(
        "__meta_kubernetes_service_annotation",
        &service.metadata.annotations,
    ));
    let mut path = endpoint["path"].as_str().unwrap_or("/metrics").to_owned();
    for relabeling in endpoint["relabelings"].as_array().unwrap() {
        let source = relabeling["sourceLabels"][0].as_str().unwrap_or_default();
        let value = labels
            .iter()
            .find(|(name, _)| name == source)
            .map(|(_, value)| value.as_str());
        let value = value.unwrap_or_default();
        match relabeling["action"].as_str() {
            Some("keep") if relabeling["regex"] != value => return None,
            Some("replace") => {
                assert_eq!(relabeling["targetLabel"], "__metrics_path__");
                value.clone_into(&mut path);
            }
            Some("keep" | "labeldrop") => {}
            action => panic!("{action:?}"),
        }
    }
    Some(path)
}
