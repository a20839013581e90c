//! What LiteLLM is told of a set, for a person to read in a review, and what it must never be told.
//! The real proxy is another test's.

use crate::support;
use std::collections::BTreeSet;
use std::process::Command;

use crate::support::config::{self, Order};
use crate::support::kustomize::Folder;
use crate::support::run::run;
use proptest::prelude::*;
use serde_json::{Value, json};

/// A set that says everything LiteLLM can be told.
const SET: &str = include_str!("litellm/set.yaml");

/// The same for LiteLLM's other chart.
fn components() -> String {
    SET.replace("chart: litellm-helm", "chart: litellm")
}

fn litellm(set: &str, args: &[&str]) -> String {
    let mut command = support::mcpset();
    run(command.args(["litellm", "-"]).args(args), set.as_bytes()).done()
}

fn golden(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../golden/litellm");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

fn yaml(text: &str) -> Value {
    serde_yaml::from_str(text).unwrap()
}

#[test]
fn every_form_is_as_reviewed() {
    golden("values-litellm-helm", &litellm(SET, &["--as", "values"]));
    golden(
        "values-litellm",
        &litellm(&components(), &["--as", "values"]),
    );
    golden("config", &litellm(SET, &["--as", "config"]));
    golden("grants", &litellm(SET, &["--as", "grants"]));
    golden("grants-curl", &litellm(SET, &["--as", "grants", "--curl"]));
}

#[test]
fn both_charts_get_the_config_that_a_person_gets() {
    let config = yaml(&litellm(SET, &["--as", "config"]));
    let single = yaml(&litellm(SET, &["--as", "values"]));
    let components = yaml(&litellm(&components(), &["--as", "values"]));
    assert_eq!(single["proxy_config"], config);
    assert_eq!(components["gateway"]["config"]["proxy_config"], config);
    // It reads the gateway's.
    assert_eq!(components["backend"]["config"], Value::Null);
    for component in ["gateway", "backend"] {
        let variables = components[component]["extraEnv"].as_array().unwrap();
        for variable in variables {
            let name = variable["name"].as_str().unwrap();
            assert_eq!(single["envVars"][name], variable["value"]);
        }
        assert_eq!(
            variables.len(),
            single["envVars"].as_object().unwrap().len()
        );
    }
}

#[test]
fn the_config_map_holds_what_the_command_prints() {
    for set in [SET.to_owned(), components()] {
        let mut command = support::mcpset();
        let bundle = run(command.args(["render", "-"]), set.as_bytes()).done();
        let documents = support::documents(&bundle);
        let map = documents.iter().find(|object| object.name == "mcp-litellm");
        let map = map.unwrap();
        assert_eq!(map.value["metadata"]["namespace"], "gateway");
        let text = map.value["data"]["values.yaml"].as_str().unwrap();
        assert_eq!(text, litellm(&set, &["--as", "values"]));
        let without = set.replace("registration: configMap", "registration: none");
        let mut command = support::mcpset();
        let bundle = run(command.args(["render", "-"]), without.as_bytes()).done();
        assert!(!bundle.contains("mcp-litellm"));
    }
}

#[test]
fn a_server_that_checks_users_reaches_the_keys_and_others_do_not() {
    let mut command = support::mcpset();
    let bundle = run(command.args(["render", "-"]), SET.as_bytes()).done();
    let opened: Vec<String> = support::documents(&bundle)
        .into_iter()
        .filter(|object| object.kind == "NetworkPolicy" && object.text.contains("port: 4000"))
        .map(|object| object.name)
        .collect();
    assert_eq!(opened, ["mcp-s3"]);
    assert_eq!(bundle.matches("name: MCP_AUTH_JWKS_URI").count(), 1);
}

#[test]
fn commands_are_for_grants_only() {
    let mut command = support::mcpset();
    let args = ["litellm", "-", "--as", "values", "--curl"];
    let ended = run(command.args(args), SET.as_bytes());
    assert_eq!(ended.status, Some(2), "{}", ended.stderr);
}

#[test]
fn the_commands_hand_over_the_grants_unchanged() {
    let folder = Folder::new(&[(
        "curl",
        "#!/bin/sh\nfor last; do :; done\nprintf '%s\\n' \"$last\"\n",
    )]);
    let curl = folder.path().join("curl");
    let script = litellm(SET, &["--as", "grants", "--curl"]).replace("curl ", "sh \"$CURL\" ");
    let output = Command::new("sh")
        .args(["-euc", &script])
        .env("CURL", curl)
        .env("LITELLM_URL", "http://127.0.0.1:9")
        .env("LITELLM_MASTER_KEY", "sk")
        .output()
        .unwrap();
    let posted: Vec<Value> = support::stdout_of(output)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let grants: Vec<Value> = serde_json::from_str(&litellm(SET, &["--as", "grants"])).unwrap();
    assert_eq!(posted, grants);
}

/// The config in the ConfigMap of a bundle, if it has one.
fn registered(bundle: &support::Bundle) -> Option<(Value, Value)> {
    let name = format!("{}-litellm", bundle.config["metadata"]["name"].as_str()?);
    let maps = bundle.of_kind("ConfigMap");
    let map = maps
        .iter()
        .find(|map| map["metadata"]["name"] == name.as_str())?;
    let values = yaml(map["data"]["values.yaml"].as_str()?);
    let config = if values["gateway"].is_null() {
        &values["proxy_config"]
    } else {
        &values["gateway"]["config"]["proxy_config"]
    };
    Some((config.clone(), values))
}

/// What LiteLLM takes for a reference: any text of the config, at any depth.
fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            found.extend(text.strip_prefix("os.environ/").map(str::to_owned));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        Value::Object(entries) => entries.values().for_each(|item| references(item, found)),
        _ => {}
    }
}

proptest! {
    #![proptest_config(support::cases(48))]

    /// LiteLLM forgives what it does not understand, so each of these would fail silently.
    #[test]
    fn litellm_understands_what_it_is_told(bundle in support::accepted()) {
        let Some((config, values)) = registered(&bundle) else { return Ok(()) };
        let servers = config["mcp_servers"].as_object().unwrap();
        prop_assert_eq!(servers.len(), bundle.pods().len());
        let mut asked = BTreeSet::new();
        references(&config, &mut asked);
        let text = values.to_string();
        for (name, server) in servers {
            prop_assert!(!name.contains('-'));
            prop_assert!(server["allow_all_keys"] == false);
            prop_assert!(server["available_on_public_internet"].is_boolean());
            prop_assert!(["http", "sse"].contains(&server["transport"].as_str().unwrap()));
            let variable = server["url"].as_str().unwrap().strip_prefix("os.environ/").unwrap();
            prop_assert!(asked.remove(variable));
            prop_assert!(text.contains(&format!("\"{variable}\"")), "{variable} has no value");
        }
        let known = ["A", "PROXY_REGION", "A_1", "MCP_KEY", "MCP_TOKEN", "_T"];
        prop_assert!(asked.iter().all(|name| known.contains(&name.as_str())), "{asked:?}");
    }
}

#[test]
fn values_that_kubectl_cannot_apply_are_refused() {
    let mut set = yaml(SET);
    let server = set["spec"]["servers"][2].clone();
    let of = |servers: usize| -> Vec<Value> {
        let numbered = |number| {
            let mut server = server.clone();
            server["name"] = json!(format!("server-{number}"));
            server
        };
        (0..servers).map(numbered).collect()
    };
    let mut render = |servers: usize| {
        set["spec"]["servers"] = json!(of(servers));
        let text = config::yaml(&set, Order::Sorted);
        let mut command = support::mcpset();
        run(command.args(["render", "-"]), text.as_bytes())
    };
    render(300).done();
    let said = render(700).refused();
    assert!(
        said.starts_with("error[too-large]: LiteLLM's values for these 700 servers have "),
        "{said}"
    );
}

#[test]
fn a_description_cannot_ask_for_a_variable_of_the_proxy() {
    let mut set = yaml(SET);
    set["spec"]["servers"][0]["description"] = json!("os.environ/LITELLM_MASTER_KEY");
    let mut command = support::mcpset();
    let text = config::yaml(&set, Order::Sorted);
    run(command.args(["render", "-"]), text.as_bytes()).refused();
}
