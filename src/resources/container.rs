//! The container that runs a server.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{
    Capabilities, ConfigMapKeySelector, Container, ContainerPort, EnvVar, EnvVarSource,
    HTTPGetAction, HTTPHeader, Lifecycle, LifecycleHandler, ObjectFieldSelector, Probe,
    ResourceRequirements, SecretKeySelector, SecurityContext, SleepAction, TCPSocketAction,
};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use smol_str::SmolStr;

use super::deployment::runtime_default;
use super::port;
use super::volumes::volume_mounts;
use crate::model::{self, EnvValue, HttpPath, Port, ProbeCheck, ProbePort, Server};

/// Name of the container in every pod: a fixed one makes `kubectl logs -c` and patches easy.
const NAME: &str = "mcp-server";

/// Seconds between two readiness probes, and between two liveness probes.
const PERIOD: i32 = 10;
/// Seconds until a probe counts as failed.
const TIMEOUT: i32 = 3;
/// Failures until a pod gets no traffic.
const READINESS_FAILURES: i32 = 3;
/// Failures until a container is restarted: later than it loses traffic.
const LIVENESS_FAILURES: i32 = 6;

/// The container of `server`.
pub fn container(server: &Server) -> Container {
    Container {
        name: NAME.into(),
        image: Some(server.image.to_string()),
        image_pull_policy: Some(server.pull_policy.into()),
        command: (!server.command.is_empty()).then(|| server.command.clone()),
        args: (!server.args.is_empty()).then(|| server.args.clone()),
        env: (!server.env.is_empty()).then(|| server.env.iter().map(env_var).collect()),
        ports: Some(ports(server)),
        resources: Some(ResourceRequirements {
            requests: Some(quantities(&server.requests)),
            limits: Some(quantities(&server.limits)),
            ..ResourceRequirements::default()
        }),
        security_context: Some(security_context(server)),
        startup_probe: Some(Probe {
            period_seconds: Some(model::STARTUP_PERIOD),
            failure_threshold: Some(server.probes.startup_failures),
            ..probe(server, |liveness, _| liveness)
        }),
        readiness_probe: Some(Probe {
            period_seconds: Some(PERIOD),
            failure_threshold: Some(READINESS_FAILURES),
            ..probe(server, |_, readiness| readiness)
        }),
        liveness_probe: Some(Probe {
            period_seconds: Some(PERIOD),
            failure_threshold: Some(LIVENESS_FAILURES),
            ..probe(server, |liveness, _| liveness)
        }),
        lifecycle: Some(Lifecycle {
            pre_stop: Some(LifecycleHandler {
                sleep: Some(SleepAction {
                    seconds: server.drain.pre_stop,
                }),
                ..LifecycleHandler::default()
            }),
            ..Lifecycle::default()
        }),
        volume_mounts: volume_mounts(server),
        ..Container::default()
    }
}

/// What Pod Security `restricted` asks of every container, also of one that ends early.
pub(super) fn security_context(server: &Server) -> SecurityContext {
    SecurityContext {
        allow_privilege_escalation: Some(false),
        capabilities: Some(Capabilities {
            // Upper case: `restricted` reads it literally.
            drop: Some(vec!["ALL".into()]),
            ..Capabilities::default()
        }),
        privileged: Some(false),
        read_only_root_filesystem: Some(true),
        run_as_non_root: Some(true),
        run_as_user: Some(server.uid),
        run_as_group: Some(server.gid),
        seccomp_profile: Some(runtime_default()),
        ..SecurityContext::default()
    }
}

fn ports(server: &Server) -> Vec<ContainerPort> {
    let mut ports = vec![container_port(port::HTTP, server.port)];
    if let Some(own_port) = server.metrics.as_ref().and_then(|metrics| metrics.own_port) {
        ports.push(container_port(port::METRICS, own_port));
    }
    if let ProbePort::Own(own_port) = server.probes.port {
        ports.push(container_port(port::PROBES, own_port));
    }
    ports
}

fn container_port(name: &str, number: Port) -> ContainerPort {
    ContainerPort {
        name: Some(name.into()),
        container_port: number.number().into(),
        protocol: Some("TCP".into()),
        ..ContainerPort::default()
    }
}

fn env_var(variable: &model::EnvVar) -> EnvVar {
    let from = match &variable.value {
        EnvValue::Literal(text) => {
            return EnvVar {
                name: variable.name.to_string(),
                value: Some(text.to_string()),
                value_from: None,
            };
        }
        EnvValue::Field(path) => EnvVarSource {
            field_ref: Some(ObjectFieldSelector {
                api_version: Some("v1".into()),
                field_path: path.to_string(),
            }),
            ..EnvVarSource::default()
        },
        EnvValue::Secret(of) => EnvVarSource {
            secret_key_ref: Some(SecretKeySelector {
                name: of.name.to_string(),
                key: of.key.to_string(),
                optional: None,
            }),
            ..EnvVarSource::default()
        },
        EnvValue::ConfigMap(of) => EnvVarSource {
            config_map_key_ref: Some(ConfigMapKeySelector {
                name: of.name.to_string(),
                key: of.key.to_string(),
                optional: None,
            }),
            ..EnvVarSource::default()
        },
    };
    EnvVar {
        name: variable.name.to_string(),
        value: None,
        value_from: Some(from),
    }
}

fn quantities(named: &[(SmolStr, model::Quantity)]) -> BTreeMap<String, Quantity> {
    named
        .iter()
        .map(|(name, quantity)| (name.to_string(), Quantity(quantity.to_string())))
        .collect()
}

fn probe(server: &Server, path: for<'p> fn(&'p HttpPath, &'p HttpPath) -> &'p HttpPath) -> Probe {
    let port = probe_port(server.probes.port);
    let common = Probe {
        timeout_seconds: Some(TIMEOUT),
        success_threshold: Some(1),
        ..Probe::default()
    };
    match &server.probes.check {
        ProbeCheck::Tcp => Probe {
            tcp_socket: Some(TCPSocketAction {
                port,
                ..TCPSocketAction::default()
            }),
            ..common
        },
        ProbeCheck::Http {
            liveness,
            readiness,
            host,
        } => Probe {
            http_get: Some(HTTPGetAction {
                path: Some(path(liveness, readiness).to_string()),
                port,
                scheme: Some("HTTP".into()),
                http_headers: host.as_ref().map(|host| {
                    vec![HTTPHeader {
                        name: "Host".into(),
                        value: host.to_string(),
                    }]
                }),
                ..HTTPGetAction::default()
            }),
            ..common
        },
    }
}

fn probe_port(port: ProbePort) -> IntOrString {
    port::named(match port {
        ProbePort::Http => port::HTTP,
        ProbePort::Metrics => port::METRICS,
        ProbePort::Own(_) => port::PROBES,
    })
}
