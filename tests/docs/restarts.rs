//! The table in docs/operations.md that says which change of a set replaces which pods.

use std::collections::BTreeMap;

use serde_yaml::Value;

use super::page::Page;
use crate::support;

/// The pod templates of the set's Deployments, by name.
fn templates(set: &Value) -> BTreeMap<String, Value> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mcp.yaml");
    std::fs::write(&path, serde_yaml::to_string(set).unwrap()).unwrap();
    let deployments = support::render(&path).into_iter();
    let deployments = deployments.filter(|object| object.kind == "Deployment");
    deployments
        .map(|object| (object.name, object.value["spec"]["template"].clone()))
        .collect()
}

/// Puts what `change` says into `into`.
fn merge(into: &mut Value, change: &Value) {
    if let (Value::Mapping(into), Value::Mapping(change)) = (&mut *into, change) {
        for (key, value) in change {
            merge(into.entry(key.clone()).or_insert(Value::Null), value);
        }
    } else {
        *into = change.clone();
    }
}

/// The set with a row's change: of the platform, of the server that the change is about, or of the
/// first.
fn changed(set: &Value, change: &Value) -> (Value, &'static str) {
    let mut set = set.clone();
    let spec = &mut set["spec"];
    if let Some(platform) = change.get("platform") {
        merge(&mut spec["platform"], platform);
        return (set, "");
    }
    let (index, name) = if change.get("aws").is_some() {
        (1, "mcp-s3")
    } else {
        (0, "mcp-github")
    };
    merge(&mut spec["servers"][index], change);
    (set, name)
}

/// The Deployments that `mcpset diff` says are restarted when `old` becomes `new`, and those that should be.
fn told(old: &Value, new: &Value) -> (Vec<String>, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    for (name, set) in [("old.yaml", old), ("new.yaml", new)] {
        let text = serde_yaml::to_string(set).unwrap();
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let output = support::mcpset()
        .args(["diff", "old.yaml", "new.yaml", "--format", "json"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let with = |effect: &str| -> Vec<String> {
        let effects = report["effects"].as_array().unwrap().iter();
        let effects = effects.filter(|told| told["effect"] == effect);
        effects
            .map(|told| told["name"].as_str().unwrap().to_owned())
            .collect()
    };
    (with("restart"), with("stale"))
}

#[test]
fn the_pods_that_a_change_replaces_are_those_of_the_table() {
    let set: Value = serde_yaml::from_str(support::QUICKSTART).unwrap();
    let before = templates(&set);
    let mut rows = 0;
    for (cell, says) in Page::read("docs/operations.md").rows("you change") {
        rows += 1;
        let code = cell.split('`').nth(1).unwrap();
        let change: Value = serde_yaml::from_str(code).unwrap();
        let (after, server) = changed(&set, &change);
        assert_ne!(set, after, "{code}");
        let (restarted, stale) = told(&set, &after);
        let after = templates(&after);
        let replaced: Vec<&str> = before
            .iter()
            .filter(|(name, template)| after.get(*name) != Some(*template))
            .map(|(name, _)| name.as_str())
            .collect();
        let expected = match says.trim_start_matches('*') {
            says if says.starts_with("this server's") => vec![server],
            says if says.starts_with("all") => vec!["mcp-github", "mcp-s3"],
            says if says.starts_with("none") => vec![],
            says => panic!("{code}: {says}"),
        };
        assert_eq!(replaced, expected, "{code}");
        assert_eq!(restarted, expected, "{code}");
        let is_bold = says.starts_with("**none**");
        let expected = if is_bold { vec![server] } else { vec![] };
        assert_eq!(stale, expected, "{code}");
    }
    assert!(rows > 15, "only {rows} rows were found");
}
