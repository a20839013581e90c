//! What people change, and what they are told.

use std::fs;

use super::{SET, Sides, set_with};
use crate::support;

/// Holds the report on `old` and `new` to the golden `name`.
fn told_as_reviewed(name: &str, old: &str, new: &str, args: &[&str]) {
    let text = Sides::new(old, new).diff(args).differs();
    assert!(!text.contains('\u{1b}'), "colours without a terminal");
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../golden/diffs");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

#[test]
fn a_new_image_restarts_its_server_alone() {
    let new = set_with("mcp-github:1.0.0", "mcp-github:1.1.0");
    told_as_reviewed("image", SET, &new, &[]);
    told_as_reviewed("image.md", SET, &new, &["--format", "markdown"]);
    told_as_reviewed("image.json", SET, &new, &["--format", "json"]);
}

#[test]
fn one_more_variable_is_one_difference() {
    let new = set_with("{LOG_LEVEL: info}", "{LOG_FORMAT: json, LOG_LEVEL: debug}");
    told_as_reviewed("env", SET, &new, &[]);
}

#[test]
fn a_server_comes_and_another_goes() {
    let (old, _) = SET.split_once("  - name: s3\n").unwrap();
    let new = SET
        .replace("mcp-github", "mcp-gitlab")
        .replace("name: github", "name: gitlab");
    told_as_reviewed("server", old, &new, &[]);
}

#[test]
fn a_line_of_a_config_file_is_shown_and_restarts_its_server() {
    let new = set_with("        - pulls\n", "        - pulls\n        - reviews\n");
    told_as_reviewed("config", SET, &new, &[]);
}

#[test]
fn pods_keep_a_secret_and_a_role_that_change_elsewhere() {
    let new = set_with("mcp/github/token", "mcp/github/other");
    let new = new.replace("role/mcp-s3-role", "role/mcp-s3-other");
    told_as_reviewed("kept", SET, &new, &[]);
}

#[test]
fn a_set_with_another_name_and_the_same_prefix_cannot_be_applied() {
    let new = set_with("{name: mcp,", "{name: tools,");
    told_as_reviewed("selector", SET, &new, &[]);
}

#[test]
fn manifests_of_others_are_told_alike() {
    let read = |name| fs::read_to_string(support::root().join("tests/diff").join(name)).unwrap();
    let (old, new) = (read("old.yaml"), read("new.yaml"));
    told_as_reviewed("foreign", &old, &new, &[]);
    told_as_reviewed("foreign.md", &old, &new, &["--format", "markdown"]);
    for args in [
        &["--full"][..],
        &["--format", "json"],
        &["--format", "markdown", "--full"],
        &[],
    ] {
        for (old, new) in [
            (&old, &new),
            (&new, &old),
            (&String::new(), &new),
            (&old, &String::new()),
        ] {
            let text = Sides::new(old, new).diff(args).differs();
            for hidden in ["s3cret", "ghp_", "\0", "\\u0000"] {
                assert!(!text.contains(hidden), "{hidden} with {args:?} in\n{text}");
            }
        }
    }
}
