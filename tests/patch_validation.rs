//! What a patch may say is what the API server takes: its own code is asked.
//!
//! `patches/taken.yaml` has a right patch of each thing that it looks at. Changed at random, each is one that
//! mcpset refuses, or one whose objects the API server takes.

use crate::support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::support::Bundle;
use crate::support::api_validation::create;
use crate::support::config::{Order, yaml};
use crate::support::kubectl_validate::validate;
use crate::support::kustomize::Folder;
use crate::support::mutate::mutate;
use mcpset::model::Set;
use mcpset::overrides::Overrides;
use mcpset::problem::Problems;
use mcpset::resources::{apply, owned};
use mcpset::yaml::{Dialect, document, parse};
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

/// The kinds that kubectl-validate looks at.
const CUSTOM: [&str; 2] = ["ApplicationNetworkPolicy", "ExternalSecret"];

fn read(name: &str) -> Value {
    let path = support::root().join("tests/patches").join(name);
    serde_yaml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The patches that are taken.
fn taken() -> Vec<Value> {
    serde_json::from_value(read("taken.yaml")).unwrap()
}

/// The patches whose values are wrong beside each other.
fn refused() -> Vec<Value> {
    serde_json::from_value(read("refused.yaml")).unwrap()
}

/// The config with `patches`.
fn config(patches: &[Value]) -> String {
    let mut config = read("set.yaml");
    config["spec"]["servers"][0]["patches"] = json!(patches);
    yaml(&config, Order::Sorted)
}

/// The set without patches.
fn set() -> Set {
    let mut problems = Problems::default();
    let node = parse(&config(&[]), 0, &mut problems).remove(0);
    mcpset::expand(
        &node,
        Dialect::Written,
        &Overrides::default(),
        &mut problems,
    )
    .unwrap()
}

/// The objects of the patch's kind, patched whatever mcpset has against it; none where it cannot be applied.
fn patched(set: &Set, patch: &Value) -> Option<Vec<Value>> {
    let server = yaml(&json!({"patches": [patch]}), Order::Sorted);
    let mut problems = Problems::default();
    let node = parse(&server, 0, &mut problems).remove(0);
    let patches = mcpset::resolve::patches(&node, Dialect::Written, &mut problems);
    let read = patches.first()?;
    let mut objects = Vec::new();
    for (_, object) in owned(set) {
        if read.is_of(object.kind(), object.namespace()) {
            objects.push(serde_json::to_value(apply(&object, read).ok()?).unwrap());
        }
    }
    Some(objects)
}

fn documents<'o>(objects: impl IntoIterator<Item = &'o Value>) -> String {
    let mut text = String::new();
    for object in objects {
        text.push_str("---\n");
        document(&mut text, object).unwrap();
    }
    text
}

#[test]
fn all_that_the_api_server_looks_at_can_be_said() {
    for patch in taken() {
        let said = Bundle::of(&config(std::slice::from_ref(&patch))).err();
        assert_eq!(said, None, "{patch}");
    }
    let kinds: BTreeSet<String> = taken()
        .iter()
        .map(|patch| patch["kind"].to_string())
        .collect();
    assert_eq!(kinds.len(), 13, "a patch of each kind: {kinds:?}");
}

/// What is wrong nearly everywhere.
fn wrong(value: &Value) -> Option<Value> {
    match value {
        Value::String(_) => Some(json!("a b/../!")),
        Value::Number(_) => Some(json!(-1)),
        _ => None,
    }
}

/// Each scalar of `value` made wrong by itself: where it stands, and the value that holds it.
fn each_wrong(value: &Value, path: &str, all: &mut Vec<(String, Value)>) {
    let mut changed = |step: String, below: &Value, with: &dyn Fn(Value) -> Value| {
        let path = format!("{path}{step}");
        if let Some(wrong) = wrong(below) {
            all.push((path, with(wrong)));
            return;
        }
        let mut deeper = Vec::new();
        each_wrong(below, &path, &mut deeper);
        all.extend(deeper.into_iter().map(|(path, value)| (path, with(value))));
    };
    match value {
        Value::Object(fields) => {
            for (key, below) in fields.iter().filter(|(key, _)| *key != "$patch") {
                let with = |new: Value| {
                    let mut fields = fields.clone();
                    fields.insert(key.clone(), new);
                    Value::Object(fields)
                };
                changed(format!(".{key}"), below, &with);
            }
        }
        Value::Array(items) => {
            for (index, below) in items.iter().enumerate() {
                let with = |new: Value| {
                    let mut items = items.clone();
                    items[index] = new;
                    Value::Array(items)
                };
                changed(format!("[{index}]"), below, &with);
            }
        }
        _ => {}
    }
}

#[test]
fn what_is_said_of_each_wrong_value_is_as_reviewed() {
    let mut told = String::new();
    for patch in taken() {
        let kind = patch["kind"].as_str().unwrap();
        writeln!(told, "\n{kind}").unwrap();
        let mut all = Vec::new();
        each_wrong(&patch["patch"], "", &mut all);
        for (path, body) in all {
            let patch = json!({"kind": kind, "patch": body});
            let said = Bundle::of(&config(&[patch])).err();
            let said = said.unwrap_or_else(|| "taken".to_owned());
            // The path of the message is the one before it.
            let said = said.lines().next().unwrap();
            let short = said.strip_prefix("invalid-value: an API server refuses `");
            let short = short.and_then(|said| said.split_once("`: "));
            let said = short.map_or(said, |(_, why)| why);
            let place = path
                .trim_start_matches('.')
                .replace("spec.template.spec.", "…");
            writeln!(told, "  {place}: {said}").unwrap();
        }
    }
    as_reviewed("wrong-values", &told);
}

fn as_reviewed(name: &str, told: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../golden/patches");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, told));
}

#[test]
fn what_is_said_of_values_wrong_beside_each_other_is_as_reviewed() {
    let mut told = String::new();
    for mut patch in refused() {
        patch.as_object_mut().unwrap().remove("unseen");
        let said = Bundle::of(&config(std::slice::from_ref(&patch))).err();
        let said = said.unwrap_or_else(|| panic!("{patch} is taken"));
        writeln!(
            told,
            "{} {}\n{said}",
            patch["kind"].as_str().unwrap(),
            patch["patch"]
        )
        .unwrap();
    }
    as_reviewed("wrong-relations", &told);
}

#[test]
#[ignore = "needs the real api-validation: run ./test --all"]
fn the_api_server_refuses_what_is_wrong_beside_each_other() {
    let (folder, set) = (Folder::new(&[]), set());
    let refused = refused()
        .into_iter()
        .filter(|patch| patch.get("unseen").is_none());
    let refused: Vec<Value> = refused.collect();
    for (number, patch) in refused.iter().enumerate() {
        if let Some(objects) = patched(&set, patch) {
            folder.write(&format!("{number}.yaml"), &documents(&objects));
        }
    }
    let said = create(folder.path());
    let files: BTreeSet<&String> = said.refused.iter().map(|(file, _)| file).collect();
    let mut passed = Vec::new();
    for (number, patch) in refused.iter().enumerate() {
        // What cannot be applied is no object.
        let is_object = patched(&set, patch).is_some();
        if is_object && !files.contains(&format!("{number}.yaml")) {
            passed.push(patch.to_string());
        }
    }
    assert!(passed.is_empty(), "taken:\n{}", passed.join("\n"));
}

#[test]
#[ignore = "needs the real api-validation: run ./test --all"]
fn the_api_server_takes_what_can_be_said() {
    let (folder, set) = (Folder::new(&[]), set());
    for (number, patch) in taken().iter().enumerate() {
        let objects = patched(&set, patch).unwrap();
        assert!(!objects.is_empty(), "{patch}");
        folder.write(&format!("{number}.yaml"), &documents(&objects));
    }
    let said = create(folder.path());
    assert_eq!(said.refused, []);
    assert!(said.taken >= taken().len() - CUSTOM.len(), "{}", said.taken);
}

/// Patches that are changed at random.
const CHANGED: usize = 1500;

#[test]
#[ignore = "needs the real api-validation: run ./test --all"]
fn a_patch_that_is_taken_makes_objects_that_the_api_server_takes() {
    let (folder, set) = (Folder::new(&[]), set());
    let patches: Vec<Value> = taken().into_iter().filter(is_built_in).collect();
    let others: Vec<Value> = patches.iter().map(|patch| patch["patch"].clone()).collect();
    let mut runner = TestRunner::deterministic();
    let mut verdicts: BTreeMap<String, (Value, bool)> = BTreeMap::new();
    for (number, patch) in patches.iter().cycle().take(CHANGED).enumerate() {
        let mut patch = patch.clone();
        patch["patch"] = mutate(&patch["patch"], &others, &mut runner);
        // What is no patch of its kind, or cannot be applied, never becomes an object.
        let Some(objects) = patched(&set, &patch) else {
            continue;
        };
        let is_taken = Bundle::of(&config(std::slice::from_ref(&patch))).is_ok();
        let file = format!("{number}.yaml");
        folder.write(&file, &documents(&objects));
        verdicts.insert(file, (patch, is_taken));
    }
    let said = create(folder.path());
    let refused: BTreeMap<&String, &String> =
        said.refused.iter().map(|(file, why)| (file, why)).collect();
    let passed: Vec<_> = verdicts
        .iter()
        .filter(|(file, (_, is_taken))| *is_taken && refused.contains_key(file))
        .map(|(file, (patch, _))| format!("{patch}: {}", refused[file]))
        .collect();
    assert!(passed.is_empty(), "{}", passed.join("\n"));
    // The test says something only where much is taken, and much is refused.
    let is_taken = |(_, is_taken): &&(Value, bool)| *is_taken;
    let all = verdicts.values().filter(is_taken).count();
    assert!(
        all >= CHANGED / 4 && refused.len() >= CHANGED / 8,
        "{all} {}",
        refused.len()
    );
}

fn is_built_in(patch: &Value) -> bool {
    !CUSTOM.iter().any(|kind| patch["kind"] == *kind)
}

#[test]
#[ignore = "needs the real kubectl-validate: run ./test --all"]
fn a_patch_of_a_custom_kind_that_is_taken_makes_what_its_definition_takes() {
    let (folder, set) = (Folder::new(&[]), set());
    let (built_in, custom): (Vec<Value>, Vec<Value>) = taken().into_iter().partition(is_built_in);
    assert!(!built_in.is_empty());
    let others: Vec<Value> = custom.iter().map(|patch| patch["patch"].clone()).collect();
    let mut runner = TestRunner::deterministic();
    let mut all = 0;
    for (number, patch) in custom.iter().cycle().take(CHANGED / 6).enumerate() {
        let mut patch = patch.clone();
        patch["patch"] = mutate(&patch["patch"], &others, &mut runner);
        if Bundle::of(&config(std::slice::from_ref(&patch))).is_ok() {
            let objects = patched(&set, &patch).unwrap();
            folder.write(&format!("{number}.yaml"), &documents(&objects));
            all += 1;
        }
    }
    let (is_taken, said) = validate(&support::root().join("tests/crds"), folder.path());
    assert!(is_taken, "{said}");
    assert_eq!(said.matches("OK").count(), all, "{said}");
    assert!(all >= CHANGED / 24, "{all}");
}

/// How many random bundles the API server sees in one run.
const BUNDLES: usize = 300;

#[test]
#[ignore = "needs the real api-validation: run ./test --all"]
fn the_api_server_takes_hundreds_of_random_bundles() {
    let folder = Folder::new(&[]);
    let mut runner = TestRunner::deterministic();
    for number in 0..BUNDLES {
        let bundle = support::accepted().new_tree(&mut runner).unwrap().current();
        folder.write(&format!("{number}.yaml"), &bundle.text);
    }
    let said = create(folder.path());
    assert_eq!(said.refused, []);
    assert!(said.taken >= BUNDLES * 8, "{}", said.taken);
}

#[test]
#[ignore = "needs the real api-validation: run ./test --all"]
fn the_api_server_sees_every_built_in_kind() {
    let everything = support::everything();
    for (right, wrong) in [
        (
            "kind: ServiceAccount\n",
            "kind: ServiceAccount\nsecret: []\n",
        ),
        ("replicas: 4", "replicas: -4"),
        ("type: ClusterIP", "type: Cluster"),
        ("minReplicas: 1", "minReplicas: 9"),
        ("cidr: 192.0.2.0/28", "cidr: 192.0.2.300/28"),
        (
            "app.kubernetes.io/part-of: ",
            "app.kubernetes.io/part-of: a/",
        ),
    ] {
        assert!(everything.text.contains(right), "{right}");
        let text = everything.text.replacen(right, wrong, 1);
        let said = create(Folder::new(&[("set.yaml", &text)]).path());
        assert!(!said.refused.is_empty(), "{wrong}");
    }
}
