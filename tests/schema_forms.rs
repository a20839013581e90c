//! The schema in the forms that others read: committed for editors, as definitions for an API server, as
//! OpenAPI for kustomize.

use crate::support;
use std::fs;
use std::process::Command;

use crate::support::kubectl_validate::validate;
use crate::support::kustomize::Folder;
use crate::support::{bundle, run::run};
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use serde_json::{Value, json};

/// The files under `schema/`, and what makes each.
const COMMITTED: [(&str, &[&str]); 4] = [
    ("mcpserverset.json", &[]),
    ("mcpserversetcheck.json", &["--kind", "McpServerSetCheck"]),
    ("crd.yaml", &["--as", "crd"]),
    ("openapi.json", &["--as", "openapi"]),
];

fn printed(words: &[&str]) -> String {
    run(support::mcpset().arg("schema").args(words), b"").done()
}

/// `UPDATE_SCHEMA=1 cargo test --test all schema_forms::` writes them anew.
#[test]
fn what_is_committed_is_what_the_types_say() {
    let folder = support::root().join("schema");
    for (name, words) in COMMITTED {
        let path = folder.join(name);
        let now = printed(words);
        if std::env::var_os("UPDATE_SCHEMA").is_some() {
            fs::write(&path, &now).unwrap();
        }
        let there = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            there == now,
            "schema/{name} is not up to date: UPDATE_SCHEMA=1 cargo test --test all schema_forms::"
        );
    }
    let files = fs::read_dir(folder).unwrap().count();
    assert_eq!(files, COMMITTED.len());
}

#[test]
fn the_kind_is_one_of_those_that_there_are() {
    assert_eq!(printed(&["--kind", "mcpserverset"]), printed(&[]));
    let one = printed(&["--as", "crd", "--kind", "McpServerSetCheck"]);
    assert!(!one.contains("---") && printed(&["--as", "crd"]).ends_with(&one));
    let ended = run(support::mcpset().args(["schema", "--kind", "Server"]), b"");
    assert_eq!((ended.status, ended.stdout.as_str()), (Some(2), ""));
    assert!(
        ended.stderr.contains("McpServerSetCheck"),
        "{}",
        ended.stderr
    );
}

#[test]
fn every_example_leads_an_editor_to_the_schema() {
    let mut files = support::examples();
    files.push("kustomize-plugin/mcpset.yaml".into());
    for file in files {
        let text = fs::read_to_string(support::root().join(&file)).unwrap();
        let first = text.lines().next().unwrap();
        let schema = first.strip_prefix("# yaml-language-server: $schema=");
        let schema = schema.unwrap_or_else(|| panic!("{}: {first}", file.display()));
        let schema = support::root().join(file.parent().unwrap()).join(schema);
        assert_eq!(
            schema.canonicalize().unwrap(),
            support::root()
                .join("schema/mcpserverset.json")
                .canonicalize()
                .unwrap()
        );
    }
}

fn definitions() -> Vec<Value> {
    bundle::read(&printed(&["--as", "crd"]))
}

#[test]
fn a_definition_is_one_that_kubernetes_types_can_hold_whole() {
    for definition in definitions() {
        let typed: CustomResourceDefinition = serde_json::from_value(definition.clone()).unwrap();
        let held = in_floats(&json!(typed));
        assert!(
            held == in_floats(&definition),
            "a field is unknown to the type"
        );
    }
}

/// `value` with numbers of one type, as bounds have.
fn in_floats(value: &Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_f64()),
        Value::Array(items) => items.iter().map(in_floats).collect(),
        Value::Object(fields) => {
            let fields = fields
                .iter()
                .map(|(key, value)| (key.clone(), in_floats(value)));
            Value::Object(fields.collect())
        }
        other => other.clone(),
    }
}

#[test]
fn no_definition_has_a_default_that_an_api_server_would_write_down() {
    for definition in definitions() {
        bundle::visit_mappings(&definition, "", &mut |place, mapping| {
            let is_field = place.ends_with("/properties");
            assert!(is_field || !mapping.contains_key("default"), "{place}");
        });
    }
    let text = printed(&["--as", "crd"]);
    assert!(
        text.contains("Default: 8080 (the guide"),
        "but each is told"
    );
}

#[test]
#[ignore = "needs the real kubectl-validate: run ./test --all"]
fn an_api_server_takes_the_definitions_and_by_them_every_config() {
    let crd = printed(&["--as", "crd"]);
    let folder = Folder::new(&[("crd.yaml", &crd)]);
    let (taken, said) = validate(folder.path(), &folder.path().join("crd.yaml"));
    assert!(taken, "{said}");
    let configs = support::configs();
    assert!(configs.len() >= 18);
    for (path, text) in configs {
        let set = Folder::new(&[("set.yaml", &text)]);
        let (taken, said) = validate(folder.path(), &set.path().join("set.yaml"));
        assert!(taken, "{path}: {said}");
    }
}

#[test]
#[ignore = "needs the real kubectl-validate: run ./test --all"]
fn an_api_server_refuses_what_the_definitions_do_not_know() {
    let crd = printed(&["--as", "crd"]);
    let folder = Folder::new(&[("crd.yaml", &crd)]);
    for (right, wrong, problem) in [
        ("replicas: 3", "replica: 3", "unknown field"),
        ("port: 3000", "port: 0", "greater than or equal to 1"),
        ("transport: sse", "transport: grpc", "Unsupported value"),
        ("replicas: 3", "replicas: three", "must be of type integer"),
    ] {
        assert!(support::EVERYTHING.contains(right), "{right}");
        let set = Folder::new(&[("set.yaml", &support::EVERYTHING.replacen(right, wrong, 1))]);
        let (taken, said) = validate(folder.path(), &set.path().join("set.yaml"));
        assert!(!taken, "{wrong}");
        assert!(said.contains(problem), "{wrong}: {said}");
    }
    let unsound = crd.replacen(
        "x-kubernetes-list-map-keys:",
        "x-kubernetes-list-map-key:",
        1,
    );
    let folder = Folder::new(&[("crd.yaml", &unsound)]);
    let (taken, _) = validate(folder.path(), &folder.path().join("crd.yaml"));
    assert!(!taken, "the test of the definitions can fail");
}

/// What an overlay changes: a set, and objects of Kubernetes' own kinds beside it.
const BASE: &str = include_str!("data/openapi_base.yaml");
const PATCHES: &str = include_str!("data/openapi_patches.yaml");

/// What kustomize makes of `BASE` and `PATCHES`, with the schema or without.
fn built(with_schema: bool) -> Vec<Value> {
    let named = if with_schema {
        "openapi: {path: openapi.json}\n"
    } else {
        ""
    };
    let overlay = format!("{named}resources: [base.yaml]\npatches: [{{path: patches.yaml}}]\n");
    let folder = Folder::new(&[
        ("kustomization.yaml", &overlay),
        ("base.yaml", BASE),
        ("patches.yaml", PATCHES),
        ("openapi.json", &printed(&["--as", "openapi"])),
    ]);
    let output = Command::new(support::peer("kustomize"))
        .arg("build")
        .arg(folder.path())
        .output()
        .unwrap();
    bundle::read(&support::stdout_of(output))
}

#[test]
#[ignore = "needs the real kustomize: run ./test"]
fn by_the_schema_kustomize_merges_servers_by_name() {
    let set = |with_schema: bool| {
        let mut objects = built(with_schema).into_iter();
        let set = objects.find(|object| object["kind"] == "McpServerSet");
        set.unwrap()
    };
    let servers = &set(true)["spec"]["servers"];
    let named = |name: &str| {
        let servers = servers.as_array().unwrap().iter();
        servers
            .clone()
            .find(|server| server["name"] == name)
            .unwrap()
            .clone()
    };
    assert_eq!(servers.as_array().unwrap().len(), 3);
    assert_eq!(
        named("github"),
        json!({"name": "github", "image": "mcp-github:1.0.0", "replicas": 3})
    );
    assert_eq!(named("s3"), json!({"name": "s3", "image": "mcp-s3:1.0.0"}));
    assert_eq!(
        named("jira"),
        json!({"name": "jira", "image": "mcp-jira:2.0.0"})
    );
    let replaced = &set(false)["spec"]["servers"];
    assert_eq!(
        replaced.as_array().unwrap().len(),
        2,
        "without the schema the list is replaced"
    );
}

#[test]
#[ignore = "needs the real kustomize: run ./test"]
fn beside_the_schema_kustomize_merges_its_own_kinds_as_before() {
    let others = |with_schema: bool| -> Vec<Value> {
        let objects = built(with_schema).into_iter();
        objects
            .filter(|object| object["kind"] != "McpServerSet")
            .collect()
    };
    let as_before = others(false);
    assert!(as_before.len() >= 10, "{}", as_before.len());
    for (now, before) in others(true).iter().zip(&as_before) {
        assert_eq!(now, before, "{}", before["kind"]);
    }
}
