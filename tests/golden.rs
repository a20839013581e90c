//! What mcpset writes, for a person to read in a review: one file per kind of object, and the
//! whole bundle of each example.

use crate::support;
use std::collections::BTreeSet;
use std::path::Path;

/// Compares `text` with `golden/<group>/<name>.snap`.
fn golden(group: &str, name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(format!("../golden/{group}"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

/// The kinds that mcpset writes, each shown by one object of an example.
const KINDS: [(&str, &str, &str); 21] = [
    (PLATFORM, "Namespace", "mcp-tools"),
    (PLATFORM, "K8sAllowedRepos", "tools-allowed-repos"),
    (PLATFORM, "NetworkPolicy", "tools-default-deny"),
    (PLATFORM, "NetworkPolicy", "mcp-documents"),
    (PLATFORM, "ApplicationNetworkPolicy", "mcp-jira"),
    (PLATFORM, "PodDisruptionBudget", "mcp-postgres"),
    (PLATFORM, "ServiceAccount", "mcp-postgres-sa"),
    (KUBERNETES, "ClusterRole", "ops-tools.mcp-kubernetes"),
    (KUBERNETES, "ClusterRoleBinding", "ops-tools.mcp-kubernetes"),
    (KUBERNETES, "Role", "ops-tools.mcp-kubernetes"),
    (KUBERNETES, "RoleBinding", "ops-tools.mcp-kubernetes"),
    (PLATFORM, "ExternalSecret", "mcp-postgres-secrets"),
    (PLATFORM, "ConfigMap", "mcp-documents-config"),
    (PLATFORM, "Service", "mcp-documents"),
    (PLATFORM, "Deployment", "mcp-jira"),
    (PLATFORM, "HorizontalPodAutoscaler", "mcp-jira"),
    (PLATFORM, "ServiceMonitor", "tools-servers"),
    (PLATFORM, "PrometheusRule", "tools-alerts"),
    (PLATFORM, "GrafanaDashboard", "tools-dashboard"),
    (QUICKSTART, "ConfigMap", "mcp-dashboard"),
    (PLATFORM, "ConfigMap", "tools-litellm"),
];

const PLATFORM: &str = "examples/platform.yaml";
const KUBERNETES: &str = "examples/kubernetes.yaml";
const QUICKSTART: &str = "examples/quickstart.yaml";
/// Its bundle has thousands of lines: shown are its objects, and what was decided of its servers.
const TWELVE: &str = "examples/twelve.yaml";

/// `text` with a word for the dashboard, which is one long line: golden/dashboards shows it in full.
fn without_dashboard(text: &str) -> String {
    let lines = text.lines().map(|line| match line.split_once(": '{") {
        Some((key, json)) if json.len() > 1000 => {
            format!("{key}: … {} bytes of JSON …\n", json.len())
        }
        _ => format!("{line}\n"),
    });
    lines.collect()
}

#[test]
fn every_kind_of_object_is_as_reviewed() {
    for (example, kind, name) in KINDS {
        let bundle = support::render(Path::new(example));
        let object = bundle
            .iter()
            .find(|object| object.kind == kind && object.name == name)
            .unwrap_or_else(|| panic!("no {kind} {name} in the bundle"));
        let text = without_dashboard(&object.text);
        golden("kinds", &format!("{kind}-{name}"), &text);
    }
}

#[test]
fn no_kind_is_without_its_golden() {
    let written: BTreeSet<String> = support::examples()
        .iter()
        .flat_map(|example| support::render(example))
        .map(|object| object.kind)
        .collect();
    let shown: BTreeSet<String> = KINDS.iter().map(|(_, kind, _)| (*kind).into()).collect();
    assert_eq!(written, shown, "list the kind in KINDS, above");
}

#[test]
fn the_bundle_of_every_example_is_as_reviewed() {
    // Those of profiles have goldens of their own.
    for path in support::configs_in("examples") {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let text = if path == Path::new(TWELVE) {
            support::render(&path).iter().map(line).collect()
        } else {
            without_dashboard(&support::render_text(&path))
        };
        golden("bundles", &name, &text);
    }
}

/// What an object is called.
fn line(object: &support::Document) -> String {
    let namespace = object.value["metadata"]["namespace"].as_str();
    let namespace = namespace.map_or(String::new(), |namespace| format!("{namespace}/"));
    format!("{} {namespace}{}\n", object.kind, object.name)
}

#[test]
fn what_was_decided_of_twelve_servers_is_as_reviewed() {
    let mut command = support::mcpset();
    let output = command.args(["explain", "--of", TWELVE]).output().unwrap();
    golden("decisions", "twelve", &support::stdout_of(output));
}
