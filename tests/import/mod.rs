//! `mcpset import`: real documents of public projects in, sets that people go on with out.
//!
//! The documents are in `import/`, a folder for each format, as their projects have them
//! (`import/SOURCES.md` says where); the reviewed sets are in `golden/import`.

use crate::support;
mod generated;
mod planted;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::support::run::{Ended, run};
use generated::document;
use mcpset::api;
use mcpset::import::{Wanted, import};
use mcpset::problem::{Code, Problems};
use mcpset::source::{Origin, Sources};
use mcpset::yaml::{Dialect, decode, parse};
use planted::{PLANTED, planted};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

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
    settings.set_snapshot_path(format!("../../golden/{group}"));
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
    insta::glob!("bad/*", |path| {
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
        for server in api::servers(&node) {
            let server = decode::<api::Server>(server, Dialect::Written, &mut problems);
            prop_assert!(server.is_some());
        }
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
