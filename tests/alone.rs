//! A set that is checked alone is checked in parts, and nothing shows that.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use crate::support::config::hundred;
use crate::support::run::run;
use mcpset::check::{self, Subject};
use mcpset::model::{CheckConfig, External};
use mcpset::overrides::Overrides;
use mcpset::problem::{Problem, Problems, Severity};
use mcpset::yaml::{self, Dialect};

/// What breaks a rule.
const LINKS: &str =
    "patches: [{kind: Deployment, patch: {spec: {template: {spec: {enableServiceLinks: true}}}}}]";

/// A set of more servers than are looked at together, `spec` beside them, and what each says.
fn config(spec: &str, says: impl Fn(usize) -> &'static str) -> String {
    let registry = "123456789012.dkr.ecr.us-east-1.amazonaws.com";
    hundred(
        &format!("  platform:\n    registry: {registry}\n{spec}\n"),
        |server| {
            let says = says(server);
            format!("{{name: s{server}, image: mcp-s{server}:1.0.0, {says}}}\n")
        },
    )
}

/// A set that breaks rules, and allows some of that.
fn with_exceptions() -> String {
    let spec = "    policy:
      exceptions:
      - {rule: service-links, server: s70, reason: it reads them}
      - {rule: service-links, server: s3, reason: this allows nothing}
      - {rule: drain, reason: nor does this}";
    config(spec, |server| match server {
        1 | 70 | 99 => LINKS,
        2 | 98 => "env: {A: {secret: elsewhere, key: a}}",
        _ => "",
    })
}

/// What was found, once each, in an order that says nothing.
fn once(found: &[Problem]) -> BTreeSet<String> {
    found.iter().map(|problem| format!("{problem:?}")).collect()
}

/// What is found in the set `text`, which is the same alone and with all its servers together.
fn found(text: &str) -> Vec<Problem> {
    let mut problems = Problems::default();
    let document = yaml::parse(text, 0, &mut problems).remove(0);
    let overrides = Overrides::default();
    let set = mcpset::decide(&document, Dialect::Written, &overrides, &mut problems);
    let set = set.unwrap_or_else(|| panic!("{:?}", problems.into_sorted()));
    let external = ["elsewhere", "unasked"].map(|name| External {
        kind: "Secret".to_owned(),
        name: name.to_owned(),
        place: None,
    });
    let config = CheckConfig {
        external: external.to_vec(),
        ..CheckConfig::default()
    };
    let mut together = Subject::default();
    together.configure(config.clone());
    together.add_set(&set, &mut Problems::default());
    let alone = check::alone(&set, &config);
    assert_eq!(once(&alone), once(&together.findings()));
    alone
}

/// The codes of the errors and warnings among `found`.
fn codes(found: &[Problem]) -> BTreeSet<&'static str> {
    let found = found.iter();
    let found = found.filter(|problem| problem.severity != Severity::Note);
    found.map(|problem| problem.code.as_str()).collect()
}

#[test]
fn parts_show_what_all_servers_together_do() {
    let found = found(&with_exceptions());
    let allowed = found.iter().filter(|problem| problem.exception.is_some());
    assert_eq!(allowed.count(), 1);
    assert_eq!(codes(&found), BTreeSet::from(["MCP018"]));
    let unused = found
        .iter()
        .filter(|problem| problem.code.as_str() == "unused");
    let unused = unused
        .map(|problem| problem.message.as_str())
        .collect::<Vec<_>>()
        .join("\n");
    for word in ["service-links", "drain", "`unasked`"] {
        assert!(unused.contains(word), "{word}: {unused}");
    }
    assert!(
        !unused.contains("`elsewhere`"),
        "two servers ask for it: {unused}"
    );
}

#[test]
fn who_asks_for_what_another_server_has_is_looked_at_with_it() {
    let secret = "secrets: {TOKEN: {key: a/b}}";
    let named = |first: &'static str| {
        config("", move |server| match server {
            0 => first,
            70 => secret,
            _ => "",
        })
    };
    let wrong_key = named("env: {A: {secret: mcp-s70-secrets, key: none}}");
    assert_eq!(codes(&found(&wrong_key)), BTreeSet::from(["MCP073"]));

    let patched = named(
        "patches: [{kind: Deployment, patch: {spec: {template: {spec: {containers: [{name: mcp-server, env: [{name: X, valueFrom: {secretKeyRef: {name: mcp-s70-secrets, key: token}}}]}]}}}}}]",
    );
    assert_eq!(codes(&found(&patched)), BTreeSet::new());

    let calls = named(
        "egress: [{namespace: litellm, podLabels: {app.kubernetes.io/name: mcp-s70, app.kubernetes.io/component: mcp-server, app.kubernetes.io/part-of: mcp}, ports: [8080]}]",
    );
    let found = found(&calls);
    assert_eq!(codes(&found), BTreeSet::from(["MCP106"]));
    let closed = found
        .iter()
        .find(|problem| problem.code.as_str() == "MCP106");
    let object = closed.unwrap().object.as_ref().unwrap();
    assert_eq!(object.name, "mcp-s70", "the policy that is to be mended");
}

#[test]
fn a_report_is_the_same_whether_or_not_something_stands_beside_the_set() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let other = "{apiVersion: v1, kind: ConfigMap, metadata: {name: other, namespace: other}}";
    let other = write("other.yaml", other);
    let report = |files: &[&Path]| {
        let mut check = Command::new(env!("CARGO_BIN_EXE_mcpset"));
        check.args(["check", "--format=json"]).args(files);
        let ended = run(&mut check, b"");
        assert_eq!(ended.stderr, "");
        (ended.status, ended.stdout)
    };
    // All at one place, in the order of the rules and then of the servers.
    let for_all = "  defaults: {patches: [{kind: Deployment, patch: {spec: {template: {spec: {containers: [{name: mcp-server, securityContext: null}]}}}}}]}";
    for (text, status) in [(with_exceptions(), 0), (config(for_all, |_| ""), 1)] {
        let set = write("set.yaml", &text);
        let alone = report(&[&set]);
        assert_eq!(alone.0, Some(status), "{}", alone.1);
        assert_eq!(alone, report(&[&set, &other]));
    }
}
