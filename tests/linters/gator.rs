//! gator, which evaluates Gatekeeper's policies as Gatekeeper does, with some that the guide asks for:
//! constraint templates and constraints of our own, and an expansion that makes Pods of Deployments.

use serde_json::{Value, json};

use super::support::root;
use super::{CONTAINER, Folder, GITHUB, assert_left, items, json_of, linter, new};

fn findings(folder: &Folder) -> Vec<String> {
    let policies = root().join("tests/linters/policies");
    let mut command = linter("gator", folder);
    command.arg("test").arg("--filename").arg(policies);
    let violations = json_of(command.args(["--filename", ".", "--output", "json"]));
    let mut findings: Vec<_> = items(&violations).iter().map(finding).collect();
    findings.sort();
    findings
}

/// The kind of the constraint, and the object that breaks it.
fn finding(violation: &Value) -> String {
    let object = &violation["violatingObject"];
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    format!(
        "{} {}.{}",
        text(&violation["constraint"]["kind"]),
        text(&object["kind"]),
        text(&object["metadata"]["name"])
    )
}

#[test]
#[ignore = "needs the real gator: run ./test --all"]
fn gator_finds_nothing() {
    assert_left(
        findings,
        &[
            ("examples/platform.yaml", &[]),
            ("examples/quickstart.yaml", &[]),
        ],
    );
}

#[test]
#[ignore = "needs the real gator: run ./test --all"]
fn gator_finds_a_mistake() {
    let found = new(findings, |bundle| {
        bundle.set(
            "Deployment",
            GITHUB,
            &format!("{CONTAINER}/image"),
            json!("docker.io/mcp-github:latest"),
        );
        bundle.set("Service", "mcp-s3", "/spec/type", json!("NodePort"));
    });
    assert_eq!(
        found,
        [
            "K8sAllowedRepos Deployment.mcp-github",
            "K8sBlockNodePort Service.mcp-s3",
            "K8sDisallowedTags Deployment.mcp-github",
        ]
    );
}
