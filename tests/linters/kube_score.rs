//! kube-score, with those of its optional checks that ask for what the guide asks for too.

use serde_json::json;

use super::{CONTAINER, Folder, GITHUB, assert_left, items, json_of, linter, new, object};

/// The grade of a check that is content.
const ALL_OK: i64 = 10;

fn findings(folder: &Folder) -> Vec<String> {
    let mut command = linter("kube-score", folder);
    command.args(["score", "--output-format", "json"]);
    command.args(["--kubernetes-version", "v1.36"]);
    for check in [
        "container-memory-requests-equal-limits",
        "container-ports-check",
        "container-seccomp-profile",
    ] {
        command.args(["--enable-optional-test", check]);
    }
    let scored = json_of(command.args(folder.files().keys()));
    let mut findings = Vec::new();
    for scored in items(&scored) {
        let bad = items(&scored["checks"])
            .iter()
            .filter(|check| check["skipped"] == false && check["grade"].as_i64() < Some(ALL_OK));
        for check in bad {
            let id = check["check"]["id"].as_str().unwrap();
            findings.push(format!("{id} {}", object(&scored["file_name"])));
        }
    }
    findings.sort();
    findings
}

#[test]
#[ignore = "needs the real kube-score: run ./test --all"]
fn kube_score_finds_what_is_known() {
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
#[ignore = "needs the real kube-score: run ./test --all"]
fn kube_score_finds_a_mistake() {
    let found = new(findings, |bundle| {
        let github = |field: &str| format!("{CONTAINER}/{field}");
        bundle.drop_object("PodDisruptionBudget", GITHUB);
        bundle.set("Service", GITHUB, "/spec/type", json!("NodePort"));
        bundle.remove("Deployment", GITHUB, &github("resources/limits/memory"));
        bundle.remove(
            "Deployment",
            GITHUB,
            &github("securityContext/seccompProfile"),
        );
        bundle.remove(
            "Deployment",
            GITHUB,
            "/spec/template/spec/securityContext/seccompProfile",
        );
    });
    assert_eq!(
        found,
        [
            "container-memory-requests-equal-limits Deployment.mcp-github",
            "container-resources Deployment.mcp-github",
            "container-seccomp-profile Deployment.mcp-github",
            "deployment-has-poddisruptionbudget Deployment.mcp-github",
            "service-type Service.mcp-github",
        ]
    );
}

/// How such a finding is told to be meant: an annotation on the Deployment.
#[test]
#[ignore = "needs the real kube-score: run ./test --all"]
fn kube_score_is_silenced_by_an_annotation() {
    let mut bundle = super::Bundle::of(super::QUICKSTART).unwrap();
    for name in [GITHUB, "mcp-s3"] {
        bundle.set(
            "Deployment",
            name,
            "/metadata/annotations",
            json!({"kube-score/ignore": "container-image-pull-policy,container-security-context-user-group-id"}),
        );
    }
    assert_eq!(findings(&super::written(&bundle)), [""; 0]);
}
