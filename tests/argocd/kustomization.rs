//! Sets in a kustomization: refused without kustomize, expanded behind it.

use std::fs;
use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use serde_json::Value as Json;

use super::{OTHER, PARAMETERS, argocd, cause, discovered, find, generate, github, support};
use support::kustomize::Folder;

#[test]
fn a_kustomization_is_left_to_kustomize() {
    for name in ["kustomization.yaml", "kustomization.yml", "Kustomization"] {
        let app = Folder::new(&[("mcp.yaml", &github()), (name, "resources: [mcp.yaml]\n")]);
        let stderr = cause(generate(&app, &[]));
        assert!(stderr.contains("plugin-kustomize.yaml"), "{stderr}");
        assert_eq!(discovered(&app), "");
        let named = argocd(&app, &["generate", "mcp.yaml"], &[]).output();
        find(
            &support::documents(&support::stdout_of(named.unwrap())),
            "Deployment",
            "github-github",
        );
    }
}

/// `generate -` in an empty directory with `stdin`.
fn generate_stdin(stdin: &str, env: &[(&str, &str)]) -> Output {
    let app = Folder::new(&[]);
    let mut child = argocd(&app, &["generate", "-"], env)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut pipe = child.stdin.take().unwrap();
    pipe.write_all(stdin.as_bytes()).unwrap();
    drop(pipe);
    child.wait_with_output().unwrap()
}

#[test]
fn a_stream_from_stdin_is_expanded_in_place() {
    let stream = format!("{OTHER}---\n{}---\n{OTHER}", github());
    let replicas = [(PARAMETERS, r#"[{"name":"replicas","map":{"github":"3"}}]"#)];
    let stdout = support::stdout_of(generate_stdin(&stream, &replicas));
    let parts: Vec<&str> = stdout.split(OTHER).collect();
    assert_eq!(parts.len(), 3);
    let documents = support::documents(parts[1].strip_suffix("---\n").unwrap_or(parts[1]));
    let deployment = find(&documents, "Deployment", "github-github");
    assert_eq!(deployment["spec"]["replicas"], 3);
}

#[test]
fn an_empty_stream_is_a_failure() {
    for stream in ["", "\n", "---\n", "# nothing\n", OTHER] {
        cause(generate_stdin(stream, &[]));
    }
}

/// Runs the `generate` command of plugin-kustomize.yaml with `kustomize` as the script of that name.
fn generate_with_kustomize(kustomize: &str) -> Output {
    let plugin = support::root().join("argocd-plugin/plugin-kustomize.yaml");
    let plugin = fs::read_to_string(plugin);
    let plugin: Json = serde_yaml::from_str(&plugin.unwrap()).unwrap();
    let generate = &plugin["spec"]["generate"];
    let words: Vec<&str> = [&generate["command"], &generate["args"]]
        .into_iter()
        .flat_map(|list| list.as_array().unwrap())
        .map(|word| word.as_str().unwrap())
        .collect();
    let bin = Folder::new(&[("kustomize", kustomize), ("set.yaml", &github())]);
    let status = Command::new("chmod")
        .arg("+x")
        .arg(bin.path().join("kustomize"))
        .status();
    assert!(status.unwrap().success());
    let mut path = bin.path().as_os_str().to_owned();
    path.push(":");
    path.push(support::kustomize::path_with_mcpset());
    Command::new(words[0])
        .args(&words[1..])
        .current_dir(bin.path())
        .env("PATH", path)
        .env_remove(PARAMETERS)
        .output()
        .unwrap()
}

#[test]
fn the_kustomize_plugin_fails_when_kustomize_does_even_after_it_printed() {
    let built = support::stdout_of(generate_with_kustomize("#!/bin/sh\ncat set.yaml\n"));
    find(&support::documents(&built), "Deployment", "github-github");

    let output = generate_with_kustomize("#!/bin/sh\ncat set.yaml\necho broken >&2\nexit 7\n");
    assert_eq!(output.status.code(), Some(7));
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "");
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "broken\n");

    cause(generate_with_kustomize("#!/bin/sh\n"));
}
