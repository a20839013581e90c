//! What stands between a ServiceMonitor and a scrape in a cluster: Prometheus' discovery, which
//! gives every port of every pod labels, and prometheus-operator, which makes a scrape
//! configuration of the monitor.
//!
//! Both are reproduced from their sources (prometheus-operator 0.93, Prometheus 3), because the
//! labels of every series follow from them. What a monitor may say and this does not know is a
//! panic, so that nothing is left out silently.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use k8s_openapi::api::core::v1::{ContainerPort, Service};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta};
use serde_json::{Map, Value, json};

use crate::support::bundle::{Bundle, Pod, selects};

/// Time between scrapes and between evaluations of rules, whatever the objects say: a rate needs
/// several scrapes, and nobody waits for several of 30 seconds.
pub const INTERVAL: &str = "1s";

/// Where Prometheus learns of pods; the operator's `serviceDiscoveryRole`.
#[derive(Clone, Copy, Debug)]
pub enum Role {
    /// Endpoints objects, the operator's default.
    Endpoints,
    /// EndpointSlices, which follow them.
    EndpointSlice,
}

impl Role {
    fn prefix(self) -> &'static str {
        match self {
            Self::Endpoints => "__meta_kubernetes_endpoint",
            Self::EndpointSlice => "__meta_kubernetes_endpointslice",
        }
    }
}

/// What discovery finds of the bundle's Services: a static configuration for each port of each
/// pod, with the meta labels that Kubernetes' own would have. `pods` says how many a Deployment has,
/// and `address` where a named port of one of them is.
pub fn targets(
    bundle: &Bundle,
    role: Role,
    pods: impl Fn(&str) -> u32,
    mut address: impl FnMut(&str, &str) -> SocketAddr,
) -> Vec<Value> {
    let mut targets = Vec::new();
    let workloads = bundle.pods();
    for service in bundle.all::<Service>() {
        let selector = LabelSelector {
            match_labels: service.spec.as_ref().unwrap().selector.clone(),
            match_expressions: None,
        };
        let selected = |workload: &&Pod| selects(&selector, &workload.labels);
        for workload in workloads.iter().filter(selected) {
            for replica in 0..pods(&workload.name) {
                for port in workload.container().ports.iter().flatten() {
                    let address = address(&workload.name, port.name.as_deref().unwrap());
                    let mut labels = meta("service", &service.metadata);
                    labels.extend(pod_labels(workload, replica, port));
                    if serves(&service, port) {
                        labels.extend(endpoint_labels(workload, replica, port, role));
                    }
                    targets.push(json!({"targets": [address.to_string()], "labels": labels}));
                }
            }
        }
    }
    targets
}

/// Whether the Service has the port. Others of its pods are discovered as well, but not as its own.
fn serves(service: &Service, port: &ContainerPort) -> bool {
    let ports = service.spec.iter().flat_map(|spec| &spec.ports).flatten();
    ports.into_iter().any(|served| served.name == port.name)
}

fn endpoint_labels(workload: &Pod, replica: u32, port: &ContainerPort, role: Role) -> Labels {
    [
        ("port_name", port.name.clone().unwrap()),
        ("port_protocol", "TCP".into()),
        ("address_target_kind", "Pod".into()),
        ("address_target_name", pod_name(workload, replica)),
    ]
    .map(|(key, value)| (format!("{}_{key}", role.prefix()), value))
    .into()
}

fn pod_name(workload: &Pod, replica: u32) -> String {
    format!("{}-5d4f8c7b9d-{replica:05}", workload.name)
}

fn pod_labels(workload: &Pod, replica: u32, port: &ContainerPort) -> Labels {
    let container = workload.container();
    let metadata = ObjectMeta {
        name: Some(pod_name(workload, replica)),
        labels: Some(workload.labels.clone()),
        annotations: Some(workload.annotations.clone()),
        ..ObjectMeta::default()
    };
    let mut labels = meta("pod", &metadata);
    labels.extend(
        [
            ("namespace", workload.namespace.clone()),
            ("pod_phase", "Running".into()),
            ("pod_ready", "true".into()),
            ("pod_container_name", container.name.clone()),
            ("pod_container_port_name", port.name.clone().unwrap()),
            ("pod_container_port_number", port.container_port.to_string()),
        ]
        .map(|(key, value)| (format!("__meta_kubernetes_{key}"), value)),
    );
    labels
}

type Labels = BTreeMap<String, String>;

/// The meta labels of an object: its name, labels and annotations.
fn meta(of: &str, metadata: &ObjectMeta) -> Labels {
    let prefix = format!("__meta_kubernetes_{of}");
    let mut meta = Labels::new();
    meta.insert(
        format!("{prefix}_name"),
        metadata.name.clone().unwrap_or_default(),
    );
    for (kind, entries) in [
        ("label", &metadata.labels),
        ("annotation", &metadata.annotations),
    ] {
        for (key, value) in entries.iter().flatten() {
            let key = sanitized(key);
            meta.insert(format!("{prefix}_{kind}_{key}"), value.clone());
            meta.insert(format!("{prefix}_{kind}present_{key}"), "true".into());
        }
    }
    meta
}

/// A key as it may stand in a label's name.
fn sanitized(key: &str) -> String {
    key.replace(|c: char| !c.is_ascii_alphanumeric() && c != '_', "_")
}

/// What prometheus-operator writes for the endpoints of `monitor`, over `targets` of all
/// namespaces. Left out is its sharding, which keeps everything where there is one Prometheus.
pub fn scrape_configs(monitor: &Value, role: Role, targets: &[Value]) -> Vec<Value> {
    let spec = &monitor["spec"];
    known(
        spec,
        &[
            "namespaceSelector",
            "selector",
            "targetLabels",
            "jobLabel",
            "endpoints",
        ],
    );
    known(&spec["namespaceSelector"], &["matchNames"]);
    let namespaces = spec["namespaceSelector"]["matchNames"].as_array().unwrap();
    let targets: Vec<_> = targets
        .iter()
        .filter(|target| namespaces.contains(&target["labels"]["__meta_kubernetes_namespace"]))
        .collect();
    let endpoints = spec["endpoints"].as_array().unwrap().iter().enumerate();
    endpoints
        .map(|(index, endpoint)| {
            known(
                endpoint,
                &["port", "path", "interval", "scrapeTimeout", "relabelings"],
            );
            let id = &monitor["metadata"];
            let [namespace, name] = ["namespace", "name"].map(|key| id[key].as_str().unwrap());
            let mut config = json!({
                "job_name": format!("serviceMonitor/{namespace}/{name}/{index}"),
                "honor_labels": false,
                "scrape_interval": INTERVAL,
                "scrape_timeout": INTERVAL,
                "static_configs": targets,
                "relabel_configs": relabel_configs(spec, endpoint, role),
            });
            if let Some(path) = endpoint.get("path") {
                config["metrics_path"] = path.clone();
            }
            config
        })
        .collect()
}

fn relabel_configs(spec: &Value, endpoint: &Value, role: Role) -> Vec<Value> {
    let port = &endpoint["port"];
    let role = role.prefix();
    let target = [
        format!("{role}_address_target_kind"),
        format!("{role}_address_target_name"),
    ];
    let copy = |from: &str, to: &str| json!({"source_labels": [format!("__meta_kubernetes_{from}")], "target_label": to});
    let mut relabelings = vec![json!({
        "source_labels": ["job"],
        "target_label": "__tmp_prometheus_job_name",
    })];
    relabelings.extend(selector(&spec["selector"]));
    relabelings.extend([
        json!({"action": "keep", "source_labels": [format!("{role}_port_name")], "regex": port}),
        json!({"source_labels": target, "separator": ";", "regex": "Node;(.*)", "replacement": "${1}", "target_label": "node"}),
        json!({"source_labels": target, "separator": ";", "regex": "Pod;(.*)", "replacement": "${1}", "target_label": "pod"}),
        copy("namespace", "namespace"),
        copy("service_name", "service"),
        copy("pod_name", "pod"),
        copy("pod_container_name", "container"),
        json!({"action": "drop", "source_labels": ["__meta_kubernetes_pod_phase"], "regex": "(Failed|Succeeded)"}),
        json!({"source_labels": ["__meta_kubernetes_service_name"], "target_label": "job", "replacement": "${1}"}),
    ]);
    for label in spec["targetLabels"].as_array().into_iter().flatten() {
        let label = sanitized(label.as_str().unwrap());
        relabelings.push(json!({
            "source_labels": [format!("__meta_kubernetes_service_label_{label}")],
            "target_label": label,
            "regex": "(.+)",
            "replacement": "${1}",
        }));
    }
    if let Some(label) = spec["jobLabel"].as_str() {
        relabelings.push(json!({
            "source_labels": [format!("__meta_kubernetes_service_label_{}", sanitized(label))],
            "target_label": "job",
            "regex": "(.+)",
            "replacement": "${1}",
        }));
    }
    relabelings.push(json!({"target_label": "endpoint", "replacement": port}));
    let own = endpoint["relabelings"].as_array().into_iter().flatten();
    relabelings.extend(own.map(relabeling));
    relabelings
}

/// Only Services with these labels.
fn selector(selector: &Value) -> Vec<Value> {
    known(selector, &["matchLabels", "matchExpressions"]);
    let label =
        |kind: &str, key: &str| format!("__meta_kubernetes_service_{kind}_{}", sanitized(key));
    let mut relabelings = Vec::new();
    for (key, value) in selector["matchLabels"].as_object().into_iter().flatten() {
        let value = value.as_str().unwrap();
        relabelings.push(json!({
            "action": "keep",
            "source_labels": [label("label", key), label("labelpresent", key)],
            "regex": format!("({value});true"),
        }));
    }
    for expression in selector["matchExpressions"]
        .as_array()
        .into_iter()
        .flatten()
    {
        assert_eq!(expression["operator"], "Exists", "{expression}");
        let key = expression["key"].as_str().unwrap();
        relabelings.push(json!({
            "action": "keep",
            "source_labels": [label("labelpresent", key)],
            "regex": "true",
        }));
    }
    relabelings
}

/// A relabeling of the monitor in Prometheus' spelling.
fn relabeling(written: &Value) -> Value {
    let fields = written.as_object().unwrap().iter().map(|(key, value)| {
        let key = match key.as_str() {
            "sourceLabels" => "source_labels",
            "targetLabel" => "target_label",
            "separator" | "regex" | "modulus" | "replacement" | "action" => key,
            unknown => panic!("what does `{unknown}` say?"),
        };
        (key.to_owned(), value.clone())
    });
    Value::Object(fields.collect::<Map<_, _>>())
}

fn known(value: &Value, fields: &[&str]) {
    for field in value.as_object().unwrap().keys() {
        assert!(fields.contains(&field.as_str()), "what does `{field}` say?");
    }
}
