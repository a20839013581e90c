//! The API server can read it.

use super::{Context, Found, Rule};
use crate::manifest::{At, Object, Pod};
use crate::model::Quantity;
use crate::problem::Severity;
use crate::yaml::Value;

pub const RULE: Rule = Rule {
    id: "MCP052",
    name: "field-types",
    title: "lists are lists, texts are texts, and numbers are numbers",
    severity: Severity::Error,
    why: "The API server refuses the whole object: `cannot unmarshal number into Go struct field EnvVar.value of type string`. And a rule about what cannot be read sees nothing.",
    fix: "write numbers and booleans in quotes where Kubernetes wants text, as in variables, labels, annotations and ConfigMaps; write lists with `-`",
    source: "Kubernetes API reference; validation of the API server",
    good: "\
apiVersion: v1
kind: Pod
metadata: {name: a, labels: {version: \"1\"}}
spec:
  containers:
  - {name: a, env: [{name: PORT, value: \"8080\"}]}
",
    broken_by: &[
        ("version: \"1\"", "version: 1"),
        ("value: \"8080\"", "value: 8080"),
    ],
    check,
};

/// Mappings from text to text, wherever an object has them.
const TEXTS: [&str; 2] = ["metadata.labels", "metadata.annotations"];
/// Lists of mappings in a container.
const LISTS: [&str; 4] = ["env", "envFrom", "ports", "volumeMounts"];
/// Workloads that count their pods.
const COUNTED: [&str; 4] = ["Deployment", "StatefulSet", "ReplicaSet", "Rollout"];

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for object in context.input.manifests.objects() {
        let of_kind = match (object.group(), object.kind()) {
            ("", "ConfigMap") => Some("data"),
            ("", "Secret") => Some("stringData"),
            ("", "Service") => Some("spec.selector"),
            _ => None,
        };
        for path in TEXTS.into_iter().chain(of_kind) {
            texts(object, object.at(path), found);
        }
        if COUNTED.contains(&object.kind()) {
            let replicas = object.at("spec.replicas");
            let is_whole = replicas.number().is_some_and(|number| number >= 0);
            if replicas.exists() && !is_whole {
                found.add(object, replicas, "`replicas` is a whole number from 0");
            }
        }
    }
    for pod in &context.input.pods {
        look(pod, found);
    }
}

/// Looks at what is written in `pod`.
fn look(pod: &Pod<'_>, found: &mut Found<'_>) {
    let workload = pod.workload;
    if workload.kind() != "Pod" {
        texts(workload, pod.metadata.get("labels"), found);
        texts(workload, pod.metadata.get("annotations"), found);
        texts(workload, workload.at("spec.selector.matchLabels"), found);
    }
    for list in ["initContainers", "containers", "volumes"] {
        mappings(workload, pod.spec.get(list), list, found);
    }
    for container in pod.containers() {
        for list in LISTS {
            mappings(workload, container.at.get(list), list, found);
        }
        let variables = container.at.get("env").items();
        for variable in variables.flat_map(|at| ["name", "value"].map(|key| at.get(key))) {
            text(workload, variable, found);
        }
        for key in ["name", "image"] {
            text(workload, container.at.get(key), found);
        }
        for list in ["command", "args"] {
            let list = container.at.get(list);
            for word in list.items() {
                text(workload, word, found);
            }
        }
        for list in ["requests", "limits"] {
            let amounts = container.at.get("resources").get(list).entries();
            for (resource, at) in amounts {
                if let Some(Err(invalid)) = at.text().map(Quantity::parse) {
                    found.add(workload, at, format!("{resource}: {}", invalid.problem));
                }
            }
        }
    }
}

/// The values at `at` are texts.
fn texts(object: &Object, at: At<'_>, found: &mut Found<'_>) {
    for (_, value) in at.entries() {
        text(object, value, found);
    }
}

/// What is at `at`, if anything, is text.
fn text(object: &Object, at: At<'_>, found: &mut Found<'_>) {
    let kind = at.node().map_or("text", |node| node.kind());
    if kind != "text" {
        let written = at.text().map_or(String::new(), |text| format!(" `{text}`"));
        found.add(object, at, format!("{kind}{written} where text must stand"));
    }
}

/// What is at `at`, if anything, is a list of mappings.
fn mappings(object: &Object, at: At<'_>, name: &str, found: &mut Found<'_>) {
    let Some(node) = at.node() else { return };
    if !matches!(node.value, Value::Sequence(_)) {
        let message = format!("`{name}` is {}, and must be a list", node.kind());
        found.add(object, at, message);
    }
    for item in at.items() {
        let kind = item.node().map_or("nothing", |node| node.kind());
        if kind != "a mapping" {
            let message = format!("an item of `{name}` is {kind}, and must be a mapping");
            found.add(object, item, message);
        }
    }
}
