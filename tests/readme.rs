//! What the README says is so.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

use std::fs;
use std::path::Path;

const QUICKSTART: &str = "examples/quickstart.yaml";

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
    let example = fs::read_to_string(support::root().join(QUICKSTART)).unwrap();
    assert_eq!(block(&readme(), "yaml"), example);
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
    let config = fs::read_to_string(support::root().join(QUICKSTART)).unwrap();
    let bundle = support::render_text(Path::new(QUICKSTART));
    let header = format!(
        "<th>You write ({} lines)</th><th>You get ({} lines)</th>",
        config.lines().count(),
        bundle.lines().count()
    );
    assert!(readme().contains(&header), "the README should say {header}");
}

#[test]
fn every_file_that_the_readmes_name_exists() {
    for file in [
        "CONTRIBUTING.md",
        "README.md",
        "argocd-plugin/README.md",
        "docs/aws.md",
        "docs/import.md",
        "docs/install.md",
        "docs/litellm.md",
        "docs/monitoring.md",
        "kustomize-plugin/README.md",
    ] {
        let text = fs::read_to_string(support::root().join(file)).unwrap();
        let folder = Path::new(file).parent().unwrap();
        let links = text
            .split("](")
            .skip(1)
            .map(|rest| rest.split(')').next().unwrap());
        let files = links.map(|link| link.split('#').next().unwrap());
        for link in files.filter(|link| !link.starts_with("http")) {
            assert!(
                support::root().join(folder).join(link).exists(),
                "{file}: {link}"
            );
        }
    }
}

#[test]
fn the_error_that_it_shows_is_the_one_that_a_person_gets() {
    let folder = tempfile::tempdir().unwrap();
    let set = fs::read_to_string(support::root().join(QUICKSTART)).unwrap();
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
