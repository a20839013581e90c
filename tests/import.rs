//! `mcpset import`: real documents of public projects in, sets that people go on with out.
//!
//! The documents are in `import/`, a folder for each format, as their projects have them
//! (`import/SOURCES.md` says where); the reviewed sets are in `golden/import`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use mcpset::import::{Wanted, import};
use mcpset::problem::{Code, Problems};
use mcpset::source::{Origin, Sources};
use mcpset::yaml::{Dialect, decode, parse};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use support::run::{Ended, run};

/// The formats, each a folder.
const FORMATS: [&str; 5] = ["registry", "client", "toolhive", "kmcp", "workload"];

/// What some documents ask for.
const VARIABLES: [(&str, &str); 4] = [
    (
        "registry/grafana",
        "GRAFANA_URL=https://grafana.example.com",
    ),
    ("registry/kubernetes", "v=/srv/kubeconfig:/kubeconfig"),
    ("client/azure-devops", "ado_org=contoso"),
    ("client/grafana-plugin", "CLAUDE_PLUGIN_ROOT=/opt/plugin"),
];

/// Documents in which nothing is to be deployed.
const NOTHING: [&str; 3] = [
    "client/servers",
    "client/context7-power",
    "client/github-gemini",
];

/// The documents of `format`: their name, and their files.
fn documents(format: &str) -> Vec<(String, Vec<String>)> {
    let folder = support::root().join("tests/import").join(format);
    let mut entries: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    let relative = |path: &Path| {
        path.strip_prefix(support::root())
            .unwrap()
            .display()
            .to_string()
    };
    entries
        .into_iter()
        .map(|path| {
            let name = format!("{format}/{}", path.file_stem().unwrap().to_str().unwrap());
            let mut files = vec![relative(&path)];
            if path.is_dir() {
                files = fs::read_dir(&path)
                    .unwrap()
                    .map(|entry| relative(&entry.unwrap().path()))
                    .collect();
                files.sort();
            }
            (name, files)
        })
        .collect()
}

fn imported(name: &str, files: &[String]) -> Ended {
    let variables = VARIABLES.iter().filter(|(document, _)| *document == name);
    let variables = variables.flat_map(|(_, variable)| ["--var", variable]);
    let arguments = ["import"]
        .into_iter()
        .chain(variables)
        .chain(files.iter().map(String::as_str));
    run(support::mcpset().args(arguments), b"")
}

fn golden(group: &str, name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(format!("../golden/{group}"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.remove_snapshot_suffix();
    settings.bind(|| insta::assert_snapshot!(name.replace('/', "-"), text));
}

#[test]
fn every_format_has_five_documents_of_public_projects_or_more() {
    let sources = fs::read_to_string(support::root().join("tests/import/SOURCES.md")).unwrap();
    for format in FORMATS {
        let found = documents(format);
        assert!(found.len() >= 5, "{format}: {}", found.len());
        for (_, files) in found {
            for file in files {
                let name = file.strip_prefix("tests/import/").unwrap();
                assert!(
                    sources.contains(&format!("| `{name}` |")),
                    "{name} has no source"
                );
            }
        }
    }
}

#[test]
fn every_document_becomes_the_set_that_was_reviewed() {
    for (name, files) in FORMATS.into_iter().flat_map(documents) {
        let ended = imported(&name, &files);
        if NOTHING.contains(&name.as_str()) {
            golden("import", &name, &ended.refused());
            continue;
        }
        assert_eq!(ended.status, Some(0), "{name}: {}", ended.stderr);
        golden("import", &name, &ended.stdout);
    }
}

#[test]
fn two_runs_write_the_same_bytes() {
    for (name, files) in FORMATS.into_iter().flat_map(documents) {
        let (first, second) = (imported(&name, &files), imported(&name, &files));
        assert_eq!(
            (first.stdout, first.stderr),
            (second.stdout, second.stderr),
            "{name}"
        );
    }
}

#[test]
fn what_mcpset_refuses_of_an_imported_set_is_said_beside_the_line() {
    let mut rendered = 0;
    for (name, files) in FORMATS.into_iter().flat_map(documents) {
        if NOTHING.contains(&name.as_str()) {
            continue;
        }
        let set = imported(&name, &files).stdout;
        let ended = run(support::mcpset().args(["render", "-"]), set.as_bytes());
        rendered += usize::from(ended.status == Some(0));
        let lines: Vec<&str> = set.lines().collect();
        let errors = ended
            .stderr
            .split("\nerror[")
            .filter(|part| ended.status != Some(0) && part.contains("<stdin>:"));
        for error in
            errors.filter(|part| part.starts_with("error[") || !part.starts_with("warning"))
        {
            let place = error.split("<stdin>:").nth(1).unwrap();
            let line: usize = place.split(':').next().unwrap().parse().unwrap();
            let above = lines[..line - 1]
                .iter()
                .rev()
                .take_while(|line| line.trim_start().starts_with('#'));
            assert!(
                above.clone().any(|line| line.contains("# to do: ")),
                "{name}: {error}\n{set}"
            );
        }
    }
    assert!(rendered >= 3, "only {rendered} sets are complete");
}

/// A value that no output may hold, whatever the field.
const PLANTED: &str = "Pl4nted-hunter2";

/// Sources with [`PLANTED`] wherever people put credentials.
fn planted() -> Vec<String> {
    let client = |server: Value| json!({"mcpServers": {"a": server}}).to_string();
    let deployment = |container: Value| {
        let container = {
            let mut whole =
                json!({"name": "a", "image": "a/b:1", "ports": [{"containerPort": 80}]});
            whole
                .as_object_mut()
                .unwrap()
                .extend(container.as_object().unwrap().clone());
            whole
        };
        json!({
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a"},
            "spec": {"template": {"spec": {"containers": [container]}}},
        })
        .to_string()
    };
    let registry = |package: Value| {
        let mut whole =
            json!({"registryType": "oci", "identifier": "a/b:1", "transport": {"type": "stdio"}});
        whole
            .as_object_mut()
            .unwrap()
            .extend(package.as_object().unwrap().clone());
        json!({"name": "x/a", "packages": [whole]}).to_string()
    };
    let p = PLANTED;
    vec![
        client(json!({"command": "npx", "args": ["-y", "a"], "env": {"API_KEY": p}})),
        client(json!({"command": "npx", "args": ["-y", "a", "--api-key", p]})),
        client(json!({"command": "npx", "args": ["-y", "a", format!("--token={p}")]})),
        client(json!({"command": "npx", "args": ["-y", "a", "--header", format!("Authorization: Bearer {p}")]})),
        client(json!({"command": "npx", "args": ["mcp-remote", format!("https://a.example/{p}/sse?key={p}")]})),
        client(json!({"command": "docker", "args": ["run", "-i", "-e", format!("DB_PASSWORD={p}"), "a/b:1"]})),
        client(json!({"command": "docker", "args": ["run", "-e", "TOKEN", "a/b:1"], "env": {"TOKEN": p}})),
        client(json!({"command": "docker", "args": ["run", format!("--env=TOKEN={p}"), "a/b:1"]})),
        client(json!({"command": "docker", "args": ["run", "-ie", format!("TOKEN={p}"), "a/b:1"]})),
        client(json!({"command": "docker", "args": ["run", "-ite", format!("TOKEN={p}"), "a/b:1"]})),
        client(json!({"command": "docker", "args": ["run", format!("-eTOKEN={p}"), "a/b:1"]})),
        client(json!({"command": "docker", "args": ["run", "--secret", p, "a/b:1"]})),
        client(json!({"command": "npx", "args": ["-y", "a", "--token", format!("-{p}")]})),
        client(json!({"command": "npx", "args": ["-y", "a", "--header", "Authorization:", "Bearer", p]})),
        client(json!({"command": format!("run Authorization: Bearer {p}")})),
        client(json!({"command": "sh", "args": ["-c", format!("run --token '{p}' x")]})),
        client(json!({"command": "node", "args": ["x.js"], "env": {"URL": format!("postgres://a:{p}@db/x")}})),
        client(json!({"url": format!("https://user:{p}@a.example/sse?token={p}"), "headers": {"Authorization": p}})),
        client(json!({"command": "npx", "args": ["-y", "a", p], "env": {"SECRET": p, "OTHER": p}})),
        // Refused, and so said on standard error.
        client(json!({"command": "npx", "args": ["a", "${input:org}"], "env": {"API_KEY": p}})),
        format!("{{\"mcpServers\": {{\"a\": {{\"env\": {{\"API_KEY\": \"{p}\" \"b\": 1}}}}}}}}"),
        format!("{{\"mcpServers\": {{\"a\": {{\"args\": [\"--api-key\",\n\"{p}\" \"b\"]}}}}}}"),
        format!("apiVersion: v1\nkind: Secret\ndata:\n  a: {p}\n b: 1\n"),
        format!("{{\"name\": \"a\", \"api_key\": \"{p}\"}}"),
        format!("a:\n  private-key: |\n    one\n    {p}\n   b: [\n"),
        format!("x: 1\n\"token\": 1\n{p}: 1\n{p}: 2\n"),
        deployment(json!({"env": [{"name": "API_KEY", "value": p}]})),
        deployment(json!({"args": ["--password", p]})),
        deployment(json!({"command": ["sh", "-c", format!("TOKEN={p} run")]})),
        deployment(json!({"envFrom": [{"secretRef": {"name": "s"}}]}))
            + &format!("\n---\napiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\nstringData: {{TOKEN: {p}}}\ndata: {{OTHER: {p}}}\n"),
        deployment(json!({"args": ["x", p], "env": [{"name": "X", "value": p}]}))
            + "\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {X: UGw0bnRlZC1odW50ZXIy}\n",
        deployment(json!({"args": ["x", p], "env": [{"name": "X", "value": p}]}))
            + &format!("\n---\napiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\nstringData: {{X: {p}}}\n"),
        deployment(json!({"envFrom": [{"configMapRef": {"name": "s"}}]}))
            + &format!("\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: s}}\ndata: {{TOKEN: {p}}}\n"),
        registry(json!({"environmentVariables": [{"name": "X", "isSecret": true, "default": p}]})),
        registry(json!({"environmentVariables": [{"name": "X_TOKEN", "value": p}]})),
        registry(json!({"packageArguments": [{"type": "named", "name": "--api-key", "value": p}]})),
        registry(json!({"runtimeArguments": [{"type": "named", "name": "-e", "value": format!("TOKEN={p}")}]})),
        registry(json!({"environmentVariables": [{"name": "X", "isSecret": true, "value": p}]})),
        registry(json!({"packageArguments": [{"type": "positional", "isSecret": true, "value": p}]})),
        registry(json!({"packageArguments": [{"type": "positional", "isSecret": true, "default": p}]})),
        registry(json!({"packageArguments": [{"type": "named", "name": "--x", "isSecret": true, "value": format!("{p}==")}]})),
        registry(json!({"packageArguments": [{"type": "named", "name": "--x", "isSecret": true, "default": p}]})),
        registry(json!({"runtimeArguments": [{"type": "named", "name": "-e", "isSecret": true, "value": format!("FOO={p}")}]})),
        registry(json!({"runtimeArguments": [{"type": "named", "name": "-e", "isSecret": true, "value": p}]})),
        registry(json!({"environmentVariables": [
            {"name": "X", "value": "a{v}", "variables": {"v": {"isSecret": true, "value": p}}},
            {"name": "Y", "description": format!("such as {p}"), "isRequired": true, "isSecret": true, "default": p},
        ]})),
        json!({
            "inputs": [{"id": "x", "type": "promptString", "password": true, "default": p}],
            "servers": {"a": {"command": "npx", "args": ["a", "${input:x}", p], "env": {"X": "${input:x}", "Y": p}}},
        })
        .to_string(),
        json!({
            "apiVersion": "toolhive.stacklok.dev/v1beta1", "kind": "MCPServer", "metadata": {"name": "a"},
            "spec": {"image": "a/b:1", "args": ["--token", p], "env": [{"name": "TOKEN", "value": p}]},
        })
        .to_string(),
        json!({
            "apiVersion": "kagent.dev/v1alpha1", "kind": "MCPServer", "metadata": {"name": "a"},
            "spec": {"deployment": {"image": "a/b:1", "cmd": "x", "env": {"TOKEN": p}}},
        })
        .to_string(),
    ]
    .into_iter()
    .chain(planted_in_texts())
    .collect()
}

/// Sources in which [`PLANTED`] is a part of a text, in every field that takes one.
fn planted_in_texts() -> Vec<String> {
    let p = PLANTED;
    let texts = [
        format!("token={p}"),
        format!("api key: {p}"),
        format!("{{\"client_secret\": \"{p}\"}}"),
        format!("AccountKey={p};x=1"),
        format!("Authorization: Basic {p}"),
        format!("Bearer {p}"),
        format!("run --api-key {p}"),
        format!("https://{p}@host/x"),
        format!("https://u:a/{p}@h"),
        format!("https://u:a#{p}@h"),
        format!("https://u:${p}@h"),
        format!("https://h/x?access_token={p}&y=1"),
        format!("a\npassphrase: {p}\n"),
    ];
    let mut sources = Vec::new();
    for text in texts {
        let text = text.as_str();
        for client in [
            json!({"command": "npx", "args": ["a", text]}),
            json!({"command": "npx", "args": [text]}),
            json!({"command": "uvx", "args": ["--from", text, "x"]}),
            json!({"command": text}),
            json!({"command": text, "args": ["x"]}),
            json!({"command": "sh", "args": ["-c", text]}),
            json!({"command": "a", "env": {"X": text}}),
            json!({"command": "a", "env": {(text): "x"}}),
            json!({"command": "a", "headers": {(text): text}, (text): text}),
            json!({"url": text}),
            json!({"command": "docker", "args": ["run", "-v", text, "a/b:1"]}),
            json!({"command": "docker", "args": ["run", "--log-opt", text, "a/b:1"]}),
            json!({"command": "docker", "args": ["run", "--entrypoint", text, "a/b:1"]}),
            json!({"command": "docker", "args": ["run", "-e", text, text, text]}),
            json!({"command": "a", "args": ["${input:org}", text]}),
        ] {
            sources.push(json!({"mcpServers": {"a": client}}).to_string());
        }
        sources.push(json!({"mcpServers": {(text): {"command": "a"}}}).to_string());
        sources.push(
            json!({"name": text, "description": text, "version": text, "packages": [{
                "registryType": "pypi", "identifier": text, "version": text, (text): text,
                "packageArguments": [{"type": "positional", "value": text}],
                "environmentVariables": [{"name": text, "value": text, "description": text, "isRequired": true}],
                "transport": {"type": "sse", "url": text},
            }], "remotes": [{"url": text}]})
            .to_string(),
        );
        let template = json!({
            "metadata": {"annotations": {"a/b": text}, "labels": {"a/b": text}},
            "spec": {
                "nodeSelector": {"a/b": text},
                "priorityClassName": text,
                "volumes": [
                    {"name": "a", "emptyDir": {}}, {"name": "b", "hostPath": {"path": text}},
                    {"name": "c", "configMap": {"name": "m"}}, {"name": text, "secret": {"secretName": text}},
                ],
                "containers": [{
                    "name": "a", "image": text, "ports": [{"containerPort": 80}], "args": ["x", text],
                    "workingDir": text,
                    "env": [{"name": "X", "value": text}, {"name": "Y", "valueFrom": {
                        "configMapKeyRef": {"name": "m", "key": "k"},
                    }}],
                    "volumeMounts": [
                        {"name": "a", "mountPath": format!("/{text}")}, {"name": "b", "mountPath": text},
                        {"name": "c", "mountPath": text}, {"name": text, "mountPath": text},
                    ],
                }],
            },
        });
        sources.push(
            json!({"apiVersion": "v1", "kind": "List", "items": [
                {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a"}, "spec": {"template": template}},
                {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "m"}, "data": {"k": text}},
            ]})
            .to_string(),
        );
    }
    sources
}

#[test]
fn no_credential_of_a_source_is_ever_printed() {
    let mut told = Vec::new();
    for source in planted() {
        let ended = run(support::mcpset().args(["import", "-"]), source.as_bytes());
        assert!(
            ended.status.is_some_and(|status| status < 2),
            "{source}: {}",
            ended.stderr
        );
        for printed in [ended.stdout, ended.stderr] {
            if let Some(line) = printed.lines().find(|line| line.contains(PLANTED)) {
                told.push(format!("{source}\n  {line}"));
            }
        }
    }
    assert!(told.is_empty(), "{}", told.join("\n"));
}

#[test]
fn what_is_masked_leaves_the_set_whole() {
    let import = |server: Value| {
        let source = json!({"mcpServers": {"a": server}}).to_string();
        run(support::mcpset().args(["import", "-"]), source.as_bytes()).stdout
    };
    let env = json!({"A_TOKEN": "A_TOKEN", "B_TOKEN": "B_TOKEN", "Api1Key": "Api1Key", "Api2Key": "Api2Key"});
    let set = import(json!({"command": "a", "env": env}));
    for line in [
        "A_TOKEN: mcp/",
        "B_TOKEN: mcp/",
        "Api1Key: mcp/",
        "Api2Key: mcp/",
    ] {
        assert!(set.contains(line), "{line}: {set}");
    }
    let args = ["run", "-e", "AUTH_IMG=1.0.0-rc1", "img:1.0.0-rc1"];
    let set = import(json!({"command": "docker", "args": args}));
    assert!(set.contains("image: img:1.0.0-rc1"), "{set}");
}

#[test]
fn a_var_without_a_name_is_refused_and_not_repeated() {
    for var in [PLANTED.to_owned(), format!("={PLANTED}")] {
        let ended = run(support::mcpset().args(["import", "-", "--var", &var]), b"");
        assert_eq!(ended.status, Some(2), "{}", ended.stderr);
        assert!(ended.stderr.contains("NAME=VALUE"), "{}", ended.stderr);
        assert!(!ended.stderr.contains(PLANTED), "{}", ended.stderr);
    }
}

#[test]
fn references_of_the_kubelet_are_followed_once_and_never_without_end() {
    let grown = |value: &str| {
        let mut env = vec![json!({"name": "A0", "value": "x".repeat(64)})];
        for n in 1..40 {
            let value = value.replace('A', &format!("A{}", n - 1)).repeat(8);
            env.push(json!({"name": format!("A{n}"), "value": value}));
        }
        let container = json!({
            "name": "a", "image": "a/b:1", "ports": [{"containerPort": 80}], "env": env,
            "args": ["$$(A0)"],
        });
        let document = json!({
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a"},
            "spec": {"template": {"spec": {"containers": [container]}}},
        });
        run(
            support::mcpset().args(["import", "-"]),
            document.to_string().as_bytes(),
        )
    };
    let ended = grown("$(A)");
    assert_eq!(ended.status, Some(0), "{}", ended.stderr);
    assert!(ended.stdout.len() < 200_000, "{}", ended.stdout.len());
    assert!(ended.stdout.contains("args: [$(A0)]"));
    assert!(ended.stdout.contains("which references make too long"));
}

#[test]
fn every_bad_input_is_refused_and_told_as_reviewed() {
    insta::glob!("import/bad/*", |path| {
        let name = path.file_name().unwrap().to_str().unwrap();
        let file = format!("tests/import/bad/{name}");
        let told = run(support::mcpset().args(["import", &file]), b"").refused();
        let errors = told.matches("\nerror[").count() + 1;
        assert!(told.matches("= help: ").count() >= errors, "{name}: {told}");
        golden("import_bad", &name.replace('.', "-"), &told);
    });
}

#[test]
fn flags_say_name_namespace_and_registry() {
    let arguments = [
        "import",
        "-",
        "--name",
        "tools",
        "--namespace",
        "ai",
        "--registry",
        "registry.example.com/mcp",
    ];
    let source =
        json!({"mcpServers": {"x": {"command": "docker", "args": ["run", "-i", "ghcr.io/a/x:1"]}}});
    let ended = run(
        support::mcpset().args(arguments),
        source.to_string().as_bytes(),
    );
    for line in [
        "name: tools, namespace: ai",
        "registry: registry.example.com/mcp",
        "# mirror: ghcr.io/a/x:1",
        "image: x:1",
    ] {
        assert!(ended.stdout.contains(line), "{line}: {}", ended.stdout);
    }
    assert!(!ended.stdout.contains("placeholder"), "{}", ended.stdout);
}

#[test]
fn the_page_shows_what_a_file_becomes() {
    let page = fs::read_to_string(support::root().join("docs/import.md")).unwrap();
    let (_, rest) = page.split_once("```yaml\n").unwrap();
    let shown = rest.split_once("```").unwrap().0;
    let arguments = [
        "run",
        "-i",
        "--rm",
        "-e",
        "GITHUB_PERSONAL_ACCESS_TOKEN",
        "ghcr.io/github/github-mcp-server:v1.10.1",
    ];
    let source = json!({"mcpServers": {"github": {
        "command": "docker", "args": arguments, "env": {"GITHUB_PERSONAL_ACCESS_TOKEN": PLANTED},
    }}});
    let ended = run(
        support::mcpset().args(["import", "-"]),
        source.to_string().as_bytes(),
    );
    assert!(ended.stdout.ends_with(shown), "{}", ended.stdout);
}

/// Texts that would like to be YAML.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[a-z0-9./:@-]{0,20}",
        Just("x\n- evil: true\n#".to_owned()),
        Just("${input:x}".to_owned()),
        Just("{x}".to_owned()),
        Just("ghcr.io/a/b:1".to_owned()),
        Just("docker".to_owned()),
        Just("npx".to_owned()),
        Just("run".to_owned()),
        Just("-e".to_owned()),
        Just("\u{85}\u{2028}\u{feff}".to_owned()),
    ]
}

/// Keys that some format knows.
fn key() -> impl Strategy<Value = String> {
    const KNOWN: &[&str] = &[
        "command",
        "args",
        "env",
        "url",
        "image",
        "spec",
        "template",
        "metadata",
        "name",
        "namespace",
        "containers",
        "ports",
        "containerPort",
        "volumes",
        "volumeMounts",
        "mountPath",
        "emptyDir",
        "configMap",
        "resources",
        "limits",
        "cpu",
        "securityContext",
        "runAsUser",
        "replicas",
        "transport",
        "type",
        "value",
        "valueFrom",
        "secretKeyRef",
        "key",
        "identifier",
        "registryType",
        "packageArguments",
        "environmentVariables",
        "isSecret",
        "isRequired",
        "default",
        "deployment",
        "cmd",
        "secrets",
        "tolerations",
        "livenessProbe",
        "httpGet",
        "path",
        "port",
        "description",
        "version",
        "data",
        "annotations",
        "labels",
        "serviceAccountName",
        "httpTransport",
    ];
    prop_oneof![4 => prop::sample::select(KNOWN).prop_map(str::to_owned), 1 => text()]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        4 => text().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::Null),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(key(), inner, 0..6).prop_map(|map| json!(map)),
        ]
    })
}

/// Documents of every format with anything in them.
fn document() -> impl Strategy<Value = Value> {
    let object = |version: &'static str, kind: &'static str| {
        value().prop_map(move |spec| {
            json!({"apiVersion": version, "kind": kind, "metadata": {"name": "a"}, "spec": spec})
        })
    };
    let container = value().prop_map(|container| {
        let mut whole = json!({"name": "a", "ports": [{"containerPort": 80}]});
        if let Value::Object(map) = container {
            whole.as_object_mut().unwrap().extend(map);
        }
        json!({
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a"},
            "spec": {"template": {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [whole]}}},
        })
    });
    let words = || prop::collection::vec(text(), 0..6);
    let env = || prop::collection::hash_map(text(), text(), 0..4);
    prop_oneof![
        value(),
        object("toolhive.stacklok.dev/v1beta1", "MCPServer"),
        object("kagent.dev/v1alpha1", "MCPServer"),
        object("apps/v1", "Deployment"),
        container,
        (text(), text(), words(), env()).prop_map(|(name, command, args, env)| {
            json!({"mcpServers": {name: {"command": command, "args": args, "env": env}}})
        }),
        (text(), words(), env()).prop_map(|(name, args, env)| {
            let args: Vec<String> = ["run".to_owned()].into_iter().chain(args).collect();
            json!({"servers": {name: {"command": "docker", "args": args, "env": env}}})
        }),
        (text(), text(), value()).prop_map(|(name, description, package)| {
            json!({"name": name, "description": description, "packages": [package]})
        }),
    ]
}

/// What `source` becomes, and what is told.
fn import_text(source: &str) -> (Option<String>, Vec<String>) {
    let mut sources = Sources::default();
    let index = sources.add("x", source.to_owned(), Origin::Person).unwrap();
    let wanted = Wanted {
        name: "mcp".to_owned(),
        namespace: None,
        registry: None,
    };
    let mut problems = Problems::default();
    let text = import(&[index], BTreeMap::new(), &wanted, &sources, &mut problems);
    assert_eq!(text.is_none(), problems.has_errors());
    let told = problems
        .into_sorted()
        .into_iter()
        .map(|problem| problem.message)
        .collect();
    (text, told)
}

#[test]
fn most_generated_documents_become_sets() {
    let mut runner = TestRunner::deterministic();
    let made = (0..200).filter(|_| {
        let document = document().new_tree(&mut runner).unwrap().current();
        import_text(&document.to_string()).0.is_some()
    });
    let made = made.count();
    assert!(made >= 100, "{made} of 200");
}

proptest! {
    #![proptest_config(support::cases(600))]

    #[test]
    fn whatever_is_imported_is_a_set_and_nothing_leaves_its_comment(document in document()) {
        let (text, _) = import_text(&document.to_string());
        let Some(text) = text else { return Ok(()) };
        let read: serde_yaml::Value = serde_yaml::from_str(&text)
            .map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
        prop_assert!(read["evil"].is_null());
        let mut problems = Problems::default();
        let mut nodes = parse(&text, 0, &mut problems);
        prop_assert_eq!(nodes.len(), 1);
        let node = nodes.remove(0);
        let set = decode::<mcpset::api::McpServerSet>(&node, Dialect::Written, &mut problems);
        prop_assert!(set.is_some());
        let wrong: Vec<_> = problems
            .into_sorted()
            .into_iter()
            .filter(|problem| matches!(problem.code, Code::UnknownField | Code::WrongType | Code::AmbiguousValue | Code::Syntax | Code::DuplicateField | Code::InvalidValue))
            .map(|problem| problem.message)
            .collect();
        prop_assert_eq!(wrong, Vec::<String>::new(), "{}", text);
    }

    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        import_text(&text);
    }
}
