//! The real kustomize, run as users run it. `./test` installs it and runs these.

use crate::support;
use std::fs;
use std::path::Path;

use crate::support::kustomize::{FLAGS, Folder, build};

/// A kustomization whose only generator is `set`.
fn kustomization(set: &str) -> Folder {
    Folder::new(&[
        ("kustomization.yaml", "generators: [mcpset.yaml]\n"),
        ("mcpset.yaml", set),
    ])
}

/// `config` with the annotation that makes kustomize run mcpset.
fn as_function(config: &str) -> String {
    let mut value: serde_yaml::Value = serde_yaml::from_str(config).unwrap();
    value["metadata"]["annotations"]["config.kubernetes.io/function"] =
        "exec: {path: mcpset}\n".into();
    serde_yaml::to_string(&value).unwrap()
}

#[test]
#[ignore = "needs the real kustomize: run ./test"]
fn the_plugin_folder_builds_in_the_words_of_the_readme() {
    let folder = Path::new("kustomize-plugin");
    let built = support::stdout_of(build(folder, &FLAGS));
    let rendered = support::render(&folder.join("mcpset.yaml"));
    assert_eq!(
        support::sorted(support::documents(&built)),
        support::sorted(rendered)
    );
}

#[test]
#[ignore = "needs the real kustomize: run ./test"]
fn kustomize_and_render_agree_on_every_example_object_for_object() {
    for example in support::examples() {
        let config = fs::read_to_string(support::root().join(&example)).unwrap();
        let folder = kustomization(&as_function(&config));
        let built = support::stdout_of(build(folder.path(), &FLAGS));
        let built = support::sorted(support::documents(&built));
        let rendered = support::sorted(support::render(&example));
        assert!(!built.is_empty());
        assert_eq!(built, rendered, "{}", example.display());
    }
}

#[test]
#[ignore = "needs the real kustomize: run ./test"]
fn an_invalid_set_fails_the_build_and_says_why() {
    let folder = kustomization(&as_function(
        "{apiVersion: mcpset.dev/v1alpha1, kind: McpServerSet, metadata: {name: mcp, namespace: litellm}, spec: {servers: [{name: github, image: 'mcp-github:latest'}]}}",
    ));
    let output = build(folder.path(), &FLAGS);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    assert!(output.stdout.is_empty());
    assert!(stderr.contains("error[image-policy]"), "{stderr}");
    assert!(
        stderr.contains("`latest` is not a fixed version"),
        "{stderr}"
    );
}

/// The trap that the README warns of. Should kustomize mend it, this test says so, and the
/// warning can go.
#[test]
#[ignore = "needs the real kustomize: run ./test"]
fn without_enable_exec_kustomize_silently_builds_nothing() {
    let output = build(Path::new("kustomize-plugin"), &["--enable-alpha-plugins"]);
    assert!(output.status.success());
    assert!(output.stdout.is_empty());
}

const SET: &str = "
apiVersion: mcpset.dev/v1alpha1
kind: McpServerSet
metadata:
  name: mcp
  namespace: litellm
  annotations:
    config.kubernetes.io/function: 'exec: {path: mcpset}'
spec:
  platform: {registry: registry.example.com}
  servers:
  - name: github
    image: mcp-github:1.0.0
    env:
";

/// The value of `name` in the environment of the built Deployment.
fn built_env(written: &str) -> Result<String, String> {
    let folder = kustomization(&format!("{SET}      VALUE: {written}\n"));
    let output = build(folder.path(), &FLAGS);
    if !output.status.success() {
        assert!(output.stdout.is_empty());
        return Err(String::from_utf8(output.stderr).unwrap());
    }
    let documents = support::documents(&support::stdout_of(output));
    let deployment = documents.iter().find(|d| d.kind == "Deployment").unwrap();
    let env = &deployment.value["spec"]["template"]["spec"]["containers"][0]["env"];
    let variable = env
        .as_sequence()
        .unwrap()
        .iter()
        .find(|variable| variable["name"] == "VALUE")
        .unwrap();
    Ok(variable["value"].as_str().unwrap().to_owned())
}

#[test]
#[ignore = "needs the real kustomize: run ./test"]
fn scalars_that_kustomize_types_anew_are_understood_or_refused_with_the_remedy() {
    for (written, expected) in [
        ("8080", "8080"),
        ("true", "true"),
        ("\"2025-06-18\"", "2025-06-18"),
        ("\"1.10\"", "1.10"),
        ("'yes'", "yes"),
        ("\"$(HOME) $$ $x\"", "$$(HOME) $$$ $x"),
        ("\"{a: [b, 'c']} # d\"", "{a: [b, 'c']} # d"),
    ] {
        assert_eq!(built_env(written).as_deref(), Ok(expected), "{written}");
    }
    for (written, remedy) in [
        ("2025-06-18", "quote the date in your file: \"2025-06-18\""),
        ("1.10", "quote it"),
        ("~", "has no value"),
    ] {
        let stderr = built_env(written).unwrap_err();
        assert!(stderr.contains(remedy), "{written}: {stderr}");
    }
}
