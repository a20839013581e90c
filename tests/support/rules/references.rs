//! What one object says of another.

use std::collections::BTreeSet;

use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscaler;
use k8s_openapi::api::core::v1::{Service, ServiceAccount};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use serde_json::{Value, json};

use crate::support::bundle::{Bundle, name, selects};
use crate::support::config;
use crate::support::rule::Rule;

const GITHUB: &str = "tools-github";

pub const RULES: &[Rule] = &[
    Rule {
        name: "a Deployment selects its own pods and no others",
        violations: deployments,
        broken_by: |bundle| {
            let pointer = "/spec/selector/matchLabels/app.kubernetes.io~1version";
            bundle.set("Deployment", GITHUB, pointer, json!("1"));
        },
    },
    Rule {
        name: "an autoscaler scales the Deployment of its name, which says no number itself",
        violations: scalers,
        broken_by: |bundle| bundle.set("Deployment", "tools-s3", "/spec/replicas", json!(2)),
    },
    Rule {
        name: "spread and affinity count the server's own pods",
        violations: placement,
        broken_by: |bundle| {
            let pointer = "/spec/template/spec/topologySpreadConstraints/0/labelSelector";
            bundle.set(
                "Deployment",
                GITHUB,
                pointer,
                json!({"matchLabels": {"team": "platform"}}),
            );
        },
    },
    Rule {
        name: "a Service selects the pods of its server and no others",
        violations: services,
        broken_by: |bundle| {
            bundle.set(
                "Service",
                GITHUB,
                "/spec/selector",
                json!({"team": "platform"}),
            );
        },
    },
    Rule {
        name: "a Service port has the name and number of the container port behind it",
        violations: service_ports,
        broken_by: |bundle| bundle.set("Service", GITHUB, "/spec/ports/0/port", json!(80)),
    },
    Rule {
        name: "a pod's ServiceAccount is part of the bundle",
        violations: service_accounts,
        broken_by: |bundle| bundle.drop_object("ServiceAccount", "tools-s3-sa"),
    },
    Rule {
        name: "a Secret or ConfigMap that a pod needs is written, unless the config has it elsewhere",
        violations: keys,
        broken_by: |bundle| bundle.remove("ExternalSecret", "tools-github-secrets", "/spec/data/2"),
    },
    Rule {
        name: "every key that is fetched from the store reaches the process",
        violations: unused,
        broken_by: |bundle| {
            let pointer = "/spec/template/spec/volumes/3/secret/items";
            bundle.set("Deployment", GITHUB, pointer, json!([]));
        },
    },
    Rule {
        name: "Gatekeeper's constraint lets every image of the bundle in",
        violations: allowed,
        broken_by: |bundle| {
            let name = "tools-allowed-repos";
            bundle.set(
                "K8sAllowedRepos",
                name,
                "/spec/parameters/repos",
                json!(["a/"]),
            );
        },
    },
];

fn scalers(bundle: &Bundle) -> Vec<String> {
    let pods = bundle.pods();
    let scaled = |name: &String| {
        let pod = pods.iter().find(|pod| pod.name == *name);
        pod.is_some_and(|pod| pod.deployment.spec.as_ref().unwrap().replicas.is_none())
    };
    let scalers = bundle.all::<HorizontalPodAutoscaler>().into_iter();
    let wrong = scalers.filter(|scaler| {
        let target = &scaler.spec.scale_target_ref;
        target.kind != "Deployment" || target.name != name(scaler) || !scaled(&target.name)
    });
    let mut violations: Vec<String> = wrong.map(|scaler| name(&scaler)).collect();
    let names: Vec<String> = bundle
        .all::<HorizontalPodAutoscaler>()
        .iter()
        .map(name)
        .collect();
    violations.extend(
        pods.iter()
            .map(|pod| &pod.name)
            .filter(|name| scaled(name) && !names.contains(name))
            .cloned(),
    );
    violations
}

/// The names of the Deployments whose pods `selector` finds in `namespace`.
pub fn selected(bundle: &Bundle, namespace: &str, selector: &LabelSelector) -> Vec<String> {
    bundle
        .pods()
        .into_iter()
        .filter(|pod| pod.namespace == namespace && selects(selector, &pod.labels))
        .map(|pod| pod.name)
        .collect()
}

/// Says so when `selector` of `owner` finds other pods than those of the Deployment `wanted`.
fn selects_only(
    bundle: &Bundle,
    namespace: &str,
    selector: &LabelSelector,
    wanted: &str,
) -> Option<String> {
    let found = selected(bundle, namespace, selector);
    (found != [wanted]).then(|| format!("{wanted}: pods of {found:?} are selected"))
}

fn deployments(bundle: &Bundle) -> Vec<String> {
    let pods = bundle.pods();
    let check = |pod: &crate::support::bundle::Pod| {
        let selector = &pod.deployment.spec.as_ref().unwrap().selector;
        selects_only(bundle, &pod.namespace, selector, &pod.name)
    };
    pods.iter().filter_map(check).collect()
}

fn placement(bundle: &Bundle) -> Vec<String> {
    let mut violations = Vec::new();
    for pod in bundle.pods() {
        let spread = pod.spec.topology_spread_constraints.iter().flatten();
        let mut selectors: Vec<_> = spread.filter_map(|s| s.label_selector.clone()).collect();
        let anti = pod
            .spec
            .affinity
            .and_then(|affinity| affinity.pod_anti_affinity);
        let terms = anti.and_then(|a| a.preferred_during_scheduling_ignored_during_execution);
        let terms = terms.into_iter().flatten();
        selectors.extend(terms.filter_map(|term| term.pod_affinity_term.label_selector));
        for selector in selectors {
            violations.extend(selects_only(bundle, &pod.namespace, &selector, &pod.name));
        }
    }
    violations
}

fn services(bundle: &Bundle) -> Vec<String> {
    let mut violations = Vec::new();
    for service in bundle.all::<Service>() {
        let selector = LabelSelector {
            match_labels: service.spec.as_ref().and_then(|spec| spec.selector.clone()),
            ..LabelSelector::default()
        };
        let namespace = service.metadata.namespace.clone().unwrap_or_default();
        violations.extend(selects_only(bundle, &namespace, &selector, &name(&service)));
    }
    violations
}

fn service_ports(bundle: &Bundle) -> Vec<String> {
    let pods = bundle.pods();
    let mut violations = Vec::new();
    for service in bundle.all::<Service>() {
        let pod = pods.iter().find(|pod| pod.name == name(&service)).unwrap();
        for port in service
            .spec
            .iter()
            .flat_map(|spec| spec.ports.iter().flatten())
        {
            let target = port.name.clone().map(IntOrString::String);
            let behind = pod
                .container()
                .ports
                .iter()
                .flatten()
                .any(|container_port| {
                    container_port.name == port.name
                        && container_port.container_port == port.port
                        && container_port.protocol == port.protocol
                });
            if !behind || port.target_port != target {
                violations.push(format!("{}: {port:?}", name(&service)));
            }
        }
    }
    violations
}

fn service_accounts(bundle: &Bundle) -> Vec<String> {
    let accounts: BTreeSet<_> = bundle
        .all::<ServiceAccount>()
        .iter()
        .map(|account| {
            (
                account.metadata.namespace.clone().unwrap_or_default(),
                name(account),
            )
        })
        .collect();
    let missing = |pod: &crate::support::bundle::Pod| {
        let account = pod.spec.service_account_name.clone().unwrap_or_default();
        let id = (pod.namespace.clone(), account);
        (!accounts.contains(&id)).then(|| format!("{} needs {id:?}", pod.name))
    };
    bundle.pods().iter().filter_map(missing).collect()
}

type Key = (&'static str, String, String);

/// Every key of a Secret or ConfigMap that the bundle brings.
fn brought(bundle: &Bundle) -> BTreeSet<Key> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut keys = BTreeSet::new();
    for secret in bundle.of_kind("ExternalSecret") {
        let target = text(&secret["spec"]["target"]["name"]);
        for item in secret["spec"]["data"].as_array().into_iter().flatten() {
            keys.insert(("Secret", target.clone(), text(&item["secretKey"])));
        }
    }
    // Grafana's sidecar reads the dashboard, and Flux the values of LiteLLM's chart: no pod of ours.
    let is_mounted = |map: &&Value| {
        let name = text(&map["metadata"]["name"]);
        !name.ends_with("-dashboard") && !name.ends_with("-litellm")
    };
    for map in bundle.of_kind("ConfigMap").into_iter().filter(is_mounted) {
        for key in map["data"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(key, _)| key)
        {
            keys.insert(("ConfigMap", text(&map["metadata"]["name"]), key.clone()));
        }
    }
    keys
}

/// Every key of a Secret or ConfigMap that a pod needs. A volume without items needs every key.
fn needed(bundle: &Bundle) -> BTreeSet<Key> {
    let brought = brought(bundle);
    let mut keys = BTreeSet::new();
    for pod in bundle.pods() {
        for variable in pod.container().env.iter().flatten() {
            let from = variable.value_from.clone().unwrap_or_default();
            if let Some(key) = from.secret_key_ref {
                keys.insert(("Secret", key.name, key.key));
            }
            if let Some(key) = from.config_map_key_ref {
                keys.insert(("ConfigMap", key.name, key.key));
            }
        }
        for volume in pod.spec.volumes.iter().flatten() {
            let (kind, name, items) = match (&volume.secret, &volume.config_map) {
                (Some(secret), _) => {
                    let name = secret.secret_name.clone().unwrap_or_default();
                    ("Secret", name, &secret.items)
                }
                (_, Some(map)) => ("ConfigMap", map.name.clone(), &map.items),
                _ => continue,
            };
            let all = brought.iter().filter(|key| key.0 == kind && key.1 == name);
            let before = keys.len();
            match items {
                Some(items) => {
                    keys.extend(
                        items
                            .iter()
                            .map(|item| (kind, name.clone(), item.key.clone())),
                    );
                }
                None => keys.extend(all.cloned()),
            }
            if items.is_none() && keys.len() == before {
                keys.insert((kind, name, "any".into()));
            }
        }
    }
    keys
}

fn keys(bundle: &Bundle) -> Vec<String> {
    let brought = brought(bundle);
    let outside = config::outside(&bundle.config);
    needed(bundle)
        .into_iter()
        .filter(|key| !brought.contains(key) && !outside.contains(&(key.0, key.1.clone())))
        .map(|key| format!("{key:?} is nowhere"))
        .collect()
}

fn unused(bundle: &Bundle) -> Vec<String> {
    let needed = needed(bundle);
    let spare = brought(bundle)
        .into_iter()
        .filter(|key| !needed.contains(key));
    spare
        .map(|key| format!("{key:?} is needed by nobody"))
        .collect()
}

fn allowed(bundle: &Bundle) -> Vec<String> {
    let mut violations = Vec::new();
    for constraint in bundle.of_kind("K8sAllowedRepos") {
        let repos = constraint["spec"]["parameters"]["repos"]
            .as_array()
            .unwrap();
        for pod in bundle.pods() {
            let image = pod.container().image.clone().unwrap_or_default();
            let is_allowed = |repo: &Value| image.starts_with(repo.as_str().unwrap());
            if !repos.iter().any(is_allowed) {
                violations.push(format!("{image} is none of {repos:?}"));
            }
        }
    }
    violations
}
