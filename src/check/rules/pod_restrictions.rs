//! Pods ask for nothing else that Pod Security refuses.
//!
//! Each container may keep to `restricted` while the pod around it does not: the pod's own settings are
//! refused although all containers say better.

use super::{Context, Found, Rule};
use crate::manifest::{At, Pod};
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP023",
    name: "pod-restrictions",
    title: "pods ask for nothing else that Pod Security refuses",
    severity: Severity::Error,
    why: "In a namespace that enforces `restricted` no pod is started, and all that is to be seen is a ReplicaSet without pods.",
    fix: "remove the field",
    source: "Pod Security Standards, baseline and restricted",
    good: "\
apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  securityContext: {runAsNonRoot: true}
  containers:
  - {name: a}
  volumes: [{name: tmp, emptyDir: {}}]
",
    broken_by: &[
        (
            "{runAsNonRoot: true}",
            "{runAsNonRoot: false, sysctls: [{name: kernel.msgmax, value: '1'}]}",
        ),
        (
            "- {name: a}",
            "- {name: a, securityContext: {runAsNonRoot: true, procMount: Unmasked}}",
        ),
        ("emptyDir: {}", "nfs: {server: nas, path: /}"),
    ],
    check,
};

/// What a volume may be; folders of the node have a rule of their own.
const VOLUMES: [&str; 9] = [
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "hostPath",
    "persistentVolumeClaim",
    "projected",
    "secret",
];
/// Settings of the kernel that are a pod's own.
const SYSCTLS: [&str; 12] = [
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ping_group_range",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.tcp_wmem",
];
/// Types of SELinux that confine.
const SELINUX: [&str; 5] = [
    "",
    "container_engine_t",
    "container_init_t",
    "container_kvm_t",
    "container_t",
];
/// Before the name of a container, in the annotations of old.
const APPARMOR: &str = "container.apparmor.security.beta.kubernetes.io/";

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for pod in &context.input.pods {
        let of_pod = pod.spec.get("securityContext");
        if of_pod.get("runAsNonRoot").boolean() == Some(false) {
            let at = of_pod.get("runAsNonRoot");
            found.add(pod.workload, at, "the pod may run as root");
        }
        // That of a container is another rule's matter.
        let seccomp = of_pod.get("seccompProfile").get("type");
        if seccomp.text() == Some("Unconfined") {
            found.add(
                pod.workload,
                seccomp,
                "the pod's seccomp profile confines nothing",
            );
        }
        if of_pod.get("runAsUser").number() == Some(0) {
            found.add(
                pod.workload,
                of_pod.get("runAsUser"),
                "the pod runs as root",
            );
        }
        for sysctl in of_pod.get("sysctls").items() {
            let name = sysctl.get("name");
            if name.text().is_some_and(|name| !SYSCTLS.contains(&name)) {
                found.add(pod.workload, name, "the pod changes the node's kernel");
            }
        }
        volumes(pod, found);
        annotations(pod, found);
        let of_containers = pod.containers();
        let of_containers = of_containers.map(|container| container.at.get("securityContext"));
        for settings in std::iter::once(of_pod).chain(of_containers) {
            confinement(pod, settings, found);
        }
    }
}

/// What a pod and its containers say alike.
fn confinement(pod: &Pod<'_>, settings: At<'_>, found: &mut Found<'_>) {
    let apparmor = settings.get("appArmorProfile").get("type");
    if apparmor.text() == Some("Unconfined") {
        found.add(
            pod.workload,
            apparmor,
            "the AppArmor profile confines nothing",
        );
    }
    let selinux = settings.get("seLinuxOptions");
    let kind = selinux.get("type");
    if kind.text().is_some_and(|kind| !SELINUX.contains(&kind)) {
        found.add(pod.workload, kind, "SELinux does not confine this type");
    }
    for own in ["user", "role"] {
        let at = selinux.get(own);
        if at.text().is_some_and(|text| !text.is_empty()) {
            found.add(
                pod.workload,
                at,
                format!("a pod has no SELinux {own} of its own"),
            );
        }
    }
    let process = settings.at("windowsOptions.hostProcess");
    if process.is_true() {
        found.add(pod.workload, process, "this is a process of the node");
    }
    let mount = settings.get("procMount");
    if mount.text().is_some_and(|mount| mount != "Default") {
        found.add(
            pod.workload,
            mount,
            "`/proc` shows what a container is not to see",
        );
    }
}

fn volumes(pod: &Pod<'_>, found: &mut Found<'_>) {
    for volume in pod.spec.get("volumes").items() {
        for (kind, at) in volume.entries() {
            if kind != "name" && at.exists() && !VOLUMES.contains(&kind) {
                found.add(
                    pod.workload,
                    at,
                    format!("no pod may mount `{kind}` itself"),
                );
            }
        }
    }
}

fn annotations(pod: &Pod<'_>, found: &mut Found<'_>) {
    for (name, at) in pod.metadata.get("annotations").entries() {
        if name.starts_with(APPARMOR) && at.text() == Some("unconfined") {
            found.add(pod.workload, at, "AppArmor confines nothing");
        }
    }
}
