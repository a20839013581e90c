//! A set that is checked alone is checked in parts, and nothing shows that.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use crate::support::run::run;
use mcpset::check::{self, Subject};
use mcpset::model::{CheckConfig, External};
use mcpset::overrides::Overrides;
use mcpset::problem::{Problem, Problems, Severity};
use mcpset::yaml::{self, Dialect};

/// More servers than are looked at together, some of which break rules, with what allows some of that.
fn config() -> String {
    let mut config = "\
apiVersion: mcpset.dev/v1alpha1
kind: McpServerSet
metadata: {name: mcp, namespace: litellm}
spec:
  platform:
    registry: 123456789012.dkr.ecr.us-east-1.amazonaws.com
    policy:
      exceptions:
      - {rule: service-links, server: s70, reason: it reads them}
      - {rule: service-links, server: s3, reason: this allows nothing}
      - {rule: drain, reason: nor does this}
  servers:
"
    .to_owned();
    for server in 0..100 {
        let patch = match server {
            1 | 70 | 99 => {
                ", patches: [{kind: Deployment, patch: {spec: {template: {spec: {enableServiceLinks: true}}}}}]"
            }
            _ => "",
        };
        let variable = match server {
            2 | 98 => ", env: {A: {secret: elsewhere, key: a}}",
            _ => "",
        };
        writeln!(
            config,
            "  - {{name: s{server}, image: mcp-s{server}:1.0.0{patch}{variable}}}"
        )
        .unwrap();
    }
    config
}

/// What was found, once each, in an order that says nothing.
fn once(found: &[Problem]) -> BTreeSet<String> {
    found.iter().map(|problem| format!("{problem:?}")).collect()
}

#[test]
fn parts_show_what_all_servers_together_do() {
    let mut problems = Problems::default();
    let document = yaml::parse(&config(), 0, &mut problems).remove(0);
    let overrides = Overrides::default();
    let set = mcpset::decide(&document, Dialect::Written, &overrides, &mut problems).unwrap();
    let external = |kind: &str, name: &str| External {
        kind: kind.to_owned(),
        name: name.to_owned(),
        place: None,
    };
    let config = CheckConfig {
        external: vec![
            external("Secret", "unasked"),
            external("Service", "unasked"),
        ],
        ..CheckConfig::default()
    };
    let mut together = Subject::default();
    together.configure(config.clone());
    together.add_set(&set, &mut problems);
    assert_eq!(problems.into_sorted(), []);

    let parts = check::alone(&set, &config);
    let of = |severity| {
        parts
            .iter()
            .filter(move |problem| problem.severity == severity)
    };
    assert_eq!(
        of(Severity::Note)
            .filter(|note| note.exception.is_some())
            .count(),
        1
    );
    assert_eq!(
        of(Severity::Warning).count() + of(Severity::Error).count(),
        2
    );
    assert_eq!(once(&parts), once(&together.findings()));
}

#[test]
fn a_report_is_the_same_whether_or_not_something_stands_beside_the_set() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let set = write("set.yaml", &config());
    let other = "{apiVersion: v1, kind: ConfigMap, metadata: {name: other, namespace: other}}";
    let report = |files: &[&Path]| {
        let mut check = Command::new(env!("CARGO_BIN_EXE_mcpset"));
        check.args(["check", "--format=json"]).args(files);
        let ended = run(&mut check, b"");
        assert_eq!((ended.status, ended.stderr.as_str()), (Some(0), ""));
        ended.stdout
    };
    assert_eq!(
        report(&[&set]),
        report(&[&set, &write("other.yaml", other)])
    );
}
