//! What of the application's directory is read, and how it comes out.

use std::process::{Command, Stdio};

use serde_json::Value as Json;

use super::{OTHER, argocd, cause, discovered, find, generate, generated, github, set, support};
use support::kustomize::Folder;

#[test]
fn a_set_becomes_its_bundle_and_every_other_document_keeps_its_bytes() {
    let windows = OTHER.replace('\n', "\r\n");
    let json =
        "{\"apiVersion\": \"v1\",\t\"kind\": \"ConfigMap\", \"metadata\": {\"name\": \"x\"}}";
    let app = Folder::new(&[
        ("1-other.yaml", OTHER),
        ("2-set.yaml", &github()),
        ("3-other.yml", &windows),
        ("4-other.json", json),
    ]);
    let stdout = support::stdout_of(generate(&app, &[]));

    let mut rest = stdout.as_str();
    for text in [OTHER, "kind: Deployment", &windows, json] {
        let (_, after) = rest
            .split_once(text)
            .unwrap_or_else(|| panic!("missing, or not in the order of the names: {text}"));
        rest = after;
    }
    let rendered = support::mcpset()
        .arg("render")
        .arg(app.path().join("2-set.yaml"))
        .output()
        .unwrap();
    let bundle = support::documents(&support::stdout_of(rendered));
    assert!(!bundle.is_empty());
    for document in bundle {
        assert!(stdout.contains(&document.text), "{}", document.text);
    }
    assert!(!stdout.contains("kind: McpServerSet\n"));
}

#[test]
fn files_without_a_line_end_or_with_comments_alone_join_to_a_readable_stream() {
    let app = Folder::new(&[
        ("a.yaml", "kind: A\nmetadata: {name: a}"),
        ("b.yaml", "# nothing here"),
        (
            "c.yaml",
            "--- # marked\nkind: C\nmetadata: {name: c}\n---\n",
        ),
        ("d.yaml", ""),
        ("e.yaml", github().trim_end()),
        ("f.yaml", "kind: F\nmetadata: {name: f}"),
    ]);
    let stdout = support::stdout_of(generate(&app, &[]));
    let kinds: Vec<String> = serde_yaml::Deserializer::from_str(&stdout)
        .map(|document| serde::Deserialize::deserialize(document).unwrap())
        .filter_map(|value: serde_yaml::Value| Some(value["kind"].as_str()?.to_owned()))
        .collect();
    assert_eq!(kinds.first().unwrap(), "A");
    assert_eq!(kinds.get(1).unwrap(), "C");
    assert!(kinds.contains(&"Deployment".to_owned()));
    assert_eq!(kinds.last().unwrap(), "F");
}

#[test]
fn a_byte_order_mark_does_not_end_up_in_a_key() {
    let mark = "\u{feff}";
    for set in [github(), format!("# first\n---\n{}", github())] {
        let app = Folder::new(&[
            ("a.yaml", &format!("{mark}{OTHER}")),
            ("b.yaml", &format!("{mark}{set}---\n{OTHER}")),
        ]);
        let stdout = support::stdout_of(generate(&app, &[]));
        assert!(!stdout.contains(mark));
        assert_eq!(stdout.matches(OTHER).count(), 2);
        assert!(stdout.contains("\nkind: Deployment\n"));
    }
}

#[test]
fn files_that_argo_cd_is_asked_to_skip_are_skipped() {
    let skipped = |text: &str| format!("# +argocd:skip-file-rendering\n{text}");
    let app = Folder::new(&[
        ("a.yaml", &skipped(&set("prose"))),
        ("b.yaml", &github()),
        ("c.yaml", &skipped(OTHER)),
    ]);
    let stdout = support::stdout_of(generate(&app, &[]));
    assert!(!stdout.contains("prose"));
    assert!(!stdout.contains(OTHER));
    assert_eq!(discovered(&app), "b.yaml\n");
}

#[test]
fn only_manifests_of_the_directory_itself_count() {
    let app = Folder::new(&[
        ("mcp.yaml", &github()),
        ("below/mcp.yaml", &set("below")),
        ("notes.txt", &set("prose")),
        ("mcp.yaml.orig", &set("orig")),
    ]);
    let stdout = support::stdout_of(generate(&app, &[]));
    for name in ["below", "prose", "orig"] {
        assert!(!stdout.contains(&format!("{name}-")), "{name}");
    }
    assert_eq!(discovered(&app), "mcp.yaml\n");
}

#[test]
fn what_is_called_like_a_manifest_and_is_no_file_is_told() {
    for (shell, told) in [
        (
            "ln -s nothing b.yaml",
            "b.yaml cannot be read: No such file",
        ),
        (
            "ln -s b.yaml b.yaml",
            "b.yaml cannot be read: Too many levels",
        ),
        (
            "mkfifo b.json",
            "b.json is called like a manifest, and is no file",
        ),
    ] {
        let app = Folder::new(&[("a.yaml", &github())]);
        let made = Command::new("sh")
            .args(["-c", shell])
            .current_dir(app.path())
            .status();
        assert!(made.unwrap().success());
        let said = cause(generate(&app, &[]));
        assert!(said.contains(told), "{said}");
    }
    let app = Folder::new(&[
        ("a.yaml", &github()),
        ("b.txt/c.yaml", ""),
        ("b.yaml/c", ""),
    ]);
    std::fs::rename(app.path().join("a.yaml"), app.path().join("set")).unwrap();
    std::os::unix::fs::symlink("set", app.path().join("a.yaml")).unwrap();
    assert!(generate(&app, &[]).status.success());
}

#[test]
fn a_set_may_be_written_in_json() {
    let set: Json = serde_yaml::from_str(&github()).unwrap();
    let app = Folder::new(&[("mcp.json", &set.to_string())]);
    let documents = generated(&app, &[]);
    find(&documents, "Deployment", "github-github");
    assert_eq!(discovered(&app), "mcp.json\n");
}

#[test]
fn several_sets_are_all_expanded() {
    let two = format!("{}---\n{}", set("b"), set("c"));
    let app = Folder::new(&[("1.yaml", &set("a")), ("2.yaml", &two)]);
    let documents = generated(&app, &[]);
    for name in ["a-a", "b-b", "c-c"] {
        find(&documents, "Deployment", name);
    }
    assert_eq!(discovered(&app), "1.yaml\n2.yaml\n");
}

#[test]
fn sets_that_would_write_one_object_are_refused_with_both_places() {
    let app = Folder::new(&[("1.yaml", &github()), ("2.yaml", &github())]);
    let stderr = cause(generate(&app, &[]));
    assert!(stderr.contains("1.yaml"), "{stderr}");
    assert!(stderr.contains("2.yaml"), "{stderr}");
}

#[test]
fn named_files_are_read_instead_of_the_directory() {
    let app = Folder::new(&[("a.yaml", &set("a")), ("b.yaml", &set("b"))]);
    let run = |files: &[&str]| argocd(&app, files, &[]).output().unwrap();
    let documents = support::documents(&support::stdout_of(run(&["generate", "b.yaml"])));
    assert!(
        documents
            .iter()
            .all(|document| !document.name.contains("a-a"))
    );
    find(&documents, "Deployment", "b-b");
    let stderr = cause(run(&["generate", "c.yaml"]));
    assert!(stderr.contains("c.yaml"), "{stderr}");
}

#[test]
fn nothing_generated_is_a_failure() {
    for files in [
        &[][..],
        &[("notes.txt", "")],
        &[("empty.yaml", "")],
        &[("comment.yaml", "# kind: McpServerSet\n")],
        &[("other.yaml", OTHER)],
        &[("below/mcp.yaml", "kind: McpServerSet\n")],
    ] {
        let app = Folder::new(files);
        let stderr = cause(generate(&app, &[]));
        assert!(stderr.contains("McpServerSet"), "{files:?}: {stderr}");
        assert_eq!(discovered(&app), "", "{files:?}");
    }
}

#[test]
fn a_set_that_is_wrong_fails_and_is_discovered_all_the_same() {
    for wrong in [
        github().replace("1.0.0", "latest"),
        github().replace("servers:", "server:"),
        github().replace("{name: github, image", "{name: github, imago"),
        github().replace("'mcp-github:1.0.0'}", "'mcp-github:1.0.0'"),
    ] {
        let app = Folder::new(&[("mcp.yaml", &wrong), ("other.yaml", OTHER)]);
        let stderr = cause(generate(&app, &[]));
        assert!(stderr.contains("mcp.yaml:"), "{stderr}");
        assert_eq!(discovered(&app), "mcp.yaml\n", "{wrong}");
        cause(argocd(&app, &["parameters"], &[]).output().unwrap());
    }
}
#[test]
fn a_reader_that_goes_away_ends_the_run_quietly() {
    let app = Folder::new(&[("mcp.yaml", &github())]);
    let mut child = argocd(&app, &["generate"], &[])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    assert!(output.status.success());
}
