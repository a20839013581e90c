//! checkov, with all that it can check: its rules for Kubernetes, and its search for secrets.

use serde_json::{Value, json};

use super::{Bundle, CONTAINER, Folder, GITHUB, QUICKSTART};
use super::{assert_left, items, json_of, linter, new, object, written};

fn findings(folder: &Folder) -> Vec<String> {
    let report = json_of(linter("checkov", folder).args(["--directory", ".", "--output", "json"]));
    // One report is no list.
    let reports = match &report {
        Value::Array(reports) => reports.as_slice(),
        report => std::slice::from_ref(report),
    };
    let mut findings = Vec::new();
    for report in reports {
        assert_eq!(report["results"]["parsing_errors"], json!([]), "{report}");
        for failed in items(&report["results"]["failed_checks"]) {
            let id = failed["check_id"].as_str().unwrap();
            findings.push(format!("{id} {}", object(&failed["file_path"])));
        }
    }
    findings.sort();
    findings
}

#[test]
#[ignore = "needs the real checkov: run ./test --all"]
fn checkov_finds_what_is_known() {
    assert_left(
        findings,
        &[
            ("examples/kubernetes.yaml", &[]),
            (
                "examples/platform.yaml",
                &[
                    // `secretKey: database-uri` is the name of a key, not a key; no annotation that
                    // checkov knows says so.
                    "CKV_SECRET_6 ExternalSecret.mcp-jira-secrets",
                    "CKV_SECRET_6 ExternalSecret.mcp-postgres-secrets",
                ],
            ),
            (
                "examples/quickstart.yaml",
                &["CKV_SECRET_6 ExternalSecret.mcp-github-secrets"],
            ),
            ("examples/sse.yaml", &[]),
            ("examples/stdio.yaml", &[]),
            (
                "examples/twelve.yaml",
                &[
                    "CKV_SECRET_6 ExternalSecret.mcp-grafana-secrets",
                    "CKV_SECRET_6 ExternalSecret.mcp-jira-secrets",
                    "CKV_SECRET_6 ExternalSecret.mcp-orders-secrets",
                    "CKV_SECRET_6 ExternalSecret.mcp-slack-secrets",
                    "CKV_SECRET_6 ExternalSecret.mcp-slack-secrets",
                ],
            ),
        ],
    );
}

#[test]
#[ignore = "needs the real checkov: run ./test --all"]
fn checkov_finds_a_mistake() {
    let found = new(findings, |bundle| {
        let github = |field: &str| format!("{CONTAINER}/{field}");
        bundle.set(
            "Deployment",
            GITHUB,
            &github("securityContext/privileged"),
            json!(true),
        );
        bundle.remove("Deployment", GITHUB, &github("readinessProbe"));
        bundle.remove(
            "Deployment",
            GITHUB,
            "/spec/template/spec/automountServiceAccountToken",
        );
        bundle.set("Service", GITHUB, "/metadata/namespace", json!("default"));
    });
    assert_eq!(
        found,
        [
            "CKV_K8S_16 Deployment.mcp-github",
            "CKV_K8S_21 Service.mcp-github",
            "CKV_K8S_38 Deployment.mcp-github",
            "CKV_K8S_9 Deployment.mcp-github",
        ]
    );
}

/// How such a finding is told to be meant: annotations on the object, numbered, each with its reason.
#[test]
#[ignore = "needs the real checkov: run ./test --all"]
fn checkov_is_silenced_by_annotations() {
    let mut bundle = Bundle::of(QUICKSTART).unwrap();
    for name in [GITHUB, "mcp-s3"] {
        let annotations = json!({
            "checkov.io/skip1": "CKV_K8S_15=a tag is of one build",
            "checkov.io/skip2": "CKV_K8S_35=the guide mounts credentials as environment variables",
            "checkov.io/skip3": "CKV_K8S_40=the guide asks for uid 1000",
            "checkov.io/skip4": "CKV_K8S_43=the guide asks for a tag",
        });
        bundle.set("Deployment", name, "/metadata/annotations", annotations);
    }
    // The search for secrets knows comments alone.
    assert_eq!(
        findings(&written(&bundle)),
        ["CKV_SECRET_6 ExternalSecret.mcp-github-secrets"]
    );
}
