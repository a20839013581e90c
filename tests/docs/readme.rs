//! What the README says is so.

use std::fs;
use std::path::Path;

use crate::support;

const QUICKSTART: &str = "examples/quickstart.yaml";

/// The quickstart, without the line that leads an editor to the schema.
fn quickstart() -> String {
    let text = fs::read_to_string(support::root().join(QUICKSTART)).unwrap();
    let (modeline, set) = text.split_once('\n').unwrap();
    assert!(modeline.starts_with("# yaml-language-server"));
    set.to_owned()
}

fn readme() -> String {
    fs::read_to_string(support::root().join("README.md")).unwrap()
}

/// The first code block of `language`.
fn block(text: &str, language: &str) -> String {
    let (_, rest) = text.split_once(&format!("```{language}\n")).unwrap();
    rest.split_once("```").unwrap().0.to_owned()
}

#[test]
fn the_config_beside_its_result_is_the_quickstart_example() {
    assert_eq!(block(&readme(), "yaml"), quickstart());
}

#[test]
fn the_result_beside_the_config_is_what_it_yields() {
    let objects: Vec<String> = support::render(Path::new(QUICKSTART))
        .iter()
        .map(|object| format!("{} {}", object.kind, object.name))
        .collect();
    assert_eq!(block(&readme(), "text").trim_end(), objects.join("\n"));
}

#[test]
fn the_numbers_of_lines_are_right() {
    let config = quickstart();
    let bundle = support::render_text(Path::new(QUICKSTART));
    let header = format!(
        "<th>You write ({} lines)</th><th>You get ({} lines)</th>",
        config.lines().count(),
        bundle.lines().count()
    );
    assert!(readme().contains(&header), "the README should say {header}");
}

#[test]
fn the_error_that_it_shows_is_the_one_that_a_person_gets() {
    let folder = tempfile::tempdir().unwrap();
    let set = quickstart();
    let name = "  - name: github\n";
    let wrong = set.replacen(name, &format!("{name}    replica: 3\n"), 1);
    fs::write(folder.path().join("mcp.yaml"), wrong).unwrap();
    let output = support::mcpset()
        .args(["render", "mcp.yaml"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    let text = readme();
    let (_, section) = text.split_once("## When something is wrong").unwrap();
    assert!(stderr.starts_with(&block(section, "text")), "{stderr}");
}
