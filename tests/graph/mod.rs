//! Who talks to whom, drawn: complete, readable, and the same each time.

use crate::support;
mod drawing;
mod peers;
mod picture;

use std::collections::BTreeSet;
use std::fs;

use crate::support::config::{self, Order};
use crate::support::run::{Ended, run};
use crate::support::{Bundle, QUICKSTART, bundle};
use drawing::{FORMS, decoded, drawn, shown};
use proptest::prelude::*;
use serde_json::{Value, json};

/// What `mcpset graph` with `args` makes of `input`.
fn graph(args: &[&str], input: &str) -> Ended {
    let mut command = support::mcpset();
    run(command.arg("graph").args(args), input.as_bytes())
}

fn golden(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../golden/graphs");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

#[test]
fn the_graphs_of_two_examples_are_as_reviewed() {
    for (example, forms) in [
        ("quickstart", FORMS.as_slice()),
        // Its picture is in docs, and kept by a test of its own.
        ("twelve", &FORMS[..2]),
    ] {
        let path = format!("examples/{example}.yaml");
        for form in forms {
            let text = graph(&[&path, "--as", form], "").done();
            golden(&format!("{example}-{form}"), &text);
        }
    }
}

#[test]
fn a_form_that_nobody_names_is_mermaid_and_a_run_is_like_another() {
    let path = "examples/twelve.yaml";
    let text = graph(&[path], "").done();
    assert_eq!(graph(&[path, "--as", "mermaid"], "").done(), text);
    let input = fs::read_to_string(support::root().join(path)).unwrap();
    assert_eq!(graph(&["-"], &input).done(), text);
}

#[test]
fn several_sets_are_drawn_together_and_what_they_share_once() {
    let second = QUICKSTART.replace("name: mcp,", "name: second,").replacen(
        "spec:",
        "spec:\n  namePrefix: second-",
        1,
    );
    let both = format!("{QUICKSTART}---\n{second}");
    for form in FORMS {
        let text = decoded(form, &graph(&["-", "--as", form], &both).done());
        for server in ["mcp-github", "mcp-s3", "second-github", "second-s3"] {
            assert!(text.contains(server), "{form}: {server}");
        }
    }
    let chart = graph(&["-"], &both).done();
    assert_eq!(chart.matches("subgraph ").count(), 2);
    assert_eq!(chart.matches("[\"LiteLLM").count(), 1);
    assert_eq!(chart.matches("[\"DNS").count(), 1);
    let bytes = both.replacen("name: second,", "name: mcp,", 1);
    assert!(graph(&["-"], &bytes).refused().contains("two sets write"));
}

#[test]
fn what_is_wrong_is_said_as_elsewhere() {
    let wrong = QUICKSTART.replacen("  - name: s3", "  - name: S3", 1);
    assert!(graph(&["-"], &wrong).refused().contains("<stdin>:"));
    for args in [&["-", "--as", "png"][..], &[]] {
        let ended = graph(args, QUICKSTART);
        assert_eq!((ended.status, ended.stdout.as_str()), (Some(2), ""));
    }
    let ended = graph(&["nowhere.yaml"], "");
    assert!(ended.refused().contains("nowhere.yaml cannot be read"));
}

/// [`QUICKSTART`] as a tree.
fn quickstart() -> Value {
    bundle::read(QUICKSTART).remove(0)
}

#[test]
fn a_connection_that_a_patch_closes_is_drawn_closed() {
    let mut config = quickstart();
    let rules = ["dns-access", "declared-egress"];
    let allowed = rules.map(|rule| json!({"rule": rule, "server": "github", "reason": "a test"}));
    config["spec"]["platform"]["policy"] = json!({"exceptions": allowed});
    let patch = json!({"kind": "NetworkPolicy", "patch": {"spec": {"egress": []}}});
    config["spec"]["servers"][0]["patches"] = json!([patch]);
    let config = config::yaml(&config, Order::Sorted);
    let [chart, dot, svg] = drawn(&config).unwrap();
    let closed = "closed by NetworkPolicy mcp-default-deny, NetworkPolicy mcp-github";
    for line in [
        format!("n2 --x|\"TCP 53, UDP 53<br>{closed}\"| n4"),
        format!("n2 --x|\"TCP 443<br>{closed}\"| n6"),
        "n3 -->|\"TCP 443<br>NetworkPolicy mcp-s3\"| n6".to_owned(),
    ] {
        assert!(chart.contains(&line), "{line}\n{chart}");
    }
    assert_eq!(dot.matches("arrowhead=tee").count(), 3);
    assert!(svg.contains("class=\"wire shut\""));
    for open in drawn(QUICKSTART).unwrap() {
        assert!(
            !["--x", "tee", "wire shut"]
                .iter()
                .any(|sign| open.contains(sign))
        );
    }
}

#[test]
fn a_platform_without_policies_says_so() {
    let config = QUICKSTART.replacen(
        "  platform:\n",
        "  platform:\n    network: {policies: false}\n",
        1,
    );
    for (form, text) in FORMS.iter().zip(drawn(&config).unwrap()) {
        let text = decoded(form, &text);
        assert!(text.contains("no network policy"), "{form}");
        assert!(!text.contains("NetworkPolicy"), "{form}");
    }
}

#[test]
fn keys_and_identities_have_their_names() {
    let everything = drawn(support::EVERYTHING).unwrap();
    for (form, text) in FORMS.iter().zip(&everything) {
        let text = decoded(form, text);
        for name in [
            "Kubernetes API",
            "EKS Pod Identity agent",
            "SecretStore team-store",
            "mcp/github/app#private-key",
            "corporate-proxy",
            "registry-credentials",
            "arn:aws:iam::123456789012:role/mcp/github-role",
            "Role mcp.tools-github in team-a",
            "ApplicationNetworkPolicy tools-github",
        ] {
            assert!(text.contains(name), "{form}: {name}");
        }
    }
}

/// What the drawings of a bundle must show: its servers, their Secrets, what these are fetched from, and
/// whom policies open, as an independent reader finds them.
fn facts(bundle: &Bundle) -> BTreeSet<String> {
    let mut facts = BTreeSet::new();
    let mut add = |value: &Value| facts.extend(value.as_str().map(str::to_owned));
    let items = |value: &Value| value.as_array().cloned().unwrap_or_default();
    for kind in [
        "Deployment",
        "ServiceAccount",
        "NetworkPolicy",
        "ExternalSecret",
    ] {
        for object in bundle.of_kind(kind) {
            add(&object["metadata"]["name"]);
        }
    }
    for secret in bundle.of_kind("ExternalSecret") {
        add(&secret["spec"]["secretStoreRef"]["name"]);
        for item in items(&secret["spec"]["data"]) {
            add(&item["remoteRef"]["key"]);
        }
    }
    for policy in bundle.of_kind("NetworkPolicy") {
        for rule in items(&policy["spec"]["egress"]) {
            for to in items(&rule["to"]) {
                add(&to["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"]);
                match to["ipBlock"]["cidr"].as_str() {
                    Some("0.0.0.0/0" | "::/0") => add(&json!("the internet")),
                    _ => add(&to["ipBlock"]["cidr"]),
                }
            }
            for port in items(&rule["ports"]) {
                add(&json!(port["port"].to_string()));
            }
        }
    }
    for policy in bundle.of_kind("ApplicationNetworkPolicy") {
        for rule in items(&policy["spec"]["egress"]) {
            for to in items(&rule["to"]) {
                items(&to["domainNames"]).iter().for_each(&mut add);
            }
        }
    }
    facts
}

proptest! {
    #![proptest_config(support::cases(24))]

    #[test]
    fn everything_is_drawn_in_every_form(bundle in support::accepted()) {
        let config = config::yaml(&bundle.config, Order::Sorted);
        let drawings = drawn(&config).unwrap();
        for (form, text) in FORMS.iter().zip(&drawings) {
            let text = decoded(form, text);
            for fact in facts(&bundle) {
                prop_assert!(text.contains(&shown(form, &fact)), "{form}: {fact}\n{text}");
            }
        }
        prop_assert_eq!(drawn(&config).unwrap(), drawings);
    }

    #[test]
    fn hostile_texts_stay_what_they_are(
        key in "[a-z]{1,4}[^\\p{C}#]{0,20}[a-z]",
        property in "[a-z]{1,4}[^\\p{C}]{0,20}[a-z]",
    ) {
        let mut config = quickstart();
        config["spec"]["servers"][0]["secrets"] = json!({"TOKEN": {"key": key, "property": property}});
        let config = config::yaml(&config, Order::Sorted);
        prop_assume!(Bundle::of(&config).is_ok());
        let tame = drawn(QUICKSTART).unwrap();
        for ((form, text), tame) in FORMS.iter().zip(drawn(&config).unwrap()).zip(tame) {
            let said = format!("{key}#{property}");
            prop_assert!(decoded(form, &text).contains(&said), "{form}: {text}");
            // Long ones take several lines of a picture.
            if *form != "svg" {
                prop_assert_eq!(text.lines().count(), tame.lines().count());
            }
        }
    }
}
