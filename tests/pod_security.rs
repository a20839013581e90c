//! Every pod satisfies the Restricted Pod Security standard.
//!
//! The controls are those of <https://kubernetes.io/docs/concepts/security/pod-security-standards/>
//! (as of Kubernetes 1.36), under their published names.

use crate::support;
use crate::support::bundle::Pod;
use crate::support::{Bundle, Rule, config, rule};
use k8s_openapi::api::core::v1::{Container, LifecycleHandler, SecurityContext};
use proptest::prelude::*;
use serde_json::{Value, json};

const DEPLOYMENT: &str = "Deployment";
const GITHUB: &str = "tools-github";

/// Spoils `field` of the pod of `tools-github`.
fn pod(bundle: &mut Bundle, field: &str, value: Value) {
    bundle.set(
        DEPLOYMENT,
        GITHUB,
        &format!("/spec/template/spec{field}"),
        value,
    );
}

/// Spoils `field` of its container.
fn container(bundle: &mut Bundle, field: &str, value: Value) {
    pod(bundle, &format!("/containers/0{field}"), value);
}

/// The controls of the Baseline standard, all of which Restricted contains.
const BASELINE: [Rule; 12] = [
    Rule {
        name: "HostProcess",
        violations: |bundle| {
            contexts(bundle, |context| {
                context["windowsOptions"]["hostProcess"] == true
            })
        },
        broken_by: |bundle| {
            container(
                bundle,
                "/securityContext/windowsOptions",
                json!({"hostProcess": true}),
            );
        },
    },
    Rule {
        name: "Host Namespaces",
        violations: |bundle| {
            pods(bundle, |pod| {
                let spec = &pod.spec;
                [spec.host_network, spec.host_pid, spec.host_ipc].contains(&Some(true))
            })
        },
        broken_by: |bundle| pod(bundle, "/hostNetwork", json!(true)),
    },
    Rule {
        name: "Privileged Containers",
        violations: |bundle| contexts(bundle, |context| context["privileged"] == true),
        broken_by: |bundle| container(bundle, "/securityContext/privileged", json!(true)),
    },
    Rule {
        name: "Capabilities (Baseline)",
        violations: |bundle| {
            let allowed = [
                "AUDIT_WRITE",
                "CHOWN",
                "DAC_OVERRIDE",
                "FOWNER",
                "FSETID",
                "KILL",
                "MKNOD",
                "NET_BIND_SERVICE",
                "SETFCAP",
                "SETGID",
                "SETPCAP",
                "SETUID",
                "SYS_CHROOT",
            ];
            containers(bundle, |container| adds_other_than(container, &allowed))
        },
        broken_by: |bundle| {
            container(
                bundle,
                "/securityContext/capabilities/add",
                json!(["NET_ADMIN"]),
            );
        },
    },
    Rule {
        name: "HostPath Volumes",
        violations: |bundle| {
            pods(bundle, |pod| {
                pod.spec
                    .volumes
                    .iter()
                    .flatten()
                    .any(|volume| volume.host_path.is_some())
            })
        },
        broken_by: |bundle| pod(bundle, "/volumes/0/hostPath", json!({"path": "/"})),
    },
    Rule {
        name: "Host Ports",
        violations: |bundle| {
            containers(bundle, |container| {
                container
                    .ports
                    .iter()
                    .flatten()
                    .any(|port| port.host_port.unwrap_or(0) != 0)
            })
        },
        broken_by: |bundle| container(bundle, "/ports/0/hostPort", json!(3000)),
    },
    Rule {
        name: "Host Probes / Lifecycle Hooks",
        violations: |bundle| containers(bundle, asks_another_host),
        broken_by: |bundle| container(bundle, "/readinessProbe/httpGet/host", json!("10.0.0.1")),
    },
    Rule {
        name: "AppArmor",
        violations: |bundle| {
            let mut violations = contexts(bundle, |context| {
                let profile = &context["appArmorProfile"]["type"];
                !(profile.is_null() || *profile == "RuntimeDefault" || *profile == "Localhost")
            });
            violations.extend(pods(bundle, |pod| pod.annotations.iter().any(unconfines)));
            violations
        },
        broken_by: |bundle| {
            let pointer = "/spec/template/metadata/annotations/container.apparmor.security.beta.kubernetes.io~1mcp-server";
            bundle.set(DEPLOYMENT, GITHUB, pointer, json!("unconfined"));
        },
    },
    Rule {
        name: "SELinux",
        violations: |bundle| {
            contexts(bundle, |context| {
                let options = &context["seLinuxOptions"];
                let text = |field: &str| options[field].as_str().unwrap_or_default().to_owned();
                let types = [
                    "",
                    "container_t",
                    "container_init_t",
                    "container_kvm_t",
                    "container_engine_t",
                ];
                !types.contains(&text("type").as_str())
                    || !text("user").is_empty()
                    || !text("role").is_empty()
            })
        },
        broken_by: |bundle| {
            container(
                bundle,
                "/securityContext/seLinuxOptions",
                json!({"type": "spc_t"}),
            );
        },
    },
    Rule {
        name: "/proc Mount Type",
        violations: |bundle| {
            contexts(bundle, |context| {
                let mount = &context["procMount"];
                !mount.is_null() && *mount != "Default"
            })
        },
        broken_by: |bundle| container(bundle, "/securityContext/procMount", json!("Unmasked")),
    },
    Rule {
        name: "Seccomp (Baseline)",
        violations: |bundle| {
            contexts(bundle, |context| {
                context["seccompProfile"]["type"] == "Unconfined"
            })
        },
        broken_by: |bundle| {
            container(
                bundle,
                "/securityContext/seccompProfile/type",
                json!("Unconfined"),
            );
        },
    },
    Rule {
        name: "Sysctls",
        violations: |bundle| {
            let safe = [
                "kernel.shm_rmid_forced",
                "net.ipv4.ip_local_port_range",
                "net.ipv4.ip_unprivileged_port_start",
                "net.ipv4.tcp_syncookies",
                "net.ipv4.ping_group_range",
                "net.ipv4.ip_local_reserved_ports",
                "net.ipv4.tcp_keepalive_time",
                "net.ipv4.tcp_fin_timeout",
                "net.ipv4.tcp_keepalive_intvl",
                "net.ipv4.tcp_keepalive_probes",
            ];
            pods(bundle, |pod| {
                let context = pod.spec.security_context.clone().unwrap_or_default();
                context
                    .sysctls
                    .iter()
                    .flatten()
                    .any(|sysctl| !safe.contains(&sysctl.name.as_str()))
            })
        },
        broken_by: |bundle| {
            let sysctl = json!([{"name": "kernel.msgmax", "value": "1"}]);
            pod(bundle, "/securityContext/sysctls", sysctl);
        },
    },
];

/// What Restricted adds.
const RESTRICTED: [Rule; 6] = [
    Rule {
        name: "Volume Types",
        violations: |bundle| {
            let allowed = [
                "configMap",
                "csi",
                "downwardAPI",
                "emptyDir",
                "ephemeral",
                "persistentVolumeClaim",
                "projected",
                "secret",
            ];
            pods(bundle, |pod| {
                let volumes = json!(pod.spec.volumes.clone().unwrap_or_default());
                let fits =
                    |volume: &Value| allowed.into_iter().any(|kind| volume.get(kind).is_some());
                !volumes.as_array().unwrap().iter().all(fits)
            })
        },
        broken_by: |bundle| {
            pod(
                bundle,
                "/volumes/0",
                json!({"name": "tmp", "nfs": {"server": "a", "path": "/"}}),
            );
        },
    },
    Rule {
        name: "Privilege Escalation",
        violations: |bundle| {
            containers(bundle, |container| {
                context(container).allow_privilege_escalation != Some(false)
            })
        },
        broken_by: |bundle| {
            let pointer =
                "/spec/template/spec/containers/0/securityContext/allowPrivilegeEscalation";
            bundle.remove(DEPLOYMENT, GITHUB, pointer);
        },
    },
    Rule {
        name: "Running as Non-root",
        violations: |bundle| {
            pods(bundle, |pod| {
                let of_pod = pod
                    .spec
                    .security_context
                    .clone()
                    .unwrap_or_default()
                    .run_as_non_root;
                let fits = |container: &Container| {
                    context(container).run_as_non_root.or(of_pod) == Some(true)
                };
                of_pod == Some(false) || !all_containers(pod).iter().all(fits)
            })
        },
        broken_by: |bundle| container(bundle, "/securityContext/runAsNonRoot", json!(false)),
    },
    Rule {
        name: "Running as Non-root user",
        violations: |bundle| contexts(bundle, |context| context["runAsUser"] == 0),
        broken_by: |bundle| pod(bundle, "/securityContext/runAsUser", json!(0)),
    },
    Rule {
        name: "Seccomp",
        violations: |bundle| {
            let fits = |kind: Option<String>| {
                kind.is_some_and(|kind| ["RuntimeDefault", "Localhost"].contains(&kind.as_str()))
            };
            pods(bundle, |pod| {
                let of_pod = pod
                    .spec
                    .security_context
                    .clone()
                    .unwrap_or_default()
                    .seccomp_profile;
                let profile =
                    |container: &Container| context(container).seccomp_profile.or(of_pod.clone());
                !all_containers(pod)
                    .iter()
                    .all(|container| fits(profile(container).map(|p| p.type_)))
            })
        },
        broken_by: |bundle| {
            container(
                bundle,
                "/securityContext/seccompProfile/type",
                json!("Custom"),
            );
        },
    },
    Rule {
        name: "Capabilities",
        violations: |bundle| {
            containers(bundle, |container| {
                let dropped = context(container)
                    .capabilities
                    .and_then(|c| c.drop)
                    .unwrap_or_default();
                // Literally: `all` does not do.
                !dropped.contains(&"ALL".to_owned())
                    || adds_other_than(container, &["NET_BIND_SERVICE"])
            })
        },
        broken_by: |bundle| container(bundle, "/securityContext/capabilities/drop/0", json!("all")),
    },
];

#[test]
fn every_control_can_fail() {
    rule::assert_can_fail(BASELINE.iter().chain(&RESTRICTED));
}

#[test]
fn pods_of_every_config_in_the_repository_are_restricted() {
    let controls: Vec<_> = BASELINE.iter().chain(&RESTRICTED).collect();
    rule::assert_kept(controls);
}

proptest! {
    #![proptest_config(support::cases(96))]

    #[test]
    fn pods_of_every_accepted_config_are_restricted(bundle in support::accepted()) {
        let controls = BASELINE.iter().chain(&RESTRICTED);
        prop_assert_eq!(rule::violations(controls, &bundle), [""; 0]);
    }
}

#[test]
fn no_annotation_of_a_config_takes_a_profile_away() {
    let mut config = support::bundle::read(support::QUICKSTART).remove(0);
    config["spec"]["defaults"] = json!({
        "annotations": {"container.apparmor.security.beta.kubernetes.io/mcp-server": "unconfined"},
    });
    if let Ok(bundle) = Bundle::of(&config::yaml(&config, config::Order::Sorted)) {
        assert_eq!(rule::violations(&BASELINE, &bundle), [""; 0]);
    }
}

#[test]
fn a_namespace_that_is_part_of_the_bundle_enforces_the_standard() {
    let bundle = support::everything();
    let [namespace] = bundle.of_kind("Namespace")[..] else {
        panic!("one namespace");
    };
    assert_eq!(
        namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"],
        "restricted"
    );
}

/// The pods that break a control.
fn pods(bundle: &Bundle, breaks: impl Fn(&Pod) -> bool) -> Vec<String> {
    bundle
        .pods()
        .into_iter()
        .filter(breaks)
        .map(|pod| pod.name)
        .collect()
}

/// The pods with a container that breaks a control.
fn containers(bundle: &Bundle, breaks: impl Fn(&Container) -> bool) -> Vec<String> {
    pods(bundle, |pod| all_containers(pod).iter().any(&breaks))
}

/// The pods with a security context, the pod's own or a container's, that breaks a control.
fn contexts(bundle: &Bundle, breaks: impl Fn(&Value) -> bool) -> Vec<String> {
    pods(bundle, |pod| {
        let of_containers = all_containers(pod)
            .into_iter()
            .map(|c| json!(c.security_context));
        let mut contexts = of_containers.chain([json!(pod.spec.security_context)]);
        contexts.any(|context| breaks(&context))
    })
}

/// Containers of every sort; an ephemeral one is none that a template can have.
fn all_containers(pod: &Pod) -> Vec<Container> {
    assert!(pod.spec.ephemeral_containers.is_none());
    let init = pod.spec.init_containers.iter().flatten();
    init.chain(&pod.spec.containers).cloned().collect()
}

fn context(container: &Container) -> SecurityContext {
    container.security_context.clone().unwrap_or_default()
}

fn adds_other_than(container: &Container, allowed: &[&str]) -> bool {
    let added = context(container)
        .capabilities
        .and_then(|capabilities| capabilities.add);
    added
        .into_iter()
        .flatten()
        .any(|capability| !allowed.contains(&capability.as_str()))
}

fn asks_another_host(container: &Container) -> bool {
    let probes = [
        &container.startup_probe,
        &container.liveness_probe,
        &container.readiness_probe,
    ];
    let mut handlers: Vec<LifecycleHandler> = probes
        .into_iter()
        .flatten()
        .map(|probe| LifecycleHandler {
            http_get: probe.http_get.clone(),
            tcp_socket: probe.tcp_socket.clone(),
            ..LifecycleHandler::default()
        })
        .collect();
    let lifecycle = container.lifecycle.clone().unwrap_or_default();
    handlers.extend(lifecycle.pre_stop);
    handlers.extend(lifecycle.post_start);
    handlers.into_iter().any(|handler| {
        let http = handler.http_get.and_then(|http| http.host);
        let tcp = handler.tcp_socket.and_then(|tcp| tcp.host);
        [http, tcp]
            .into_iter()
            .flatten()
            .any(|host| !host.is_empty())
    })
}

fn unconfines((key, value): (&String, &String)) -> bool {
    key.starts_with("container.apparmor.security.beta.kubernetes.io/")
        && value != "runtime/default"
        && !value.starts_with("localhost/")
}
