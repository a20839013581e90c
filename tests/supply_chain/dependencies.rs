//! The libraries that are linked: each for a reason, under a licence that may be, from one registry; and no
//! unsafe code of our own.

use std::fs;
use std::process::Command;

use crate::support;
use crate::support::run::run;

fn manifest() -> String {
    fs::read_to_string(support::root().join("Cargo.toml")).unwrap()
}

/// The lines of the tables in `manifest` whose name ends with `dependencies`, each behind the line above it.
fn dependencies(manifest: &str) -> Vec<(&str, &str)> {
    let mut is_dependencies = false;
    let mut above = "";
    let mut found = Vec::new();
    for line in manifest.lines() {
        if let Some(table) = line.strip_prefix('[') {
            is_dependencies = table.ends_with("dependencies]");
        } else if is_dependencies && line.contains('=') && !line.starts_with('#') {
            found.push((above, line));
        }
        above = line;
    }
    found
}

#[test]
fn a_line_says_of_every_dependency_what_it_is_for() {
    let manifest = manifest();
    let found = dependencies(&manifest);
    assert!(found.len() > 20, "{}", found.len());
    for (above, line) in found {
        assert!(above.starts_with("# "), "nothing says why: {line}");
    }
}

#[test]
fn our_code_has_no_unsafe_and_the_compiler_allows_none() {
    assert!(manifest().contains("[lints.rust]\nunsafe_code = \"forbid\"\n"));
    for file in support::source::files() {
        for line in fs::read_to_string(&file).unwrap().lines() {
            let code = line.trim_start();
            let is_code = !code.starts_with("//");
            let has_it = code.split(|c: char| !c.is_alphanumeric() && c != '_');
            let has_it = is_code && has_it.into_iter().any(|word| word.starts_with("unsafe"));
            assert!(!has_it, "{}: {line}", file.display());
        }
    }
}

/// Known weaknesses are not among it: their list is a git repository on a host, which a test asks nothing of.
#[test]
#[ignore = "needs the real cargo-deny: run ./test --all"]
fn cargo_deny_finds_no_licence_source_or_crate_that_may_not_be() {
    let fetched = Command::new(env!("CARGO"))
        .args(["fetch", "--locked"])
        .current_dir(support::root())
        .output()
        .unwrap();
    assert!(fetched.status.success(), "{fetched:?}");
    let mut deny = Command::new(support::peer("cargo-deny"));
    deny.current_dir(support::root());
    deny.args([
        "--offline",
        "--locked",
        "check",
        "bans",
        "licenses",
        "sources",
    ]);
    let ended = run(&mut deny, b"");
    assert_eq!(ended.status, Some(0), "{}", ended.stderr);
    let said = "bans ok, licenses ok, sources ok";
    assert!(
        ended.stdout.contains(said) || ended.stderr.contains(said),
        "{ended:?}"
    );
}
