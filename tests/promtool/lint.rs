//! `promtool check rules` with all of its lints.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::promtool::promtool::{self, Folder};
use crate::promtool::rules::Rules;
use crate::support;

/// Asserts that rules of a config are without fault, and counts the objects that hold them.
fn check(folder: &Folder, path: &Path) -> usize {
    let objects = Rules::objects(path);
    for rules in &objects {
        folder.write("rules", &rules.file());
        let (is_well, said) = folder.check("rules");
        assert!(is_well, "{}:\n{said}", path.display());
    }
    objects.len()
}

#[test]
#[ignore = "needs the real promtool: run ./test"]
fn promtool_finds_nothing_in_the_rules_of_any_config() {
    let folder = promtool::folder("configs");
    for set in ["guide", "otel", "objectives"] {
        check(
            &folder,
            Path::new(&format!("tests/promtool/sets/{set}.yaml")),
        );
    }
    let configs = support::configs();
    let count: usize = configs
        .iter()
        .map(|(path, _)| check(&folder, Path::new(path)))
        .sum();
    assert!(count > 2, "{count} objects in {} configs", configs.len());
}

/// Rules of one name must differ in their labels, however objectives are spelt.
#[test]
#[ignore = "needs the real promtool: run ./test"]
fn promtool_finds_nothing_where_every_server_promises_something_else() {
    let mut config = String::from(
        "apiVersion: mcpset.dev/v1alpha1
kind: McpServerSet
metadata: {name: many, namespace: mcp}
spec:
  platform: {registry: registry.example.com}
  servers:
",
    );
    let latencies = ["500ms", "1s", "1000ms", "1m", "60s", "1m30s", "90s"];
    for (number, latency) in (0..120).zip(latencies.iter().cycle()) {
        let availability = f64::from(90 + number % 10) + f64::from(number) / 1000.0;
        writeln!(
            config,
            "  - name: s{number}
    image: s:1.0.0
    objectives: {{availability: {availability}, latency: {latency}, rateLimitRemaining: {}, concurrentRequests: {}}}",
            number + 1,
            number % 7 + 1,
        )
        .unwrap();
    }
    let folder = promtool::folder("many");
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("promtool/many/many.yaml");
    fs::write(&path, config).unwrap();
    assert!(check(&folder, &path) > 1, "one object for so many servers");
}

/// The tests above would see it.
#[test]
#[ignore = "needs the real promtool: run ./test"]
fn promtool_finds_a_broken_rule() {
    let folder = promtool::folder("broken");
    let with = |change: &dyn Fn(&mut Value)| {
        let mut rules = Rules::of("guide").file();
        let groups = rules["groups"].as_array_mut().unwrap();
        let targets = groups
            .iter_mut()
            .find(|group| group["name"] == "targets")
            .unwrap();
        change(&mut targets["rules"]);
        folder.write("rules", &rules);
        folder.check("rules")
    };
    let found = |change: &dyn Fn(&mut Value), word: &str| {
        let (is_well, said) = with(change);
        assert!(!is_well && said.contains(word), "{word}: {said}");
    };
    assert!(with(&|_| ()).0);
    found(&|rules| rules[0]["expr"] = json!("absent(up{)"), "parse");
    found(&|rules| rules[0]["for"] = json!("ten minutes"), "duration");
    found(
        &|rules| rules[0]["annotations"]["summary"] = json!("{{ $value | humanise }}"),
        "humanise",
    );
    found(
        &|rules| {
            let rule = rules[0].clone();
            rules.as_array_mut().unwrap().push(rule);
        },
        "duplicate",
    );
}
