//! What mcpset writes, for a person to read in a review: one file per kind of object, and the
//! whole bundle of each example.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

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

/// The kinds that mcpset writes, each shown by one object of `examples/platform.yaml`.
const KINDS: [(&str, &str); 12] = [
    ("Namespace", "mcp-tools"),
    ("K8sAllowedRepos", "tools-allowed-repos"),
    ("NetworkPolicy", "tools-default-deny"),
    ("NetworkPolicy", "mcp-documents"),
    ("ApplicationNetworkPolicy", "mcp-jira"),
    ("PodDisruptionBudget", "mcp-postgres"),
    ("ServiceAccount", "mcp-postgres-sa"),
    ("ExternalSecret", "mcp-postgres-secrets"),
    ("ConfigMap", "mcp-documents-config"),
    ("Service", "mcp-documents"),
    ("Deployment", "mcp-jira"),
    ("ServiceMonitor", "tools-servers"),
];

#[test]
fn every_kind_of_object_is_as_reviewed() {
    let bundle = support::render(Path::new("examples/platform.yaml"));
    for (kind, name) in KINDS {
        let object = bundle
            .iter()
            .find(|object| object.kind == kind && object.name == name)
            .unwrap_or_else(|| panic!("no {kind} {name} in the bundle"));
        golden("kinds", &format!("{kind}-{name}"), &object.text);
    }
}

#[test]
fn no_kind_is_without_its_golden() {
    let bundle = support::render(Path::new("examples/platform.yaml"));
    let written: BTreeSet<&str> = bundle.iter().map(|object| object.kind.as_str()).collect();
    let shown: BTreeSet<&str> = KINDS.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(written, shown);
}

#[test]
fn the_bundle_of_every_example_is_as_reviewed() {
    for path in support::examples() {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        golden("bundles", &name, &support::render_text(&path));
    }
}
