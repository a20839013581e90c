//! The guide's two servers, spoilt in one place each, and the constraints that say so.

use serde_json::{Value, json};

use crate::support::Bundle;

/// What is done to the bundle, and the kinds of constraints that it breaks, each with the object.
pub struct Mutation {
    pub name: &'static str,
    pub spoil: fn(&mut Bundle),
    pub broken: &'static [&'static str],
}

const POD: &str = "/spec/template/spec";

fn container(bundle: &mut Bundle, field: &str, value: Value) {
    let pointer = format!("{POD}/containers/0/{field}");
    bundle.set("Deployment", "mcp-github", &pointer, value);
}

fn without(bundle: &mut Bundle, field: &str) {
    let pointer = format!("{POD}/containers/0/{field}");
    bundle.remove("Deployment", "mcp-github", &pointer);
}

fn pod(bundle: &mut Bundle, field: &str, value: Value) {
    bundle.set("Deployment", "mcp-github", &format!("{POD}/{field}"), value);
}

fn unlabelled(bundle: &mut Bundle, kind: &str, name: &str, label: &str) {
    let label = label.replace('/', "~1");
    bundle.remove(kind, name, &format!("/metadata/labels/{label}"));
}

fn image(bundle: &mut Bundle, image: &str) {
    container(bundle, "image", json!(image));
}

/// A second object like the one of `kind` and `name`, changed.
fn twin(bundle: &mut Bundle, kind: &str, name: &str, change: impl FnOnce(&mut Value)) {
    let is_meant =
        |document: &&Value| document["kind"] == kind && document["metadata"]["name"] == name;
    let mut twin = bundle.documents.iter().find(is_meant).unwrap().clone();
    change(&mut twin);
    bundle.documents.push(twin);
}

/// Every mutation.
pub const MUTATIONS: &[Mutation] = &[
    Mutation {
        name: "another registry",
        spoil: |b| image(b, "docker.io/acme/mcp-github:1.0.0"),
        broken: &["K8sAllowedRepos Deployment.mcp-github"],
    },
    Mutation {
        name: "a registry that only looks like ours",
        spoil: |b| {
            let host = "123456789012.dkr.ecr.us-east-1.amazonaws.com.evil.io";
            image(b, &format!("{host}/mcp-github:1.0.0"));
        },
        broken: &["K8sAllowedRepos Deployment.mcp-github"],
    },
    Mutation {
        name: "the tag latest",
        spoil: |b| image(b, "registry.example.com/mirror/mcp-github:latest"),
        broken: &["K8sDisallowedTags Deployment.mcp-github"],
    },
    Mutation {
        name: "a tag from the schema's default",
        spoil: |b| image(b, "registry.example.com/mirror/mcp-github:edge"),
        broken: &["K8sDisallowedTags Deployment.mcp-github"],
    },
    Mutation {
        name: "no tag",
        spoil: |b| image(b, "registry.example.com/mirror/mcp-github"),
        broken: &["K8sDisallowedTags Deployment.mcp-github"],
    },
    Mutation {
        name: "a digest",
        spoil: |b| {
            let digest = "0".repeat(64);
            image(
                b,
                &format!("registry.example.com/mirror/a:1.0.0@sha256:{digest}"),
            );
        },
        broken: &[],
    },
    Mutation {
        name: "no name label on the Deployment",
        spoil: |b| unlabelled(b, "Deployment", "mcp-github", "app.kubernetes.io/name"),
        broken: &["K8sRequiredLabels Deployment.mcp-github"],
    },
    Mutation {
        name: "no label of the set on a Service",
        spoil: |b| unlabelled(b, "Service", "mcp-s3", "app.kubernetes.io/part-of"),
        broken: &["K8sRequiredLabels Service.mcp-s3"],
    },
    Mutation {
        name: "no labels at all on a custom resource",
        spoil: |b| b.remove("ServiceMonitor", "mcp-servers", "/metadata/labels"),
        broken: &["K8sRequiredLabels ServiceMonitor.mcp-servers"],
    },
    Mutation {
        name: "another component",
        spoil: |b| {
            let pointer = "/metadata/labels/app.kubernetes.io~1component";
            b.set("Service", "mcp-github", pointer, json!("web"));
        },
        broken: &["K8sRequiredLabels Service.mcp-github"],
    },
    Mutation {
        name: "no labels in an excluded namespace",
        spoil: |b| {
            b.remove("Service", "mcp-github", "/metadata/labels");
            b.set(
                "Service",
                "mcp-github",
                "/metadata/namespace",
                json!("mcp-system"),
            );
        },
        broken: &[],
    },
    Mutation {
        name: "no memory limit",
        spoil: |b| without(b, "resources/limits/memory"),
        broken: &["K8sContainerLimits Deployment.mcp-github"],
    },
    Mutation {
        name: "no limits",
        spoil: |b| without(b, "resources/limits"),
        broken: &[
            "K8sContainerLimits Deployment.mcp-github",
            "K8sContainerLimits Deployment.mcp-github",
        ],
    },
    Mutation {
        name: "much memory",
        spoil: |b| {
            container(b, "resources/limits/memory", json!("8Gi"));
            container(b, "resources/requests/memory", json!("8Gi"));
        },
        broken: &["K8sContainerLimits Deployment.mcp-github"],
    },
    Mutation {
        name: "no cpu request",
        spoil: |b| without(b, "resources/requests/cpu"),
        broken: &["K8sContainerRequests Deployment.mcp-github"],
    },
    Mutation {
        name: "no resources",
        spoil: |b| without(b, "resources"),
        broken: &[
            "K8sContainerLimits Deployment.mcp-github",
            "K8sContainerLimits Deployment.mcp-github",
            "K8sContainerRequests Deployment.mcp-github",
        ],
    },
    Mutation {
        name: "four times the memory that is requested",
        spoil: |b| {
            container(b, "resources/limits/memory", json!("1Gi"));
            container(b, "resources/requests/memory", json!("256Mi"));
        },
        broken: &["K8sContainerRatios Deployment.mcp-github"],
    },
    Mutation {
        name: "no readiness probe",
        spoil: |b| without(b, "readinessProbe"),
        broken: &["K8sRequiredProbes Deployment.mcp-github"],
    },
    Mutation {
        name: "a probe of another kind",
        spoil: |b| container(b, "livenessProbe", json!({"exec": {"command": ["true"]}})),
        broken: &["K8sRequiredProbes Deployment.mcp-github"],
    },
    Mutation {
        name: "NodePort",
        spoil: |b| b.set("Service", "mcp-s3", "/spec/type", json!("NodePort")),
        broken: &["K8sBlockNodePort Service.mcp-s3"],
    },
    Mutation {
        name: "capabilities kept",
        spoil: |b| without(b, "securityContext/capabilities"),
        broken: &["K8sPSPCapabilities Deployment.mcp-github"],
    },
    Mutation {
        name: "a capability added",
        spoil: |b| container(b, "securityContext/capabilities/add", json!(["SYS_ADMIN"])),
        broken: &["K8sPSPCapabilities Deployment.mcp-github"],
    },
    Mutation {
        name: "a harmless capability added",
        spoil: |b| {
            let added = json!(["NET_BIND_SERVICE"]);
            container(b, "securityContext/capabilities/add", added);
        },
        broken: &[],
    },
    Mutation {
        name: "an init container with capabilities",
        spoil: |b| {
            pod(
                b,
                "initContainers",
                json!([{"name": "first", "image": "a:1"}]),
            );
        },
        broken: &["K8sPSPCapabilities Deployment.mcp-github"],
    },
    Mutation {
        name: "a root that can be written to",
        spoil: |b| container(b, "securityContext/readOnlyRootFilesystem", json!(false)),
        broken: &["K8sPSPReadOnlyRootFilesystem Deployment.mcp-github"],
    },
    Mutation {
        name: "root's own user",
        spoil: |b| container(b, "securityContext/runAsUser", json!(0)),
        broken: &["K8sPSPAllowedUsers Deployment.mcp-github"],
    },
    Mutation {
        name: "whoever the image says",
        spoil: |b| {
            pod(
                b,
                "securityContext",
                json!({"seccompProfile": {"type": "RuntimeDefault"}}),
            );
            container(
                b,
                "securityContext",
                json!({
                    "allowPrivilegeEscalation": false,
                    "capabilities": {"drop": ["ALL"]},
                    "readOnlyRootFilesystem": true,
                }),
            );
        },
        broken: &["K8sPSPAllowedUsers Deployment.mcp-github"],
    },
    Mutation {
        name: "privileged",
        spoil: |b| container(b, "securityContext/privileged", json!(true)),
        broken: &["K8sPSPPrivilegedContainer Deployment.mcp-github"],
    },
    Mutation {
        name: "privileges to be gained",
        spoil: |b| without(b, "securityContext/allowPrivilegeEscalation"),
        broken: &["K8sPSPAllowPrivilegeEscalationContainer Deployment.mcp-github"],
    },
    Mutation {
        name: "no seccomp profile",
        spoil: |b| {
            let unconfined = json!({"type": "Unconfined"});
            container(b, "securityContext/seccompProfile", unconfined);
        },
        broken: &["K8sPSPSeccompV2 Deployment.mcp-github"],
    },
    Mutation {
        name: "the token mounted",
        spoil: |b| pod(b, "automountServiceAccountToken", json!(true)),
        broken: &["K8sPSPAutomountServiceAccountTokenPod Deployment.mcp-github"],
    },
    Mutation {
        name: "the token mounted in another namespace",
        spoil: |b| {
            pod(b, "automountServiceAccountToken", json!(true));
            b.set(
                "Deployment",
                "mcp-github",
                "/metadata/namespace",
                json!("other"),
            );
        },
        broken: &[],
    },
    Mutation {
        name: "the token mounted in pods of another component",
        spoil: |b| {
            pod(b, "automountServiceAccountToken", json!(true));
            let pointer = "/spec/template/metadata/labels/app.kubernetes.io~1component";
            b.set("Deployment", "mcp-github", pointer, json!("proxy"));
        },
        broken: &[],
    },
    Mutation {
        name: "a Service that chooses the same pods",
        spoil: |b| {
            twin(b, "Service", "mcp-s3", |s| {
                s["metadata"]["name"] = json!("twin");
            });
        },
        broken: &[
            "K8sUniqueServiceSelector Service.mcp-s3",
            "K8sUniqueServiceSelector Service.twin",
        ],
    },
    Mutation {
        name: "the same Service in another namespace",
        spoil: |b| {
            twin(b, "Service", "mcp-s3", |service| {
                service["metadata"]["name"] = json!("twin");
                service["metadata"]["namespace"] = json!("other");
            });
        },
        broken: &[],
    },
    Mutation {
        name: "a terminal",
        spoil: |b| container(b, "tty", json!(true)),
        broken: &["K8sDisallowInteractiveTTY Deployment.mcp-github"],
    },
    Mutation {
        name: "a terminal of a Deployment of another name",
        spoil: |b| {
            container(b, "stdin", json!(true));
            b.set(
                "Deployment",
                "mcp-github",
                "/metadata/name",
                json!("github"),
            );
        },
        broken: &[],
    },
    Mutation {
        name: "a Pod of its own",
        spoil: |b| {
            b.documents.push(json!({
                "apiVersion": "v1",
                "kind": "Pod",
                "metadata": {"name": "mcp-x", "namespace": "litellm"},
                "spec": {"containers": [{"name": "a", "image": "a", "tty": true}]},
            }));
        },
        broken: &[
            "K8sAllowedRepos Pod.mcp-x",
            "K8sContainerLimits Pod.mcp-x",
            "K8sContainerLimits Pod.mcp-x",
            "K8sContainerRequests Pod.mcp-x",
            "K8sDisallowedTags Pod.mcp-x",
            "K8sImageDigests Pod.mcp-x",
            "K8sPSPAllowPrivilegeEscalationContainer Pod.mcp-x",
            "K8sPSPAllowedUsers Pod.mcp-x",
            "K8sPSPCapabilities Pod.mcp-x",
            "K8sPSPReadOnlyRootFilesystem Pod.mcp-x",
            "K8sPSPSeccompV2 Pod.mcp-x",
            "K8sRequiredProbes Pod.mcp-x",
            "K8sRequiredProbes Pod.mcp-x",
        ],
    },
    Mutation {
        name: "a Job",
        spoil: |b| {
            let spec = b.pods().remove(0).spec;
            b.documents.push(json!({
                "apiVersion": "batch/v1",
                "kind": "Job",
                "metadata": {"name": "mcp-job", "namespace": "litellm"},
                "spec": {"template": {"spec": spec}},
            }));
            let pointer = "/spec/template/spec/containers/0/tty";
            b.set("Job", "mcp-job", pointer, json!(true));
        },
        broken: &[
            "K8sDisallowInteractiveTTY Job.mcp-job",
            "K8sImageDigests Job.mcp-job",
        ],
    },
];
