//! The page that people follow: complete, and every command one that a shell reads as it is meant.

use crate::support;
use std::collections::BTreeSet;
use std::io::Write;
use std::process::{Command, Stdio};

use crate::support::config::{self, Order};
use crate::support::run::run;
use crate::support::{Bundle, bundle, configs};
use proptest::prelude::*;
use serde_json::json;

/// The runbook of `config`.
fn runbook(config: &str) -> String {
    let ended = run(support::mcpset().args(["runbook", "-"]), config.as_bytes());
    assert_eq!(ended.status, Some(0), "{}", ended.stderr);
    ended.stdout
}

/// The blocks of commands in `page`.
fn commands(page: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let opening = line.trim_start();
        let Some(fence) = opening.strip_suffix("sh").filter(|f| f.starts_with("```")) else {
            continue;
        };
        let block = lines.by_ref().take_while(|line| line.trim_start() != fence);
        blocks.push(block.collect::<Vec<_>>().join("\n"));
    }
    blocks
}

/// What bash says of the grammar of `script`.
fn complaints(script: &str) -> String {
    let mut bash = Command::new("bash")
        .arg("-n")
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    bash.stdin
        .take()
        .unwrap()
        .write_all(script.as_bytes())
        .unwrap();
    String::from_utf8(bash.wait_with_output().unwrap().stderr).unwrap()
}

#[test]
fn the_pages_of_the_examples_are_as_reviewed() {
    for path in support::configs_in("examples") {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let output = support::mcpset().arg("runbook").arg(&path).output();
        let page = support::stdout_of(output.unwrap());
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("../golden/runbooks");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(name, page));
    }
}

#[test]
fn every_command_is_one_that_bash_reads() {
    for (path, config) in configs() {
        let blocks = commands(&runbook(&config));
        assert!(blocks.len() > 5, "{path}");
        for block in blocks {
            assert_eq!(complaints(&block), "", "{path}: {block}");
        }
    }
    assert_ne!(complaints("echo 'open"), "");
}

/// What each point of the guide's checklist is about, in its order.
const POINTS: [&str; 18] = [
    "replicas",
    "Service (ClusterIP)",
    "Security context",
    "Resource requests and limits",
    "Health probes",
    "metrics exposed",
    "tracing",
    "Secrets Manager",
    "ExternalSecret",
    "IAM role",
    "annotated with its role",
    "labels",
    "PodDisruptionBudget (minAvailable: 1)",
    "LiteLLM knows",
    "ServiceMonitor",
    "LiteLLM reaches",
    "in Prometheus",
    "in Jaeger",
];

#[test]
fn the_checklist_has_the_eighteen_points_of_the_guide() {
    for (path, config) in configs() {
        let page = runbook(&config);
        let points = page.lines().filter_map(|line| {
            let point = line.strip_prefix("- [ ] ");
            point.or_else(|| line.strip_prefix("- [x] "))
        });
        let points: Vec<&str> = points.collect();
        assert_eq!(points.len(), POINTS.len(), "{path}");
        for (point, about) in points.iter().zip(POINTS) {
            assert!(
                point.contains(about),
                "{path}: {point} is not about {about}"
            );
        }
    }
}

#[test]
fn every_troubleshooting_section_of_the_guide_is_there() {
    for (path, config) in configs() {
        let page = runbook(&config);
        let (_, section) = page.split_once("## Troubleshooting\n").unwrap();
        let headings = section.lines().filter_map(|line| line.strip_prefix("### "));
        let expected = [
            "A server cannot be reached from LiteLLM",
            "Authentication fails",
            "Calls take long",
            "AWS denies access",
        ];
        assert_eq!(headings.collect::<Vec<_>>(), expected, "{path}");
    }
}

/// The words that `program` would get from `script`, by call; all other programs do nothing.
fn words_of(program: &str, script: &str) -> Vec<Vec<String>> {
    let stub = r#"
for other in aws curl docker grep head jq kill kubectl mcpset sh; do eval "$other() { :; }"; done
eval "$1() { printf '%s\\0' \"\$@\" >&3; printf '\\n\\0' >&3; }"
exec 3>&1 >/dev/null; export LITELLM_MASTER_KEY=x CLUSTER=x
eval "$2" <<<secret"#;
    // What a command writes, it writes here.
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new("bash")
        .args(["-c", stub, "bash", program, script])
        .current_dir(&folder)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let calls = text.split("\n\0");
    let words = |call: &str| call.split_terminator('\0').map(str::to_owned).collect();
    calls.filter(|call| !call.is_empty()).map(words).collect()
}

#[test]
fn a_point_that_the_bundle_does_not_prove_is_not_ticked() {
    let mut config = bundle::read(support::QUICKSTART).remove(0);
    let page = |config: &serde_json::Value| runbook(&config::yaml(config, Order::Sorted));
    let replicas = "Deployment with 2 or more replicas";
    let tracing = "OpenTelemetry tracing configured";
    for point in [replicas, tracing] {
        assert!(page(&config).contains(&format!("- [x] {point}\n")));
    }
    config["spec"]["servers"][1]["replicas"] = json!(1);
    config["spec"]["platform"]["tracing"] = json!(false);
    let page = page(&config);
    assert!(
        page.contains(&format!("- [ ] {replicas} (one: mcp-s3)\n")),
        "{page}"
    );
    let silent = format!("- [ ] {tracing} (no traces: mcp-github, mcp-s3)\n");
    assert!(page.contains(&silent), "{page}");
    assert!(page.contains("- [ ] Traces in Jaeger (tracing is off)\n"));
}

#[test]
fn a_role_by_pod_identity_is_asked_for_and_made() {
    let mut config = bundle::read(support::QUICKSTART).remove(0);
    config["spec"]["platform"]["aws"] = json!({"clusterName": "production"});
    config["spec"]["servers"][1]["aws"] = json!({"podIdentity": true});
    let page = runbook(&config::yaml(&config, Order::Sorted));
    let asked = "- [ ] IAM roles\n\n  ```sh\n  aws iam get-role --region us-east-1 --role-name mcp-s3-role\n  aws eks list-pod-identity-associations --region us-east-1 --cluster-name production ";
    assert!(page.contains(asked), "{page}");
    assert!(page.contains("## Create the roles"), "{page}");
    assert!(!page.contains("No server of this set has a role"), "{page}");
}

#[test]
fn an_image_is_built_once_and_a_secret_described_once() {
    let mut config = bundle::read(support::QUICKSTART).remove(0);
    let servers = config["spec"]["servers"].as_array_mut().unwrap();
    let mut second = servers[0].clone();
    second["name"] = json!("second");
    for (server, property) in [(&mut servers[0], "a\"b"), (&mut second, "token")] {
        server["secrets"] = json!({"TOKEN": {"key": "mcp/github", "property": property}});
    }
    servers.push(second);
    let page = runbook(&config::yaml(&config, Order::Sorted));
    assert!(page.contains("\nmcp-github, mcp-second, in the folder of its source:\n"));
    assert_eq!(page.matches("docker push").count(), 2, "{page}");
    assert_eq!(page.matches("create-secret").count(), 1, "{page}");
    assert!(
        page.contains(r#"a JSON object: `{"a\"b":"…","token":"…"}`"#),
        "{page}"
    );
    assert!(page.contains("'For mcp-github, mcp-second'"), "{page}");
}

#[test]
fn every_host_of_amazons_registry_is_known_by_its_region() {
    for (host, region) in [
        (
            "123456789012.dkr.ecr.eu-west-1.amazonaws.com",
            Some("eu-west-1"),
        ),
        (
            "123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com",
            Some("us-gov-west-1"),
        ),
        (
            "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn",
            Some("cn-north-1"),
        ),
        ("123456789012.dkr-ecr.us-east-1.on.aws", Some("us-east-1")),
        ("registry.example.com", None),
    ] {
        let from = "123456789012.dkr.ecr.us-east-1.amazonaws.com";
        let page = runbook(&support::QUICKSTART.replace(from, host));
        match region {
            Some(region) => {
                let created =
                    format!("create-repository --repository-name mcp-s3 --region {region}\n");
                assert!(page.contains(&created), "{page}");
            }
            None => assert!(!page.contains("create-repository"), "{page}"),
        }
    }
}

#[test]
fn the_commands_of_a_page_about_one_of_two_sets_are_about_that_one() {
    let other = support::QUICKSTART.replace("name: mcp,", "name: other,");
    let other = other.replace("namespace: litellm", "namespace: elsewhere");
    let both = format!("{}---\n{other}", support::QUICKSTART);
    let mut command = support::mcpset();
    let page = run(
        command.args(["runbook", "-", "--set", "other"]),
        both.as_bytes(),
    )
    .done();
    for command in [
        "litellm mcp.yaml --set other --as",
        "iam mcp.yaml --set other --as",
    ] {
        assert!(page.contains(&format!("mcpset {command}")), "{page}");
    }
}

#[test]
fn every_alert_has_the_heading_that_its_runbook_url_names() {
    for (path, config) in configs() {
        let bundle = Bundle::of(&config).unwrap();
        let page = runbook(&config);
        let headings: BTreeSet<&str> = page
            .lines()
            .filter_map(|line| line.strip_prefix("### "))
            .collect();
        for object in bundle.of_kind("PrometheusRule") {
            for group in object["spec"]["groups"].as_array().unwrap() {
                for rule in group["rules"].as_array().unwrap() {
                    if let Some(alert) = rule["alert"].as_str() {
                        assert!(headings.contains(alert), "{path}: no heading {alert}");
                    }
                }
            }
        }
    }
}

#[test]
fn what_the_guide_asks_of_the_proxy_is_asked_as_it_is_today() {
    let page = runbook(support::QUICKSTART);
    assert!(!page.contains("/mcp/servers"));
    assert!(page.contains("/v1/mcp/server"));
}

proptest! {
    #![proptest_config(support::cases(24))]

    #[test]
    fn hostile_texts_stay_what_they_are(
        description in "[^\\p{C}]{0,30}",
        path in "[a-z]{1,4}[^\\p{C}#]{0,12}[a-z]",
        property in "[a-z]{1,4}[^\\p{C}]{0,12}[a-z]",
    ) {
        let mut config = bundle::read(support::QUICKSTART).remove(0);
        let server = &mut config["spec"]["servers"][0];
        server["description"] = json!(description);
        server["secrets"] = json!({"TOKEN": {"key": path, "property": property}});
        let config = config::yaml(&config, Order::Sorted);
        if Bundle::of(&config).is_ok() {
            let (page, mut asked) = (runbook(&config), 0);
            for block in commands(&page) {
                prop_assert_eq!(complaints(&block), "", "{}", block);
                for call in words_of("aws", &block) {
                    let verbs = ["create-secret", "describe-secret"];
                    if verbs.contains(&call[1].as_str()) {
                        let joined = [format!("--name={path}"), format!("--secret-id={path}")];
                        let is_path = |word: &String| *word == path || joined.contains(word);
                        prop_assert!(call.iter().any(is_path), "{call:?}");
                        asked += 1;
                    }
                }
            }
            prop_assert_eq!(asked, 2);
            let row = page.lines().find(|line| line.starts_with("| mcp-github |")).unwrap();
            prop_assert_eq!(row.matches('|').count(), 6);
        }
    }
}
