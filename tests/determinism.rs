//! The same input, the same bytes: in whatever process and part of the world, however often it went
//! through, and in whatever order its servers stand.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::changes::objects;
use crate::support::config::{self, Order};
use crate::support::{self, strategy};
use mcpset::hosts::{krm, splice, stream};
use mcpset::problem::Problems;
use mcpset::source::{Origin, Sources};
use mcpset::yaml::Dialect;
use proptest::prelude::*;
use serde_json::{Value, json};

/// Commands whose output another program reads, each with a set.
const COMMANDS: [&[&str]; 15] = [
    &["render", "SET"],
    &["render", "SET", "--format", "json"],
    &["litellm", "SET", "--as", "values"],
    &["litellm", "SET", "--as", "config"],
    &["litellm", "SET", "--as", "grants"],
    &["iam", "SET", "--as", "trust"],
    &["iam", "SET", "--as", "policy"],
    &["iam", "SET", "--as", "commands"],
    &["iam", "SET", "--as", "ack"],
    &["dashboard", "SET"],
    &["runbook", "SET"],
    &["graph", "SET", "--as", "svg"],
    &["check", "SET", "--format", "sarif"],
    &["check", "SET", "--checklist"],
    &["schema", "--as", "crd"],
];

/// Environments, each in an order of its own: what a process sees is a list.
const WORLDS: [&[&str]; 3] = [
    &[],
    &[
        "LC_ALL=tr_TR.UTF-8",
        "TZ=Asia/Kathmandu",
        "HOME=/",
        "TERM=xterm-256color",
        "COLUMNS=20",
    ],
    &[
        "TZ=America/St_Johns",
        "NO_COLOR=1",
        "LANG=ja_JP.eucJP",
        "LC_ALL=POSIX",
        "CI=true",
        "RUST_BACKTRACE=full",
        "LANGUAGE=ar:he",
    ],
];

/// What the command writes in that environment and folder, and how it ends.
fn run(words: &[&str], world: &[&str], folder: &Path) -> (Option<i32>, Vec<u8>) {
    // `env` hands the variables over in the order of its words, which std does not.
    let output = Command::new("env")
        .arg("-i")
        .args(world)
        .arg(env!("CARGO_BIN_EXE_mcpset"))
        .args(words)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    (output.status.code(), output.stdout)
}

#[test]
fn every_command_writes_the_same_bytes_wherever_it_runs() {
    let set = support::root().join("tests/configs/everything.yaml");
    for words in COMMANDS {
        let mut first = None;
        for world in WORLDS {
            let folder = tempfile::tempdir().unwrap();
            // A path of its own in each folder would stand in messages.
            std::fs::copy(&set, folder.path().join("SET")).unwrap();
            let ended = run(words, world, folder.path());
            assert!(!ended.1.is_empty(), "{words:?} {world:?}");
            let first = first.get_or_insert_with(|| ended.clone());
            assert!(*first == ended, "{words:?} {world:?}");
        }
    }
}

/// What a host's stream becomes.
fn post_rendered(text: &str) -> Option<String> {
    let (mut sources, mut problems) = (Sources::default(), Problems::default());
    let index = sources
        .add("<stdin>", text.to_owned(), Origin::Person)
        .ok()?;
    let edits = stream::expand(index, Dialect::Written, &sources, &mut problems);
    let mut out = Vec::new();
    splice::write(text, &edits, &mut out).unwrap();
    (!problems.has_errors()).then(|| String::from_utf8(out).unwrap())
}

/// What a ResourceList becomes.
fn answered(text: &str) -> Option<String> {
    let (mut sources, mut problems) = (Sources::default(), Problems::default());
    let index = sources.add("<stdin>", text.to_owned(), Origin::Host).ok()?;
    let answer = krm::answer(index, &sources, &mut problems)?;
    let mut out = Vec::new();
    answer.write(text, &[], &mut out).unwrap();
    Some(String::from_utf8(out).unwrap())
}

/// A ResourceList with `config` among its items.
fn list_with(config: &Value) -> String {
    let other = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "other"}});
    let list = json!({
        "apiVersion": "config.kubernetes.io/v1",
        "kind": "ResourceList",
        "items": [other, config],
    });
    config::yaml(&list, Order::Sorted)
}

proptest! {
    #![proptest_config(support::cases(8))]

    #[test]
    fn what_is_expanded_is_expanded_no_further(bundle in support::accepted()) {
        let text = config::yaml(&bundle.config, Order::Sorted);
        let once = post_rendered(&format!("---\n{text}"));
        prop_assert_eq!(once.as_deref(), Some(bundle.text.as_str()));
        prop_assert_eq!(post_rendered(&bundle.text), once);

        // A host writes dates without quotes, which are refused there.
        if let Some(once) = answered(&list_with(&bundle.config)) {
            prop_assert!(!once.contains("McpServerSet\""));
            prop_assert_eq!(answered(&once), Some(once));
        }
    }
}

/// A config with more servers than the others have, and their order turned.
fn permuted() -> impl Strategy<Value = (Value, Value)> {
    let numbers = Just((0..6_usize).collect::<Vec<_>>()).prop_shuffle();
    (strategy::config(), strategy::config(), numbers).prop_map(|(mut config, other, numbers)| {
        let servers = config["spec"]["servers"].as_array_mut().unwrap();
        for (index, server) in other["spec"]["servers"]
            .as_array()
            .unwrap()
            .iter()
            .enumerate()
        {
            let mut server = server.clone();
            server["name"] = json!(format!("more{index}"));
            servers.push(server);
        }
        let mut turned = config.clone();
        let order = numbers
            .iter()
            .filter_map(|number| config["spec"]["servers"].get(*number));
        turned["spec"]["servers"] = order.cloned().collect();
        (config, turned)
    })
}

proptest! {
    #![proptest_config(support::cases(10))]

    #[test]
    fn in_another_order_of_servers_every_object_is_the_same_to_the_byte((config, turned) in permuted()) {
        let by_id = |config: &Value| {
            let objects = objects(config)?.into_iter();
            let texts = objects.map(|(id, (text, _, called))| (id, text, called));
            Some(texts.collect::<Vec<_>>())
        };
        prop_assert_eq!(by_id(&turned), by_id(&config));
    }
}
