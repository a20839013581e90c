//! trivy's scan for misconfigurations, with the checks that are built in.

use serde_json::json;

use super::{Bundle, CONTAINER, Folder, GITHUB, QUICKSTART};
use super::{assert_left, items, json_of, linter, new, object, written};

fn findings(folder: &Folder) -> Vec<String> {
    findings_with(folder, &[])
}

fn findings_with(folder: &Folder, options: &[&str]) -> Vec<String> {
    let mut command = linter("trivy", folder);
    let report = json_of(
        command
            .args(["config", "--quiet", "--format", "json"])
            .args(options)
            .arg("."),
    );
    let mut findings = Vec::new();
    for file in items(&report["Results"]) {
        for failed in items(&file["Misconfigurations"]) {
            let id = failed["ID"].as_str().unwrap();
            findings.push(format!("{id} {}", object(&file["Target"])));
        }
    }
    findings.sort();
    findings
}

#[test]
#[ignore = "needs the real trivy: run ./test --all"]
fn trivy_finds_what_is_known() {
    assert_left(
        findings,
        &[
            ("examples/kubernetes.yaml", &[]),
            (
                "examples/platform.yaml",
                &[
                    // The guide: "Run as UID 1000".
                    "KSV-0020 Deployment.mcp-documents",
                    "KSV-0020 Deployment.mcp-jira",
                    "KSV-0020 Deployment.mcp-postgres",
                    "KSV-0021 Deployment.mcp-documents",
                    "KSV-0021 Deployment.mcp-jira",
                    "KSV-0021 Deployment.mcp-postgres",
                    // An approved registry, which trivy can only be told of by its own settings.
                    "KSV-0125 Deployment.mcp-documents",
                ],
            ),
            (
                "examples/quickstart.yaml",
                &[
                    "KSV-0020 Deployment.mcp-github",
                    "KSV-0020 Deployment.mcp-s3",
                    "KSV-0021 Deployment.mcp-github",
                    "KSV-0021 Deployment.mcp-s3",
                ],
            ),
            (
                "examples/sse.yaml",
                &[
                    "KSV-0020 Deployment.mcp-wiki",
                    "KSV-0021 Deployment.mcp-wiki",
                ],
            ),
            (
                "examples/stdio.yaml",
                &[
                    // Once for what hands the bridge over, which runs as the same user.
                    "KSV-0020 Deployment.mcp-everything",
                    "KSV-0020 Deployment.mcp-everything",
                    "KSV-0020 Deployment.mcp-time",
                    "KSV-0021 Deployment.mcp-everything",
                    "KSV-0021 Deployment.mcp-everything",
                    "KSV-0021 Deployment.mcp-time",
                ],
            ),
            (
                "examples/twelve.yaml",
                &[
                    "KSV-0020 Deployment.mcp-aws",
                    "KSV-0020 Deployment.mcp-diagrams",
                    "KSV-0020 Deployment.mcp-diagrams",
                    "KSV-0020 Deployment.mcp-documents",
                    "KSV-0020 Deployment.mcp-github",
                    "KSV-0020 Deployment.mcp-gitlab",
                    "KSV-0020 Deployment.mcp-grafana",
                    "KSV-0020 Deployment.mcp-jira",
                    "KSV-0020 Deployment.mcp-orders",
                    "KSV-0020 Deployment.mcp-prometheus",
                    "KSV-0020 Deployment.mcp-slack",
                    "KSV-0021 Deployment.mcp-aws",
                    "KSV-0021 Deployment.mcp-diagrams",
                    "KSV-0021 Deployment.mcp-diagrams",
                    "KSV-0021 Deployment.mcp-documents",
                    "KSV-0021 Deployment.mcp-github",
                    "KSV-0021 Deployment.mcp-gitlab",
                    "KSV-0021 Deployment.mcp-grafana",
                    "KSV-0021 Deployment.mcp-jira",
                    "KSV-0021 Deployment.mcp-orders",
                    "KSV-0021 Deployment.mcp-prometheus",
                    "KSV-0021 Deployment.mcp-slack",
                    "KSV-0109 ConfigMap.mcp-litellm",
                ],
            ),
        ],
    );
}

#[test]
#[ignore = "needs the real trivy: run ./test --all"]
fn trivy_finds_a_mistake() {
    let found = new(findings, |bundle| {
        let github = |field: &str| format!("{CONTAINER}/{field}");
        bundle.set(
            "Deployment",
            GITHUB,
            &github("securityContext/readOnlyRootFilesystem"),
            json!(false),
        );
        bundle.set(
            "Deployment",
            GITHUB,
            &github("image"),
            json!("docker.io/mcp-github:latest"),
        );
        bundle.remove("Deployment", GITHUB, &github("resources/limits/memory"));
    });
    assert_eq!(
        found,
        [
            "KSV-0013 Deployment.mcp-github",
            "KSV-0014 Deployment.mcp-github",
            "KSV-0018 Deployment.mcp-github",
            "KSV-0125 Deployment.mcp-github",
        ]
    );
}

/// How such a finding is told to be meant: no annotation and no comment in a manifest, only a file
/// beside it, whose statements are the reasons.
#[test]
#[ignore = "needs the real trivy: run ./test --all"]
fn trivy_is_silenced_by_a_file() {
    let folder = written(&Bundle::of(QUICKSTART).unwrap());
    folder.write(
        "ignored/trivy.yaml",
        "misconfigurations:\n\
         - {id: KSV-0020, statement: The guide asks for uid 1000}\n\
         - {id: KSV-0021, statement: The guide asks for uid 1000}\n",
    );
    let options = [
        "--ignorefile",
        "ignored/trivy.yaml",
        "--skip-dirs",
        "ignored",
    ];
    assert_eq!(findings_with(&folder, &options), [""; 0]);
}
