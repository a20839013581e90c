//! What does not change the output: the run, the order of keys, the host.

use crate::support;
use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::support::bundle::{id, read};
use crate::support::config::{self, Order};
use crate::support::{Bundle, schema, strategy};
use mcpset::resources::{Part, objects, parts};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

/// Runs mcpset as its own process, in another place of the world each time.
fn run(args: &[&str], stdin: &str, place: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_mcpset"))
        .args(args)
        .env_clear()
        .env("TZ", place)
        .env("LANG", "tr_TR.UTF-8")
        .env("HOME", folder.path())
        .current_dir(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    String::from_utf8(output.stdout).unwrap()
}

/// What kustomize sends to a generator: keys sorted, comments gone, and a copy of the config among
/// the items.
fn resource_list(config: &Value) -> String {
    let mut copy = config.clone();
    copy["metadata"]["annotations"]["config.kubernetes.io/local-config"] = json!("true");
    let list = json!({
        "apiVersion": "config.kubernetes.io/v1",
        "kind": "ResourceList",
        "functionConfig": config,
        "items": [copy],
    });
    config::yaml(&list, Order::Sorted)
}

/// The items that the KRM function writes for `config`.
fn items(config: &Value) -> Value {
    let list = read(&run(&[], &resource_list(config), "UTC")).remove(0);
    assert_eq!(list["kind"], "ResourceList");
    list["items"].clone()
}

#[test]
fn two_processes_write_the_same_bytes() {
    for (path, text) in support::configs() {
        let first = run(&["render", "-"], &text, "UTC");
        let second = run(&["render", "-"], &text, "Asia/Kathmandu");
        assert_eq!(first, second, "{path}");
        assert_eq!(first, Bundle::of(&text).unwrap().text, "{path}");
    }
}

#[test]
fn the_program_writes_the_same_objects_as_a_krm_function() {
    for (path, text) in support::configs() {
        let config = read(&text).remove(0);
        assert_eq!(
            items(&config),
            json!(Bundle::of(&text).unwrap().documents),
            "{path}"
        );
    }
}

proptest! {
    #![proptest_config(support::cases(40))]

    #[test]
    fn the_order_of_keys_changes_nothing(config in strategy::config(), seed: u64) {
        let render = |order| Bundle::of(&config::yaml(&config, order)).map(|bundle| bundle.text);
        if let Ok(sorted) = render(Order::Sorted) {
            prop_assert_eq!(render(Order::Reversed), Ok(sorted.clone()));
            prop_assert_eq!(render(Order::Shuffled(seed)), Ok(sorted));
        } else {
            // What is wrong stays wrong.
            prop_assert!(render(Order::Shuffled(seed)).is_err());
        }
    }

    #[test]
    fn the_order_of_servers_only_changes_the_order_within_a_kind(bundle in support::accepted()) {
        let mut config = bundle.config.clone();
        config["spec"]["servers"].as_array_mut().unwrap().reverse();
        let reversed = Bundle::of(&config::yaml(&config, Order::Sorted)).unwrap();
        prop_assert_eq!(kinds(&bundle), kinds(&reversed));
        prop_assert_eq!(by_id(&bundle), by_id(&reversed));
        // Those of the servers come in the servers' order, those of the set first.
        let deployments = |bundle: &Bundle| -> Vec<_> {
            bundle.of_kind("Deployment").into_iter().map(id).collect()
        };
        let mut turned = deployments(&reversed);
        turned.reverse();
        prop_assert_eq!(deployments(&bundle), turned);
    }

    #[test]
    fn yaml_readers_get_what_json_readers_get(bundle in support::accepted()) {
        prop_assert_eq!(&bundle.documents, &bundle.objects);
        for object in &bundle.objects {
            let text = serde_json::to_string(object).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Value>(&text).unwrap(), object);
        }
    }
}

proptest! {
    // Each case is a process.
    #![proptest_config(support::cases(20))]

    #[test]
    fn a_krm_function_writes_the_same_objects(bundle in support::accepted()) {
        // kustomize makes such a text of an unquoted date, so it is refused there.
        prop_assume!(!bundle.config.to_string().contains("T00:00:00Z"));
        prop_assert_eq!(items(&bundle.config), json!(bundle.documents));
    }
}

/// The kinds of the documents, in their order, each once where several follow each other.
fn kinds(bundle: &Bundle) -> Vec<String> {
    let mut kinds: Vec<_> = bundle
        .documents
        .iter()
        .map(|d| d["kind"].to_string())
        .collect();
    kinds.dedup();
    kinds
}

fn by_id(bundle: &Bundle) -> BTreeMap<String, &Value> {
    bundle
        .documents
        .iter()
        .map(|document| (id(document), document))
        .collect()
}

/// How many of 100 generated configs mcpset must accept at least; otherwise the properties of all
/// accepted configs say little.
const ACCEPTED: usize = 75;

#[test]
fn most_generated_configs_are_accepted_and_together_they_use_every_field() {
    let mut runner = TestRunner::deterministic();
    let mut fields = std::collections::BTreeSet::new();
    let mut accepted = 0;
    let all = 300;
    for _ in 0..all {
        let config = strategy::config().new_tree(&mut runner).unwrap().current();
        if let Ok(bundle) = Bundle::of(&config::yaml(&config, Order::Sorted)) {
            accepted += 1;
            fields.extend(schema::used_fields(&bundle.config));
        }
    }
    assert!(
        accepted * 100 >= all * ACCEPTED,
        "{accepted} of {all} are accepted"
    );
    let known = schema::all_fields();
    let missing: Vec<_> = known.difference(&fields).collect();
    assert_eq!(missing, [""; 0], "no generated config uses these");
}

#[test]
fn a_generated_config_is_read_as_it_was_made() {
    let mut runner = TestRunner::deterministic();
    for seed in 0..100 {
        let config = strategy::config().new_tree(&mut runner).unwrap().current();
        // serde_yaml takes no escaped NUL, and mcpset takes none either.
        if config.to_string().contains("\\u0000") {
            continue;
        }
        for order in [Order::Sorted, Order::Reversed, Order::Shuffled(seed)] {
            assert_eq!(read(&config::yaml(&config, order)).remove(0), config);
        }
    }
}

#[test]
fn parts_of_any_size_are_all_objects_in_their_order() {
    let bundle = mcpset::Bundle::read("everything.yaml", support::EVERYTHING).unwrap();
    let set = &bundle.sets()[0];
    let all: Vec<_> = objects(set).map(|object| format!("{object:?}")).collect();
    for servers in [0, 1, 2, 1000] {
        let parts = parts(set, servers);
        let objects = parts.iter().flat_map(Part::objects);
        let in_parts: Vec<_> = objects.map(|object| format!("{object:?}")).collect();
        assert_eq!(in_parts, all);
    }
}
