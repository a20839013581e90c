//! Names, labels, annotations.

use serde_json::{Value, json};

use crate::support::bundle::{Bundle, id, visit_mappings};
use crate::support::rule::Rule;

use super::repeated;

/// Annotations of one object together (apimachinery `TotalAnnotationSizeLimitB`).
const ANNOTATIONS_LIMIT: usize = 256 << 10;
/// Bytes of one request to etcd (`--max-request-bytes`), of which a kubelet's status, managed fields and the
/// like need a third.
const OBJECT_LIMIT: usize = 1 << 20;
/// Kinds outside any namespace.
const CLUSTER_SCOPED: [&str; 4] = [
    "ClusterRole",
    "ClusterRoleBinding",
    "K8sAllowedRepos",
    "Namespace",
];
/// The group of kinds whose names hold a namespace and a name, and become no label or host.
const RBAC: &str = "rbac.authorization.k8s.io/v1";

pub const RULES: &[Rule] = &[
    Rule {
        name: "names are DNS names of at most 63 characters, and of twice as many where a namespace is in them",
        violations: names,
        broken_by: |bundle| {
            bundle.set(
                "ConfigMap",
                "tools-github-config",
                "/metadata/name",
                json!("a_b"),
            );
        },
    },
    Rule {
        name: "names of Services are DNS-1035 labels",
        violations: service_names,
        broken_by: |bundle| bundle.set("Service", "tools-s3", "/metadata/name", json!("3s")),
    },
    Rule {
        name: "every object has a namespace, unless its kind has none",
        violations: namespaces,
        broken_by: |bundle| bundle.remove("Service", "tools-s3", "/metadata/namespace"),
    },
    Rule {
        name: "no two objects have one id",
        violations: ids,
        broken_by: |bundle| {
            bundle.set(
                "Service",
                "tools-s3",
                "/metadata/name",
                json!("tools-github"),
            );
        },
    },
    Rule {
        name: "labels and selectors hold label keys and values",
        violations: labels,
        broken_by: |bundle| {
            let value = json!("1.0.0+build");
            bundle.set(
                "Service",
                "tools-s3",
                "/metadata/labels/app.kubernetes.io~1version",
                value,
            );
        },
    },
    Rule {
        name: "an object is no larger than etcd stores",
        violations: sizes,
        broken_by: |bundle| {
            let text = json!("x".repeat(OBJECT_LIMIT));
            bundle.set("ConfigMap", "tools-github-config", "/data/rules.txt", text);
        },
    },
    Rule {
        name: "annotations have qualified names and at most 256 KiB",
        violations: annotations,
        broken_by: |bundle| {
            let pointer = "/spec/template/metadata/annotations/a b";
            bundle.set("Deployment", "tools-github", pointer, json!("text"));
        },
    },
];

fn names(bundle: &Bundle) -> Vec<String> {
    let bad = |document: &&Value| {
        let name = document["metadata"]["name"].as_str().unwrap_or_default();
        let longest = if document["apiVersion"] == RBAC {
            127
        } else {
            63
        };
        !is_subdomain(name) || name.len() > longest
    };
    bundle.documents.iter().filter(bad).map(id).collect()
}

fn service_names(bundle: &Bundle) -> Vec<String> {
    let bad = |document: &&Value| {
        let name = document["metadata"]["name"].as_str().unwrap_or_default();
        !is_label(name) || name.starts_with(|c: char| c.is_ascii_digit())
    };
    bundle
        .of_kind("Service")
        .into_iter()
        .filter(bad)
        .map(id)
        .collect()
}

fn sizes(bundle: &Bundle) -> Vec<String> {
    let is_large = |document: &&Value| document.to_string().len() > OBJECT_LIMIT;
    bundle.documents.iter().filter(is_large).map(id).collect()
}

fn namespaces(bundle: &Bundle) -> Vec<String> {
    let bad = |document: &&Value| {
        let namespace = document["metadata"]["namespace"].as_str();
        let is_cluster_scoped = CLUSTER_SCOPED.contains(&document["kind"].as_str().unwrap());
        namespace.is_none_or(|name| !is_label(name)) != is_cluster_scoped
    };
    bundle.documents.iter().filter(bad).map(id).collect()
}

fn ids(bundle: &Bundle) -> Vec<String> {
    repeated(bundle.documents.iter().map(|document| {
        format!(
            "{} {} in {}",
            document["apiVersion"],
            id(document),
            document["metadata"]["namespace"]
        )
    }))
}

fn labels(bundle: &Bundle) -> Vec<String> {
    let mut violations = Vec::new();
    for document in &bundle.documents {
        visit_mappings(document, "", &mut |path, map| {
            let field = path.rsplit('/').next().unwrap();
            let is_labels = ["labels", "matchLabels", "nodeSelector"].contains(&field)
                || path == "/spec/selector" && document["kind"] == "Service";
            for (key, value) in map.iter().filter(|_| is_labels) {
                let fits = |value: &str| value.is_empty() || is_name_part(value);
                if !is_qualified(key) || !value.as_str().is_some_and(fits) {
                    violations.push(format!("{}{path}: {key}: {value}", id(document)));
                }
            }
        });
    }
    violations
}

fn annotations(bundle: &Bundle) -> Vec<String> {
    let mut violations = Vec::new();
    for document in &bundle.documents {
        visit_mappings(document, "", &mut |path, map| {
            if !path.ends_with("/annotations") {
                return;
            }
            let text = |value: &Value| value.as_str().map_or(usize::MAX >> 1, str::len);
            let size: usize = map.iter().map(|(key, value)| key.len() + text(value)).sum();
            if size > ANNOTATIONS_LIMIT {
                violations.push(format!("{}{path} has {size} bytes", id(document)));
            }
            // The API server lowers the case before it looks.
            for key in map.keys().filter(|key| !is_qualified(&key.to_lowercase())) {
                violations.push(format!("{}{path}: {key}", id(document)));
            }
        });
    }
    violations
}

/// Kubernetes' `IsDNS1123Label`.
pub fn is_label(text: &str) -> bool {
    is_label_shaped(text) && text.len() <= 63
}

/// Kubernetes' `IsDNS1123Subdomain`.
pub fn is_subdomain(text: &str) -> bool {
    text.len() <= 253 && text.split('.').all(is_label_shaped)
}

/// Kubernetes' `IsQualifiedName`.
pub fn is_qualified(text: &str) -> bool {
    match text.split_once('/') {
        Some((prefix, name)) => is_subdomain(prefix) && is_name_part(name),
        None => is_name_part(text),
    }
}

fn is_label_shaped(text: &str) -> bool {
    let is_inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !text.is_empty() && text.chars().all(is_inner) && !text.starts_with('-') && !text.ends_with('-')
}

fn is_name_part(text: &str) -> bool {
    let is_edge = |c: char| c.is_ascii_alphanumeric();
    let is_inner = |c: char| is_edge(c) || "-_.".contains(c);
    (1..=63).contains(&text.len())
        && text.chars().all(is_inner)
        && text.starts_with(is_edge)
        && text.ends_with(is_edge)
}
