//! What happens to a text between the bundle and the process that reads it.

use std::collections::BTreeSet;

use k8s_openapi::api::core::v1::Container;
use serde_json::json;

use crate::support::bundle::{Bundle, Pod, id, visit_mappings, visit_texts};
use crate::support::config;
use crate::support::kubelet::expand;
use crate::support::rule::Rule;

/// The one variable whose references are meant.
const ATTRIBUTES: &str = "OTEL_RESOURCE_ATTRIBUTES";

pub const RULES: &[Rule] = &[
    Rule {
        name: "no text holds what kustomize corrupts or refuses",
        violations: corrupted,
        broken_by: |bundle| {
            let pointer = "/data/rules.txt";
            bundle.set(
                "ConfigMap",
                "tools-github-config",
                pointer,
                json!("a\u{85}b"),
            );
        },
    },
    Rule {
        name: "the kubelet expands only references that are meant, to variables that stand before",
        violations: expanded,
        broken_by: |bundle| {
            let pointer = "/spec/template/spec/containers/0/args/0";
            bundle.set("Deployment", "tools-github", pointer, json!("$(POD_NAME)"));
        },
    },
    Rule {
        name: "the process gets the texts of the config letter by letter",
        violations: altered,
        broken_by: |bundle| {
            let pointer = "/spec/template/spec/containers/0/args/1";
            bundle.set(
                "Deployment",
                "tools-github",
                pointer,
                json!("--greeting=costs ${nothing}"),
            );
        },
    },
];

fn corrupted(bundle: &Bundle) -> Vec<String> {
    // Observed: facts/yaml-and-rust.md §1.
    let is_bad = |c: char| matches!(c, '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}');
    let mut violations = Vec::new();
    for document in &bundle.documents {
        visit_texts(document, &mut |text| {
            if text.contains(is_bad) {
                violations.push(format!("{}: {text:?}", id(document)));
            }
        });
        visit_mappings(document, "", &mut |path, map| {
            if map.contains_key("<<") {
                violations.push(format!("{}{path} has a key <<", id(document)));
            }
        });
    }
    violations
}

fn expanded(bundle: &Bundle) -> Vec<String> {
    let mut violations = Vec::new();
    for pod in bundle.pods() {
        let container = pod.container();
        let mut known = BTreeSet::new();
        for variable in container.env.iter().flatten() {
            let value = variable.value.clone().unwrap_or_default();
            for name in references(&value) {
                if variable.name != ATTRIBUTES {
                    violations.push(format!("{} expands $({name})", variable.name));
                } else if !known.contains(&name) {
                    violations.push(format!("{name} does not stand before {ATTRIBUTES}"));
                }
            }
            known.insert(variable.name.clone());
        }
        for word in words(container) {
            for name in references(word) {
                violations.push(format!("{word:?} expands $({name})"));
            }
        }
    }
    violations
}

fn altered(bundle: &Bundle) -> Vec<String> {
    let mut violations = Vec::new();
    let servers = config::servers(&bundle.config);
    for (server, pod) in servers.iter().zip(bundle.pods()) {
        for (name, text) in server.entries("env") {
            let written = match &text {
                serde_json::Value::String(text) => text.clone(),
                serde_json::Value::Object(_) => continue,
                literal => literal.to_string(),
            };
            if value_of(&pod, &name).as_ref() != Some(&written) {
                violations.push(format!(
                    "{name} is {:?}, not {written:?}",
                    value_of(&pod, &name)
                ));
            }
        }
        for (field, got) in [
            ("labels", &pod.labels),
            ("annotations", &pod.annotations),
            (
                "nodeSelector",
                &pod.spec.node_selector.clone().unwrap_or_default(),
            ),
        ] {
            for (key, text) in server.entries(field) {
                if got.get(&key).map(String::as_str) != text.as_str() {
                    violations.push(format!("{field}: {key} is {:?}, not {text}", got.get(&key)));
                }
            }
        }
        let list = |field: &str| {
            let items = server.field(field).and_then(|items| items.as_array());
            items
                .into_iter()
                .flatten()
                .filter_map(|item| item.as_str())
                .map(str::to_owned)
        };
        let written: Vec<String> = list("command").chain(list("args")).collect();
        let mut got: Vec<String> = words(pod.container()).map(|word| expand(word).0).collect();
        if let Some(option) = server.field("allowedHostsArg").and_then(|arg| arg.as_str()) {
            // The last word is mcpset's.
            got.pop_if(|word| word.starts_with(&format!("{option}=")));
        }
        if reaching(server, &got, &written) != written {
            violations.push(format!("the command is {got:?}, not {written:?}"));
        }
        let files = server.entries("config");
        let map = format!("{}-config", server.workload());
        let data = bundle
            .of_kind("ConfigMap")
            .into_iter()
            .find(|document| document["metadata"]["name"] == *map)
            .map(|document| document["data"].clone());
        let mut data = data.unwrap_or(json!({}));
        if server.bridge().is_some() {
            // The bridge's own stands beside them.
            data.as_object_mut().unwrap().remove("agentgateway.yaml");
        }
        if data != json!(files) {
            violations.push(format!("{map} does not hold {files:?}"));
        }
    }
    violations
}

fn value_of(pod: &Pod, name: &str) -> Option<String> {
    let mut variables = pod.container().env.iter().flatten();
    let variable = variables.find(|variable| variable.name == name)?;
    variable.value.as_ref().map(|value| expand(value).0)
}

fn words(container: &Container) -> impl Iterator<Item = &String> {
    let command = container.command.iter().flatten();
    command.chain(container.args.iter().flatten())
}

fn references(text: &str) -> Vec<String> {
    expand(text).1
}

/// The words that reach the server of all that its container `got`. Those behind a shell or in a file
/// are read in `tests/stdio.rs`.
fn reaching(server: &config::Server, got: &[String], written: &[String]) -> Vec<String> {
    match server.bridge().as_deref() {
        None => got.to_vec(),
        Some("agentgateway" | "supergateway") => written.to_vec(),
        Some(_) => {
            let start = got.iter().position(|word| word == "--").unwrap();
            got[start + 1..].to_vec()
        }
    }
}
