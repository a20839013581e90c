//! kubeconform, strictly: built-in kinds by the schemas of Kubernetes 1.36, custom resources by what
//! an API server enforces of their definitions.

use serde_json::{Value, json};

use super::{CONTAINER, Folder, GITHUB, assert_left, items, json_of, linter, new, object};
use crate::support::crd;

/// Kinds whose definition Gatekeeper makes of a template, which is not ours: gator checks them.
const CONSTRAINTS: &str = "K8sAllowedRepos";

/// The schemas of the custom resources, under the names that kubeconform looks for.
fn schemas() -> Folder {
    let schemas = Folder::new(&[]);
    for definition in crd::DEFINITIONS.iter() {
        let name = format!(
            "{}.{}.json",
            definition.api_version,
            definition.kind.to_lowercase()
        );
        schemas.write(&name, &definition.schema.to_string());
    }
    schemas
}

fn findings(folder: &Folder) -> Vec<String> {
    let schemas = schemas();
    let custom = format!(
        "{}/{{{{.Group}}}}/{{{{.ResourceAPIVersion}}}}.{{{{.ResourceKind}}}}.json",
        schemas.path().display()
    );
    let mut command = linter("kubeconform", folder);
    command.args(["-schema-location", &custom, "-skip", CONSTRAINTS]);
    let report = json_of(command.args(["-output", "json", "-verbose", "."]));
    let resources = items(&report["resources"]);
    assert_eq!(resources.len(), folder.files().len(), "not all were read");
    let mut findings = Vec::new();
    for resource in resources {
        let is_known = match resource["status"].as_str().unwrap() {
            "statusValid" => true,
            "statusSkipped" => resource["kind"] == CONSTRAINTS,
            _ => false,
        };
        if !is_known {
            // What comes before is the schema's path.
            let said = resource["msg"].as_str().unwrap();
            let said = said.split_once("' - ").map_or(said, |(_, said)| said);
            findings.push(format!("{} {said}", object(&resource["filename"])));
        }
    }
    findings.sort();
    findings
}

#[test]
#[ignore = "needs the real kubeconform: run ./test --all"]
fn kubeconform_finds_nothing() {
    assert_left(
        findings,
        &[
            ("examples/kubernetes.yaml", &[]),
            ("examples/platform.yaml", &[]),
            ("examples/quickstart.yaml", &[]),
            ("examples/sse.yaml", &[]),
            ("examples/stdio.yaml", &[]),
            ("examples/twelve.yaml", &[]),
        ],
    );
}

#[test]
#[ignore = "needs the real kubeconform: run ./test --all"]
fn kubeconform_finds_a_mistake() {
    let spoil = |kind: &str, name: &str, pointer: &str, value: Value| {
        new(findings, |bundle| bundle.set(kind, name, pointer, value))
    };
    for (kind, name, pointer, value, said) in [
        (
            "Deployment",
            GITHUB,
            "/spec/replica",
            json!(3),
            "additional properties 'replica' not allowed",
        ),
        (
            "Deployment",
            GITHUB,
            &format!("{CONTAINER}/ports/0/containerPort"),
            json!("http"),
            "got string, want integer",
        ),
        (
            "ExternalSecret",
            "mcp-github-secrets",
            "/spec/interval",
            json!("1h"),
            "additional properties 'interval' not allowed",
        ),
        (
            "ServiceMonitor",
            "mcp-servers",
            "/spec/endpoints/0/interval",
            json!("1 m"),
            "does not match pattern",
        ),
        (
            "Service",
            GITHUB,
            "/kind",
            json!("Servis"),
            "could not find schema",
        ),
    ] {
        let found = spoil(kind, name, pointer, value);
        assert!(
            found.len() == 1 && found[0].contains(said),
            "{pointer}: {found:?}"
        );
    }
}
