//! What an editor does for a set, by the real language server: it completes, explains and objects.

use std::fs;
use std::path::{Path, PathBuf};

use super::language_server::LanguageServer;
use super::{OWN, REGISTRY, SET, init};
use crate::support;
use crate::support::kustomize::Folder;

/// What the first line of a set begins with that tells editors of its schema.
const MODELINE: &str = "# yaml-language-server: $schema=";

/// A folder with a first set, and the set.
fn first_set(words: &[&str]) -> (Folder, PathBuf, String) {
    let folder = Folder::new(&[]);
    assert_eq!(init(&folder, words).status, Some(0));
    let (path, text) = (folder.path().join(SET), folder.read(SET));
    (folder, path, text)
}

/// `text` with `new` in a line of its own behind the first one that begins with `before`, and the number of
/// the new line, from 0.
fn with_line(text: &str, before: &str, new: &str) -> (String, usize) {
    let mut lines: Vec<&str> = text.lines().collect();
    let at = lines
        .iter()
        .position(|line| line.starts_with(before))
        .unwrap()
        + 1;
    lines.insert(at, new);
    (lines.join("\n") + "\n", at)
}

#[test]
#[ignore = "needs the real yaml-language-server: run ./test --all"]
fn a_first_set_is_right_to_an_editor() {
    let mut server = LanguageServer::start();
    for words in [&OWN[..], &["--registry", REGISTRY, "--profile", "grafana"]] {
        let (_folder, path, text) = first_set(words);
        assert_eq!(server.open(&path, &text), [""; 0]);
    }
}

#[test]
#[ignore = "needs the real yaml-language-server: run ./test --all"]
fn an_editor_completes_the_fields_of_a_server_and_their_words() {
    let (_folder, path, text) = first_set(&OWN);
    let mut server = LanguageServer::start();
    let (open, line) = with_line(&text, "    image: ", "    ");
    server.open(&path, &open);
    let offered = server.completions(&path, line, 4);
    for field in [
        "secrets",
        "replicas",
        "probes",
        "egress",
        "litellm",
        "transport",
    ] {
        assert!(
            offered.iter().any(|one| one == field),
            "{field}: {offered:?}"
        );
    }
    assert!(
        !offered.iter().any(|one| one == "image"),
        "it is there already: {offered:?}"
    );

    let (open, line) = with_line(&text, "    image: ", "    transport: ");
    let path = path.with_file_name("second.yaml");
    server.open(&path, &open);
    let offered = server.completions(&path, line, 15);
    for word in ["http", "sse", "stdio"] {
        assert!(offered.iter().any(|one| one == word), "{word}: {offered:?}");
    }
}

#[test]
#[ignore = "needs the real yaml-language-server: run ./test --all"]
fn an_editor_explains_a_field() {
    let (_folder, path, text) = first_set(&OWN);
    let mut server = LanguageServer::start();
    let (open, line) = with_line(&text, "    image: ", "    longestCall: 5m");
    assert_eq!(server.open(&path, &open), [""; 0]);
    let shown = server.hover(&path, line, 6);
    assert!(
        shown.contains("The longest tool call, which no rollout must cut")
            && shown.contains("Example"),
        "{shown}"
    );
}

#[test]
#[ignore = "needs the real yaml-language-server: run ./test --all"]
fn an_editor_objects_to_what_mcpset_refuses() {
    let (_folder, path, text) = first_set(&OWN);
    let mut server = LanguageServer::start();
    for (index, (new, told)) in [
        ("    replica: 3", "replica"),
        ("    replicas: many", "integer"),
        ("    transport: websocket", "stdio"),
        ("    path: mcp", "pattern"),
    ]
    .into_iter()
    .enumerate()
    {
        let path = path.with_file_name(format!("{index}.yaml"));
        let (open, line) = with_line(&text, "    image: ", new);
        let found = server.open(&path, &open);
        let at = format!("{}: ", line + 1);
        let is_told = |one: &String| one.starts_with(&at) && one.contains(told);
        assert!(found.iter().any(is_told), "{new}: {found:?}");
    }
}

/// Each is opened as it lies there; one that does not say so yet is told where its schema is.
#[test]
#[ignore = "needs the real yaml-language-server: run ./test --all"]
fn every_example_is_right_to_an_editor() {
    let mut server = LanguageServer::start();
    let schema = support::root().join("schema/mcpserverset.json");
    let mut examples = support::examples();
    examples.push("kustomize-plugin/mcpset.yaml".into());
    for example in examples {
        let path = support::root().join(&example);
        let mut text = fs::read_to_string(&path).unwrap();
        if !text.starts_with(MODELINE) {
            text.insert_str(0, &format!("{MODELINE}{}\n", schema.display()));
        }
        assert_eq!(server.open(&path, &text), [""; 0], "{}", example.display());
        assert_completes(&mut server, &path, &text);
    }
}

/// Without a diagnostic the schema may as well not have been found; so it must offer something.
fn assert_completes(server: &mut LanguageServer, path: &Path, text: &str) {
    let (open, line) = with_line(text, "  - name: ", "    ");
    let path = path.with_extension("open.yaml");
    server.open(&path, &open);
    let offered = server.completions(&path, line, 4);
    assert!(
        offered
            .iter()
            .any(|one| one == "replicas" || one == "secrets"),
        "{}: {offered:?}",
        path.display()
    );
}
