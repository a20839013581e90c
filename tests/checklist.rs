//! `mcpset check --checklist`: the guide's eighteen points for every server, each proved, broken,
//! allowed, open or for the live cluster to show, and never proved by what is not there.

use crate::support;
use std::collections::BTreeSet;

use crate::support::Bundle;
use crate::support::config::{self, Order};
use crate::support::run::{Ended, run};
use mcpset::check::rules::CATALOGUE;
use mcpset::companions::checklist::POINTS;
use serde_json::json;

const GUIDE: &str = include_str!("checklist/guide.yaml");
const SPOILT: &str = include_str!("checklist/spoilt.yaml");

fn checklist(input: &str, more: &[&str]) -> Ended {
    let mut command = support::mcpset();
    let command = command.args(["check", "-", "--checklist"]).args(more);
    run(command, input.as_bytes())
}

/// How each point stands in the list of one server.
fn words(list: &str) -> Vec<(usize, String)> {
    let points = list.lines().filter_map(|line| {
        let number = line.get(..2)?.trim().parse().ok()?;
        Some((number, line.get(4..14)?.trim().to_owned()))
    });
    points.collect()
}

/// The numbers of the points that stand so.
fn that_are(word: &str, list: &str) -> Vec<usize> {
    let points = words(list).into_iter();
    points
        .filter(|(_, known)| known == word)
        .map(|(number, _)| number)
        .collect()
}

#[test]
fn the_lists_of_a_set_and_of_other_peoples_manifests_are_as_reviewed() {
    for (name, input, status) in [
        ("quickstart", support::QUICKSTART, 0),
        ("guide", GUIDE, 1),
        ("spoilt", SPOILT, 1),
    ] {
        let ended = checklist(input, &[]);
        assert_eq!(ended.status, Some(status), "{name}: {}", ended.stderr);
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("../golden/checklists");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(name, ended.stdout));
    }
}

#[test]
fn every_server_has_all_points_in_the_guides_order() {
    for (path, config) in support::configs() {
        let list = checklist(&config, &[]).stdout;
        let numbers: Vec<usize> = words(&list).into_iter().map(|(number, _)| number).collect();
        let servers = Bundle::of(&config).unwrap().of_kind("Deployment").len();
        let expected: Vec<usize> = (0..servers).flat_map(|_| 1..=POINTS.len()).collect();
        assert_eq!(numbers, expected, "{path}");
    }
}

#[test]
fn what_is_not_among_the_files_proves_nothing() {
    let mut bundle = Bundle::of(support::QUICKSTART).unwrap();
    let text = |bundle: &Bundle| {
        let documents = bundle.documents.iter();
        let texts = documents.map(|document| config::yaml(document, Order::Sorted));
        texts.collect::<Vec<_>>().join("---\n")
    };
    let is_of_other = |document: &serde_json::Value| document["metadata"]["name"] == "mcp-s3";
    bundle.documents.retain(|document| !is_of_other(document));
    let all = that_are("proved", &checklist(&text(&bundle), &[]).stdout);
    assert_eq!(all, [1, 2, 3, 4, 5, 7, 9, 12, 13, 15]);
    bundle
        .documents
        .retain(|document| document["kind"] == "Deployment");
    let list = checklist(&text(&bundle), &[]).stdout;
    assert_eq!(that_are("proved", &list), [1, 3, 4, 5, 7, 12], "{list}");
    assert_eq!(that_are("not needed", &list), [0; 0], "{list}");

    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: {app.kubernetes.io/component: mcp-server}}\nspec: {}\n";
    let list = checklist(pod, &[]).stdout;
    assert_eq!(that_are("proved", &list), [0; 0], "{list}");
}

#[test]
fn a_proxy_among_the_files_that_is_told_of_the_server_proves_that_litellm_knows_it() {
    let told = |url: &str| {
        let proxy = format!(
            "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: p, namespace: litellm, labels: {{app.kubernetes.io/name: litellm-proxy}}}}\nspec: {{containers: [{{name: p, env: [{{name: MCP_GITHUB_ENDPOINT, value: \"{url}\"}}]}}]}}\n"
        );
        let list = checklist(&format!("{GUIDE}{proxy}"), &[]).stdout;
        words(&list)[13].1.clone()
    };
    assert_eq!(
        told("http://mcp-github.litellm.svc.cluster.local:8080"),
        "proved"
    );
    assert_eq!(told("http://mcp-github.litellm:8080/mcp"), "proved");
    assert_eq!(told("http://mcp-github.litellm2:8080"), "live");
    assert_eq!(told("http://mcp-github.litellm.example.com"), "live");
    assert_eq!(told("http://mcp-gitlab.litellm:8080"), "live");
}

#[test]
fn a_warning_fails_when_warnings_are_denied_and_an_exception_never_does() {
    let single = support::QUICKSTART.replace(
        "image: mcp-s3:1.0.0\n",
        "image: mcp-s3:1.0.0\n    replicas: 1\n",
    );
    let ended = checklist(&single, &[]);
    assert_eq!(ended.status, Some(0));
    assert_eq!(that_are("violated", &ended.stdout), [1]);
    assert!(
        ended
            .stdout
            .contains("warning[MCP030]: `mcp-s3` has one replica (<stdin>:14:15)\n"),
        "{}",
        ended.stdout
    );
    assert_eq!(checklist(&single, &["--deny", "warnings"]).status, Some(1));
    let registry = "    registry: 123456789012.dkr.ecr.us-east-1.amazonaws.com\n";
    let policy =
        "    policy: {exceptions: [{rule: replicas, server: s3, reason: it keeps sessions}]}\n";
    let excused = single.replace(registry, &format!("{registry}{policy}"));
    let ended = checklist(&excused, &["--deny", "warnings"]);
    assert_eq!(ended.status, Some(0));
    assert_eq!(that_are("allowed", &ended.stdout), [1]);
    assert!(
        ended.stdout.contains("allowed: it keeps sessions\n"),
        "{}",
        ended.stdout
    );
}

#[test]
fn a_closed_connection_is_told_of_the_server_that_it_is_about() {
    let mut bundle = Bundle::of(support::QUICKSTART).unwrap();
    bundle.set("NetworkPolicy", "mcp-github", "/spec/ingress", json!([]));
    let documents = bundle.documents.iter();
    let texts = documents.map(|document| config::yaml(document, Order::Sorted));
    let list = checklist(&texts.collect::<Vec<_>>().join("---\n"), &[]).stdout;
    let (github, s3) = list.split_once("Deployment litellm/mcp-s3").unwrap();
    assert_eq!(that_are("violated", github), [16, 17], "{list}");
    assert_eq!(that_are("violated", s3), [0; 0], "{list}");
}

#[test]
fn a_wrong_registration_is_told_of_the_server_that_it_is_about() {
    let documents = Bundle::of(support::QUICKSTART).unwrap().documents;
    let texts = documents
        .iter()
        .map(|document| config::yaml(document, Order::Sorted));
    let bundle = texts.collect::<Vec<_>>().join("---\n");
    let config = "---
apiVersion: v1
kind: ConfigMap
metadata: {name: litellm-config, namespace: litellm}
data:
  config.yaml: |
    model_list: []
    mcp_servers:
      github: {url: http://mcp-github:80/mcp, transport: http}
      s3: {url: http://mcp-s3:8080/mcp, transport: http}
";
    let list = checklist(&format!("{bundle}{config}"), &[]).stdout;
    let (github, s3) = list.split_once("Deployment litellm/mcp-s3").unwrap();
    assert_eq!(that_are("violated", github), [14], "{list}");
    assert_eq!(that_are("violated", s3), [0; 0], "{list}");
}

#[test]
fn no_credential_is_repeated() {
    assert!(SPOILT.contains("ghp_"));
    assert!(!checklist(SPOILT, &[]).stdout.contains("ghp_"));
    let named = GUIDE.replace(
        "mcp/github/token",
        "ghp_0123456789abcdefghijABCDEFGHIJ012345",
    );
    assert!(!checklist(&named, &[]).stdout.contains("ghp_"));
}

#[test]
fn files_without_a_server_are_said_to_have_none() {
    let map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: a}\n";
    let ended = checklist(map, &[]);
    assert_eq!((ended.status, ended.stdout.as_str()), (Some(0), ""));
    assert!(
        ended.stderr.starts_with("no server among these files"),
        "{}",
        ended.stderr
    );
}

#[test]
fn it_is_text_and_no_table_of_the_network() {
    for more in [["--format", "json"].as_slice(), &["--network"]] {
        let mut command = support::mcpset();
        let command = command.args(["check", "-", "--checklist"]).args(more);
        let ended = run(command, support::QUICKSTART.as_bytes());
        assert_eq!(ended.status, Some(2), "{more:?}");
        assert!(ended.stderr.contains("cannot be used with"), "{more:?}");
    }
}

/// Rules that the checklist does not ask for: the guide does so elsewhere, or somebody else. A new
/// rule is mapped to a point, or stands here.
const UNMAPPED: [&str; 35] = [
    // The images' own, which the guide's Security Requirements are about.
    "MCP001", "MCP002", "MCP003",
    // Beyond the security context that the checklist names.
    "MCP017", "MCP018", "MCP056", // How a pod ends.
    "MCP033", // What the API server would take or refuse, whoever serves.
    "MCP052", "MCP053", "MCP054", "MCP055", "MCP064", "MCP069", "MCP070", "MCP071", "MCP074",
    "MCP075", "MCP077", "MCP078", // Alerts and dashboards.
    "MCP084", "MCP085", // LiteLLM's config where it leads to no server that is here.
    "MCP090", "MCP091", "MCP094",
    // The network beyond the connections that the checklist has people test.
    "MCP100", "MCP101", "MCP102", "MCP105", "MCP107", "MCP108", "MCP109", "MCP110", "MCP111",
    // The organisation's own policies.
    "MCP900", "MCP901",
];

#[test]
fn every_rule_is_mapped_to_one_point_or_known_to_be_about_none() {
    let mapped: Vec<&str> = POINTS
        .iter()
        .flat_map(|point| point.rules)
        .copied()
        .collect();
    let once: BTreeSet<&str> = mapped.iter().copied().collect();
    assert_eq!(mapped.len(), once.len());
    let known: BTreeSet<&str> = CATALOGUE.iter().map(|rule| rule.id).collect();
    let unmapped: BTreeSet<&str> = known.difference(&once).copied().collect();
    assert_eq!(
        unmapped,
        BTreeSet::from(UNMAPPED),
        "give the rule to a point in src/companions/checklist.rs, or list it in UNMAPPED, above"
    );
    assert!(once.is_subset(&known));
}

#[test]
fn the_points_are_about_eighteen_things() {
    let mut about = BTreeSet::new();
    for point in &POINTS {
        assert!(
            about.insert(format!("{:?}", point.about)),
            "{}",
            point.title
        );
        assert!(!point.title.is_empty());
    }
    assert_eq!(about.len(), 18);
}

#[test]
fn a_wrong_role_of_the_servers_own_account_is_a_broken_point() {
    let role = |arn: &str| {
        let account = format!(
            "---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {{name: mcp-a, namespace: a, annotations: {{eks.amazonaws.com/role-arn: \"{arn}\"}}}}\n"
        );
        let server = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: mcp-a, namespace: a}\nspec:\n  template:\n    metadata: {labels: {app.kubernetes.io/component: mcp-server}}\n    spec: {serviceAccountName: mcp-a, containers: [{name: a}]}\n";
        checklist(&format!("{server}{account}"), &[]).stdout
    };
    assert!(that_are("violated", &role("nonsense")).contains(&11));
    let right = role("arn:aws:iam::123456789012:role/a");
    assert!(!that_are("violated", &right).contains(&11));
}
