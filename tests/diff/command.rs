//! What can be compared, and how a run ends.

use std::fs;

use serde_json::Value;

use super::{SET, Sides, set_with};
use crate::support::run::run;
use crate::support::{self, documents};

#[test]
fn a_config_and_its_rendered_folder_are_the_same() {
    for (path, text) in support::configs() {
        let sides = Sides::new(&text, "");
        sides.run(&[
            "render",
            "old.yaml",
            "-q",
            "-o",
            "folder",
            "--kustomization",
        ]);
        for args in [["folder", "old.yaml"], ["old.yaml", "folder"]] {
            let ended = sides.run(&[&["diff"], &args[..]].concat());
            assert_eq!(ended.stdout, "no difference\n", "{path}: {}", ended.stderr);
            assert_eq!(ended.status, Some(0));
        }
    }
}

#[test]
fn the_form_of_a_side_is_no_difference() {
    let sides = Sides::new(SET, "");
    let yaml = sides.run(&["render", "old.yaml"]).done();
    let json = sides
        .run(&["render", "old.yaml", "--format", "json"])
        .done();
    let mut backwards: Vec<String> = documents(&yaml)
        .into_iter()
        .map(|object| object.text)
        .collect();
    backwards.reverse();
    for other in [yaml, json, backwards.join("---\n")] {
        Sides::new(SET, &other).diff(&[]).agrees();
        let ended = run(
            support::mcpset()
                .current_dir(sides.0.path())
                .args(["diff", "-", "old.yaml"]),
            other.as_bytes(),
        );
        ended.agrees();
    }
}

#[test]
fn the_folder_that_is_left_behind_differs_by_the_change_alone() {
    let sides = Sides::new(SET, &set_with("mcp-s3:1.0.0", "mcp-s3:1.1.0"));
    sides
        .run(&["render", "old.yaml", "-q", "-o", "folder"])
        .done();
    let by_folder = sides.run(&["diff", "folder", "new.yaml"]).differs();
    assert_eq!(by_folder, sides.diff(&[]).differs());
    sides
        .run(&["render", "new.yaml", "-q", "-o", "folder"])
        .done();
    sides.run(&["diff", "folder", "new.yaml"]).agrees();
}

#[test]
fn objects_of_others_in_a_folder_that_mcpset_wrote_are_left_out_and_counted() {
    let other = SET
        .replace("name: mcp,", "name: other,")
        .replace("namePrefix: mcp-", "namePrefix: o-");
    let sides = Sides::new(SET, &other);
    for file in ["old.yaml", "new.yaml"] {
        sides.run(&["render", file, "-q", "-o", "folder"]).done();
    }
    let foreign = "{apiVersion: v1, kind: ConfigMap, metadata: {name: mine}}\n";
    fs::write(sides.0.path().join("folder/mine.yaml"), foreign).unwrap();
    let ended = sides.run(&["diff", "folder", "old.yaml"]);
    assert_eq!(
        (ended.status, ended.stdout.as_str()),
        (Some(0), "no difference\n")
    );
    let others = documents(&sides.run(&["render", "new.yaml"]).done()).len() + 1;
    let note =
        format!("note: {others} objects in folder are not of these sets, and are left out\n");
    assert_eq!(ended.stderr, note);
}

#[test]
fn a_folder_of_others_is_compared_as_a_whole() {
    let sides = Sides::new(SET, "");
    let folder = sides.0.path().join("folder");
    fs::create_dir(&folder).unwrap();
    fs::write(
        folder.join("all.yml"),
        sides.run(&["render", "old.yaml"]).done(),
    )
    .unwrap();
    fs::write(
        folder.join("mine.json"),
        r#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"mine"}}"#,
    )
    .unwrap();
    fs::write(
        folder.join("kustomization.yaml"),
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n",
    )
    .unwrap();
    fs::write(folder.join("notes.txt"), "no manifest").unwrap();
    let text = sides.run(&["diff", "folder", "old.yaml"]).differs();
    assert_eq!(text, "- ConfigMap mine\n\n1 removed\n");
}

#[test]
fn an_empty_side_has_no_objects() {
    let sides = Sides::new("", SET);
    let text = sides.diff(&[]).differs();
    let number = documents(&sides.run(&["render", "new.yaml"]).done()).len();
    assert!(text.ends_with(&format!("\n\n{number} added\n")), "{text}");
    Sides::new("", "# nothing\n").diff(&[]).agrees();
}

#[test]
fn what_is_no_difference_and_no_comparison_ends_with_status_2() {
    let good = Sides::new(SET, SET);
    for (args, said) in [
        (
            &["diff", "old.yaml", "none.yaml"][..],
            "error[io]: none.yaml cannot be read: ",
        ),
        (&["diff", "old.yaml", "none"], "1 error\n"),
        (&["diff", "-", "-"], "cannot both be standard input"),
        (&["diff", "old.yaml"], "--help"),
        (
            &["diff", "old.yaml", "new.yaml", "--format", "yaml"],
            "--help",
        ),
    ] {
        let stderr = good.run(args).cannot();
        assert!(stderr.contains(said), "{args:?}: {stderr}");
    }
    for (new, said) in [
        (
            set_with("mcp-s3:1.0.0", "mcp-s3:latest").as_str(),
            "error[image-policy]",
        ),
        ("a: [\n", "error[syntax]"),
        ("a: b\n", "this is no object of Kubernetes"),
        (
            "{apiVersion: mcpset.dev/v1alpha1, kind: McpServersSet}\n",
            "did you mean `McpServerSet`?",
        ),
        (&format!("{SET}---\n{SET}"), "error[name-collision]"),
    ] {
        let stderr = Sides::new(SET, new).diff(&[]).cannot();
        assert!(stderr.contains(said), "{new}: {stderr}");
        assert!(stderr.contains("new.yaml:"), "{new}: {stderr}");
    }
}

#[test]
fn an_object_that_stands_twice_is_refused_with_both_places() {
    let object = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: b}}\n";
    let stderr = Sides::new(&format!("{object}---\n{object}"), "")
        .diff(&[])
        .cannot();
    for part in [
        "the ConfigMap b/a stands here twice",
        "old.yaml:3:2",
        "old.yaml:1:2",
    ] {
        assert!(stderr.contains(part), "no `{part}` in:\n{stderr}");
    }
}

#[test]
fn an_object_of_another_group_is_another_object_and_one_of_another_version_is_not() {
    let object = |version: &str| {
        format!("{{apiVersion: {version}, kind: Service, metadata: {{name: a}}}}\n")
    };
    let between = |old, new| Sides::new(&object(old), &object(new)).diff(&[]).differs();
    assert_eq!(
        between("v1", "serving.knative.dev/v1"),
        "- Service a\n+ Service a\n\n1 added, 1 removed\n"
    );
    assert_eq!(
        between("x.io/v1", "x.io/v2"),
        "~ Service a\n    ~ apiVersion: x.io/v1 → x.io/v2\n\n1 changed\n"
    );
}

#[test]
fn json_says_of_every_field_all_that_there_is() {
    let new = set_with("- pulls\n", "- pulls\n        - reviews\n");
    let text = Sides::new(SET, &new).diff(&["--format", "json"]).differs();
    let report: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(report["version"], 1);
    assert_eq!(report["summary"]["changed"], 2);
    assert_eq!(report["summary"]["restart"], 1);
    let config_map = &report["objects"][0];
    assert_eq!(config_map["kind"], "ConfigMap");
    let field = &config_map["fields"][0];
    assert_eq!(field["path"], "data[tools.yaml]");
    assert_eq!(field["old"], "tools:\n- issues\n- pulls\n");
    assert_eq!(field["new"], "tools:\n- issues\n- pulls\n- reviews\n");
    let same = Sides::new(SET, SET).diff(&["--format", "json"]).done();
    let report: Value = serde_json::from_str(&same).unwrap();
    assert_eq!(report["objects"], serde_json::json!([]));
}

#[test]
fn one_more_server_does_not_bury_what_matters() {
    let quiet = |text: &str| text.replace("    monitoring: {alerts: false, dashboard: none}\n", "");
    let more = format!("{SET}  - {{name: jira, image: \"mcp-jira:1.0.0\"}}\n");
    let sides = Sides::new(&quiet(SET), &quiet(&more));
    let (text, full) = (sides.diff(&[]).differs(), sides.diff(&["--full"]).differs());
    assert!(text.lines().count() < 100, "{text}");
    assert!(full.lines().count() > 150, "{full}");
    let paths = |text: &str| text.matches("spec.groups").count();
    assert_eq!(paths(&text), paths(&full), "{text}");
    let page = sides.diff(&["--format", "markdown", "--full"]).differs();
    assert!(page.len() < 65_536, "GitHub takes no more");
}

#[test]
fn nothing_in_manifests_steers_the_terminal_or_ends_the_comment() {
    let with = |value: &str| {
        format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata:\n  \"k\\e]0;x\\u202e\": \"{value}\"\n"
        )
    };
    let sides = Sides::new(
        &with("a\\nb"),
        &with("\\e[31m\\n```\\n</details>\\u202e\\nb"),
    );
    for args in [
        &[][..],
        &["--full"],
        &["--format", "json"],
        &["--format", "markdown"],
    ] {
        let text = sides.diff(args).differs();
        let steers = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
        assert!(!text.contains(steers), "{args:?}: {text:?}");
    }
    let page = sides.diff(&["--format", "markdown"]).differs();
    assert!(
        page.contains("\n````diff\n") && page.ends_with("\n````\n\n</details>\n"),
        "{page}"
    );
}
