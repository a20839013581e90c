//! What stands in a pod besides its files.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{Container, Probe, ResourceRequirements, Toleration};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use serde_json::{Value, json};

use crate::support::bundle::{Bundle, Pod};
use crate::support::quantity::quantity;
use crate::support::rule::Rule;

use super::names::{is_label, is_qualified, is_subdomain};
use super::repeated;

const DEPLOYMENT: &str = "Deployment";
const GITHUB: &str = "tools-github";
/// `progressDeadlineSeconds` of a Deployment that sets none.
const PROGRESS_DEADLINE: i32 = 600;
/// Fields that an environment variable may name (core validation,
/// `validEnvDownwardAPIFieldPathExpressions`).
const FIELDS: [&str; 9] = [
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
];

/// Sets a field of the first container of [`GITHUB`].
fn set(bundle: &mut Bundle, field: &str, value: Value) {
    let pointer = format!("/spec/template/spec/containers/0{field}");
    bundle.set(DEPLOYMENT, GITHUB, &pointer, value);
}

pub const RULES: &[Rule] = &[
    Rule {
        name: "no request is above its limit",
        violations: |bundle| each(bundle, |pod| requests(pod.container())),
        broken_by: |bundle| set(bundle, "/resources/requests/memory", json!("1025Mi")),
    },
    Rule {
        name: "resources are those of the API server, and extended ones are not overcommitted",
        violations: |bundle| each(bundle, |pod| resource_names(pod.container())),
        broken_by: |bundle| set(bundle, "/resources/limits/nvidia.com~1gpu", json!("2")),
    },
    Rule {
        name: "the preStop sleep is shorter than the grace period",
        violations: |bundle| each(bundle, pre_stop),
        broken_by: |bundle| set(bundle, "/lifecycle/preStop/sleep/seconds", json!(320)),
    },
    Rule {
        name: "liveness and startup probes succeed once, and no probe number is below its least",
        violations: |bundle| each(bundle, |pod| probe_numbers(pod.container())),
        broken_by: |bundle| set(bundle, "/livenessProbe/successThreshold", json!(2)),
    },
    Rule {
        name: "every probe asks one thing, of a declared port",
        violations: |bundle| each(bundle, |pod| probe_targets(pod.container())),
        broken_by: |bundle| set(bundle, "/readinessProbe/httpGet/port", json!("health")),
    },
    Rule {
        name: "a start may not take longer than the rollout waits",
        violations: |bundle| each(bundle, progress),
        broken_by: |bundle| set(bundle, "/startupProbe/failureThreshold", json!(1000)),
    },
    Rule {
        name: "environment variables have different names",
        violations: |bundle| {
            each(bundle, |pod| {
                repeated(pod.container().env.iter().flatten().map(|v| &v.name))
            })
        },
        broken_by: |bundle| set(bundle, "/env/0/name", json!("NODE_NAME")),
    },
    Rule {
        name: "every environment variable has a name for all and one valid source",
        violations: |bundle| each(bundle, |pod| env(pod.container())),
        broken_by: |bundle| {
            set(
                bundle,
                "/env/0/valueFrom/fieldRef/fieldPath",
                json!("metadata.labels['a b']"),
            );
        },
    },
    Rule {
        name: "container ports have different numbers and different names of at most 15 characters",
        violations: |bundle| each(bundle, |pod| ports(pod.container())),
        broken_by: |bundle| set(bundle, "/ports/1/containerPort", json!(3000)),
    },
    Rule {
        name: "the image is a reference with a tag",
        violations: |bundle| each(bundle, |pod| image(pod.container())),
        broken_by: |bundle| set(bundle, "/image", json!("ECR.io/Team/app:1")),
    },
    Rule {
        name: "tolerations are as the scheduler reads them",
        violations: |bundle| {
            each(bundle, |pod| {
                pod.spec
                    .tolerations
                    .iter()
                    .flatten()
                    .filter_map(toleration)
                    .collect()
            })
        },
        broken_by: |bundle| {
            let pointer = "/spec/template/spec/tolerations/0/effect";
            bundle.set(DEPLOYMENT, GITHUB, pointer, json!("NoSchedule"));
        },
    },
    Rule {
        name: "lists that server-side apply merges by key have different keys",
        violations: |bundle| each(bundle, list_maps),
        broken_by: |bundle| {
            let pointer = "/spec/template/spec/imagePullSecrets/-";
            bundle.set(
                DEPLOYMENT,
                GITHUB,
                pointer,
                json!({"name": "registry-credentials"}),
            );
        },
    },
    Rule {
        name: "a rollout can move, and never takes a pod away before its successor is ready",
        violations: |bundle| each(bundle, rollout),
        broken_by: |bundle| {
            bundle.set(
                DEPLOYMENT,
                GITHUB,
                "/spec/strategy/rollingUpdate/maxSurge",
                json!(0),
            );
        },
    },
];

fn each(bundle: &Bundle, check: impl Fn(&Pod) -> Vec<String>) -> Vec<String> {
    let named = |pod: &Pod| {
        let name = pod.name.clone();
        check(pod)
            .into_iter()
            .map(move |violation| format!("{name}: {violation}"))
    };
    bundle.pods().iter().flat_map(named).collect()
}

type Amounts = BTreeMap<String, Option<f64>>;

fn amounts(resources: &ResourceRequirements) -> (Amounts, Amounts) {
    let read = |named: &Option<BTreeMap<String, _>>| -> Amounts {
        let named = named.iter().flatten();
        named
            .map(
                |(name, amount): (
                    &String,
                    &k8s_openapi::apimachinery::pkg::api::resource::Quantity,
                )| { (name.clone(), quantity(&amount.0)) },
            )
            .collect()
    };
    (read(&resources.requests), read(&resources.limits))
}

fn requests(container: &Container) -> Vec<String> {
    let (requests, limits) = amounts(container.resources.as_ref().unwrap());
    let mut violations = Vec::new();
    for (name, request) in requests {
        match (request, limits.get(&name)) {
            (None, _) | (_, Some(None)) => violations.push(format!("{name} is no quantity")),
            (Some(request), Some(Some(limit))) if request > *limit => {
                violations.push(format!("{name}: {request} is above {limit}"));
            }
            _ => {}
        }
    }
    violations
}

fn resource_names(container: &Container) -> Vec<String> {
    let (requests, limits) = amounts(container.resources.as_ref().unwrap());
    let mut violations = Vec::new();
    for (name, request) in requests.iter().chain(&limits) {
        // `IsExtendedResourceName`: quotas put `requests.` in front of it.
        let is_extended = name.contains('/')
            && !name.starts_with("requests.")
            && is_qualified(&format!("requests.{name}"));
        if !is_extended && !["cpu", "memory", "ephemeral-storage"].contains(&name.as_str()) {
            violations.push(format!("{name} is no resource"));
        }
        let is_whole = request.is_some_and(|amount| amount.fract() == 0.0);
        if is_extended && (!is_whole || requests.get(name) != limits.get(name)) {
            violations.push(format!("{name} is divided or overcommitted"));
        }
    }
    violations
}

fn pre_stop(pod: &Pod) -> Vec<String> {
    let handler = pod
        .container()
        .lifecycle
        .as_ref()
        .and_then(|l| l.pre_stop.as_ref());
    let sleep = handler
        .and_then(|handler| handler.sleep.as_ref())
        .unwrap()
        .seconds;
    let grace = pod.spec.termination_grace_period_seconds.unwrap_or(30);
    let fits = sleep > 0 && sleep < grace;
    (!fits)
        .then(|| format!("{sleep} of {grace} seconds"))
        .into_iter()
        .collect()
}

fn probes(container: &Container) -> [(&'static str, &Probe); 3] {
    [
        ("startup", container.startup_probe.as_ref().unwrap()),
        ("liveness", container.liveness_probe.as_ref().unwrap()),
        ("readiness", container.readiness_probe.as_ref().unwrap()),
    ]
}

fn probe_numbers(container: &Container) -> Vec<String> {
    let mut violations = Vec::new();
    for (name, probe) in probes(container) {
        if name != "readiness" && probe.success_threshold.unwrap_or(1) != 1 {
            violations.push(format!("{name} must succeed once"));
        }
        let numbers = [
            probe.period_seconds,
            probe.timeout_seconds,
            probe.failure_threshold,
            probe.success_threshold,
        ];
        if numbers.into_iter().flatten().any(|number| number < 1) {
            violations.push(format!("{name} has a number below 1"));
        }
    }
    violations
}

fn probe_targets(container: &Container) -> Vec<String> {
    let mut violations = Vec::new();
    for (name, probe) in probes(container) {
        let port = match (&probe.http_get, &probe.tcp_socket, &probe.exec, &probe.grpc) {
            (Some(http), None, None, None) => {
                if !http.path.as_ref().is_some_and(|path| path.starts_with('/')) {
                    violations.push(format!("{name} has no path"));
                }
                &http.port
            }
            (None, Some(tcp), None, None) => &tcp.port,
            _ => {
                violations.push(format!("{name} does not ask exactly one thing"));
                continue;
            }
        };
        let declared = container.ports.iter().flatten().any(|declared| match port {
            IntOrString::Int(number) => declared.container_port == *number,
            IntOrString::String(name) => declared.name.as_ref() == Some(name),
        });
        if !declared {
            violations.push(format!("{name} asks {port:?}, which is not declared"));
        }
    }
    violations
}

fn progress(pod: &Pod) -> Vec<String> {
    let [(_, startup), ..] = probes(pod.container());
    let start = startup.period_seconds.unwrap_or(10) * startup.failure_threshold.unwrap_or(3);
    let spec = pod.deployment.spec.as_ref().unwrap();
    let deadline = spec.progress_deadline_seconds.unwrap_or(PROGRESS_DEADLINE);
    let needed = start + spec.min_ready_seconds.unwrap_or(0);
    (needed >= deadline)
        .then(|| format!("a start may take {needed} seconds, a rollout {deadline}"))
        .into_iter()
        .collect()
}

fn env(container: &Container) -> Vec<String> {
    let mut violations = Vec::new();
    for variable in container.env.iter().flatten() {
        let name = &variable.name;
        let is_identifier = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if !name.chars().all(is_identifier) || name.starts_with(|c: char| c.is_ascii_digit()) {
            violations.push(format!("{name:?} is no name"));
        }
        let from = variable.value_from.as_ref();
        let sources = [
            variable.value.is_some(),
            from.is_some_and(|from| from.secret_key_ref.is_some()),
            from.is_some_and(|from| from.config_map_key_ref.is_some()),
            from.is_some_and(|from| from.field_ref.is_some()),
        ];
        if sources.into_iter().filter(|given| *given).count() != 1 {
            violations.push(format!("{name} has not one source"));
        }
        if let Some(field) = from.and_then(|from| from.field_ref.as_ref())
            && !is_field(&field.field_path)
        {
            violations.push(format!("{name} names the field {:?}", field.field_path));
        }
        let references = from.map(|from| {
            let secret = from
                .secret_key_ref
                .as_ref()
                .map(|key| (&key.name, &key.key));
            let config = from
                .config_map_key_ref
                .as_ref()
                .map(|key| (&key.name, &key.key));
            [secret, config]
        });
        for (object, key) in references.into_iter().flatten().flatten() {
            if !is_subdomain(object) || !super::files::is_key(key) {
                violations.push(format!("{name} refers to {object:?} {key:?}"));
            }
        }
    }
    violations
}

/// A field, or one label or annotation by its key (core validation,
/// `ValidateObjectFieldSelector`).
fn is_field(path: &str) -> bool {
    let subscript = ["metadata.labels['", "metadata.annotations['"]
        .iter()
        .find_map(|prefix| path.strip_prefix(prefix))
        .and_then(|rest| rest.strip_suffix("']"));
    match subscript {
        Some(key) => is_qualified(&key.to_lowercase()),
        None => FIELDS.contains(&path),
    }
}

fn ports(container: &Container) -> Vec<String> {
    let ports = || container.ports.iter().flatten();
    let mut violations = repeated(ports().map(|port| (port.container_port, &port.protocol)));
    violations.extend(repeated(ports().map(|port| &port.name)));
    for port in ports() {
        let name = port.name.as_deref().unwrap_or_default();
        let is_named = is_label(name) && name.len() <= 15 && !name.contains("--");
        if !is_named || !(1..=65535).contains(&port.container_port) {
            violations.push(format!("{name:?} {}", port.container_port));
        }
    }
    violations
}

/// `[host[:port]/]path[:tag][@digest]`, as the distribution project's grammar has it.
fn image(container: &Container) -> Vec<String> {
    let image = container.image.as_deref().unwrap_or_default();
    let (tagged, digest) = image.split_once('@').unwrap_or((image, ""));
    // Before the last `/` a `:` belongs to a host.
    let (path, tag) = match tagged.rsplit_once(':') {
        Some((path, tag)) if !tag.contains('/') => (path, tag),
        _ => (tagged, ""),
    };
    let has_host = path
        .split_once('/')
        .is_some_and(|(first, _)| first.contains(['.', ':']) || first == "localhost");
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let is_tag = (1..=128).contains(&tag.len())
        && tag.starts_with(is_word)
        && tag.chars().all(|c| is_word(c) || ".-".contains(c));
    let is_digest = digest.is_empty()
        || digest.split_once(':').is_some_and(|(algorithm, hex)| {
            let digits = if algorithm == "sha512" { 128 } else { 64 };
            hex.len() == digits
                && hex
                    .chars()
                    .all(|c| c.is_ascii_digit() || ('a'..='f').contains(&c))
        });
    let is_part = |part: &str| {
        let edges = part.starts_with(|c: char| c.is_ascii_alphanumeric())
            && part.ends_with(|c: char| c.is_ascii_alphanumeric());
        edges
            && part
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-".contains(c))
    };
    let is_path = path.split('/').skip(usize::from(has_host)).all(is_part);
    let fits = is_path && is_tag && is_digest && path.len() <= 255;
    (!fits).then(|| format!("{image:?}")).into_iter().collect()
}

fn toleration(toleration: &Toleration) -> Option<String> {
    let operator = toleration.operator.as_deref().unwrap_or("Equal");
    let has = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.is_empty());
    let fits = match operator {
        "Equal" => has(&toleration.key),
        "Exists" => !has(&toleration.value),
        _ => false,
    };
    let is_timed = toleration.toleration_seconds.is_some();
    let effect = toleration.effect.as_deref();
    let is_effect = matches!(
        effect,
        None | Some("NoSchedule" | "PreferNoSchedule" | "NoExecute")
    );
    let holds = fits && is_effect && (!is_timed || effect == Some("NoExecute"));
    (!holds).then(|| format!("{toleration:?}"))
}

fn list_maps(pod: &Pod) -> Vec<String> {
    let spec = &pod.spec;
    let pull_secrets = spec
        .image_pull_secrets
        .iter()
        .flatten()
        .map(|secret| &secret.name);
    let spread = spec.topology_spread_constraints.iter().flatten();
    let mut violations = repeated(pull_secrets);
    violations.extend(repeated(
        spread.map(|s| (&s.topology_key, &s.when_unsatisfiable)),
    ));
    violations
}

fn rollout(pod: &Pod) -> Vec<String> {
    let spec = pod.deployment.spec.as_ref().unwrap();
    let strategy = spec
        .strategy
        .as_ref()
        .and_then(|s| s.rolling_update.clone())
        .unwrap();
    let zero = Some(IntOrString::Int(0));
    let fits = strategy.max_unavailable == zero && strategy.max_surge != zero;
    (!fits)
        .then(|| format!("{strategy:?}"))
        .into_iter()
        .collect()
}
