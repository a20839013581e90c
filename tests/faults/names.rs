//! Names of files that are no text: Linux takes any bytes but `/` and NUL.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::process::Command;

use super::commands::files;
use crate::support::kustomize::Folder;
use crate::support::run::{Ended, run};
use crate::support::{self, QUICKSTART};

/// `a`, a byte that belongs to no character, and an ending.
fn name(ending: &str) -> std::ffi::OsString {
    OsStr::from_bytes(&[b"a\xff", ending.as_bytes()].concat()).to_owned()
}

fn command(folder: &Folder, args: &[&str]) -> Command {
    let mut command = support::mcpset();
    command.current_dir(folder.path()).args(args);
    command
}

fn usual(folder: &Folder, args: &[&str]) -> Ended {
    run(&mut command(folder, args), b"")
}

#[test]
fn a_file_of_such_a_name_is_read_by_every_command() {
    let folder = files();
    let odd = name(".yaml");
    fs::copy(folder.path().join("set.yaml"), folder.path().join(&odd)).unwrap();
    for args in [
        &["render"][..],
        &["check", "--network"],
        &["graph"],
        &["litellm", "--as", "values"],
        &["runbook"],
        &["dashboard"],
        &["iam", "--as", "policy"],
        &["explain", "--of"],
    ] {
        let plain = run(command(&folder, args).arg("set.yaml"), b"");
        let ended = run(command(&folder, args).arg(&odd), b"");
        assert_eq!(ended.status, Some(0), "{args:?}: {}", ended.stderr);
        // The runbook and an explanation name the file, as far as it can be shown.
        let same = ended.stdout.replace("a\u{fffd}.yaml", "set.yaml") == plain.stdout;
        assert!(same || args[0] == "runbook", "{args:?}");
    }
    let plain = usual(&folder, &["diff", "old.txt", "set.yaml"]);
    let ended = run(command(&folder, &["diff", "old.txt"]).arg(&odd), b"");
    assert_eq!((ended.status, ended.stdout), (plain.status, plain.stdout));
}

#[test]
fn a_mistake_in_such_a_file_is_told_with_its_place() {
    let folder = Folder::new(&[]);
    let wrong = QUICKSTART.replace("1.0.0", "latest");
    fs::write(folder.path().join(name(".yaml")), wrong).unwrap();
    let said = run(command(&folder, &["render"]).arg(name(".yaml")), b"").refused();
    assert!(said.contains("a\u{fffd}.yaml:"), "{said}");
}

#[test]
fn a_folder_of_such_a_name_is_written_whole() {
    let folder = files();
    let args = ["render", "set.yaml", "--kustomization", "-o"];
    run(command(&folder, &args).arg(name("")), b"").wrote();
    run(command(&folder, &args).arg("plain"), b"").wrote();
    let list = |path: &OsStr| {
        let mut files: Vec<_> = fs::read_dir(folder.path().join(path))
            .unwrap()
            .map(|entry| entry.unwrap())
            .map(|entry| (entry.file_name(), fs::read(entry.path()).unwrap()))
            .collect();
        files.sort();
        files
    };
    assert!(list(OsStr::new("plain")).len() > 10);
    assert_eq!(list(&name("")), list(OsStr::new("plain")));
}

#[test]
fn a_kustomization_names_no_file_that_is_not_there() {
    let folder = files();
    let args = ["render", "set.yaml", "--kustomization", "-o", "out"];
    usual(&folder, &args).wrote();
    let before = folder.read("out/kustomization.yaml");
    let ours = folder.path().join("out/litellm_service_mcp-github.yaml");
    fs::copy(ours, folder.path().join("out").join(name(".yaml"))).unwrap();
    fs::remove_file(folder.path().join("out/kustomization.yaml")).unwrap();
    usual(&folder, &args).wrote();
    assert_eq!(folder.read("out/kustomization.yaml"), before);
}

#[test]
fn policies_in_a_folder_of_such_a_name_are_read() {
    let folder = files();
    let policies = folder.path().join(name(""));
    fs::create_dir(&policies).unwrap();
    let from = support::root().join("tests/gatekeeper/policies");
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.path().is_file() {
            fs::copy(entry.path(), policies.join(name(".yaml"))).unwrap();
            break;
        }
    }
    let mut command = command(&folder, &["check", "set.yaml", "--policies"]);
    let ended = run(command.arg(name("")), b"");
    assert!(matches!(ended.status, Some(0 | 1)), "{ended:?}");
    assert!(!ended.stderr.contains("cannot be read"), "{}", ended.stderr);
}

#[test]
fn argo_cds_folder_may_hold_such_names() {
    let folder = Folder::new(&[]);
    fs::write(folder.path().join(name(".yaml")), QUICKSTART).unwrap();
    let made = usual(&folder, &["argocd", "generate"]).done();
    let file = files();
    let rendered = usual(&file, &["render", "set.yaml"]).stdout;
    assert!(made.ends_with(&rendered), "{made:.200}");
}
