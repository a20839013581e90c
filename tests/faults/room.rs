//! No room: files that may not grow, a disk that fills, one that takes nothing.

use std::process::Command;

use super::commands::{files, shell};
use crate::support::kustomize::Folder;
use crate::support::run::{Ended, run, skipped};

/// `mcpset render set.yaml -o out --kustomization`.
const RENDER: [&str; 5] = ["render", "set.yaml", "-o", "out", "--kustomization"];

/// The error of a run that could not write.
#[track_caller]
fn unable(ended: Ended) -> String {
    assert_eq!(
        (ended.status, ended.stdout.as_str()),
        (Some(2), ""),
        "{}",
        ended.stderr
    );
    assert!(ended.stderr.starts_with("error: "), "{}", ended.stderr);
    ended.stderr
}

/// What the whole folder holds.
fn whole() -> std::collections::BTreeMap<String, String> {
    let folder = files();
    run(shell("", "").args(RENDER).current_dir(folder.path()), b"").wrote();
    folder.files()
}

/// Asserts that `folder` holds nothing but files of the whole rendering.
#[track_caller]
fn holds_whole_files(folder: &Folder) {
    let whole = whole();
    for (name, content) in folder.files() {
        assert_eq!(whole.get(&name), Some(&content), "{name}");
    }
}

#[test]
fn a_file_that_may_not_grow_is_named_and_no_part_of_it_stays() {
    let folder = files();
    // In blocks of 512 bytes or of 1 KiB: more than a Service, less than a dashboard.
    let mut command = shell("trap '' XFSZ && ulimit -f 8", "");
    let said = unable(run(command.args(RENDER).current_dir(folder.path()), b""));
    assert!(said.contains("out/"), "{said}");
    assert!(said.contains("File too large"), "{said}");
    holds_whole_files(&folder);
    // Without the limit a second run completes it.
    run(shell("", "").args(RENDER).current_dir(folder.path()), b"").wrote();
    assert_eq!(folder.files(), whole());
}

#[test]
fn a_limit_that_kills_leaves_whole_files_and_the_next_run_takes_the_rest_away() {
    let folder = files();
    let mut command = shell("ulimit -f 8", "");
    let ended = run(command.args(RENDER).current_dir(folder.path()), b"");
    assert_eq!(ended.status, None, "{ended:?}");
    run(shell("", "").args(RENDER).current_dir(folder.path()), b"").wrote();
    assert_eq!(folder.files(), whole());
}

#[test]
fn init_takes_back_what_it_could_not_write_whole() {
    let folder = Folder::new(&[]);
    let mut command = shell("trap '' XFSZ && ulimit -f 8", "");
    command.current_dir(folder.path()).args(["init", "new"]);
    command.args([
        "--registry",
        "registry.example.com",
        "--server",
        "a=a:1.0.0",
    ]);
    let said = unable(run(&mut command, b""));
    assert!(said.contains("File too large"), "{said}");
    assert!(!folder.path().join("new").exists());
}

#[test]
fn folders_that_nobody_can_make_are_named() {
    let folder = files();
    for (out, why) in [
        ("/proc/mcpset", "No such file"),
        ("/dev/null/out", "Not a directory"),
        ("set.yaml", "exists"),
        ("set.yaml/out", "Not a directory"),
    ] {
        let mut command = shell("", "");
        command.current_dir(folder.path());
        command.args(["render", "set.yaml", "-o", out]);
        let said = unable(run(&mut command, b""));
        assert!(said.contains(out) && said.contains(why), "{said}");
    }
}

/// How the rendering into a file system of its own ends, that is mounted on `out` with these options; what
/// it holds afterwards comes last on standard output. `None` where nobody may mount.
fn mounted(folder: &Folder, options: &str) -> Option<(Option<i32>, String, Vec<String>)> {
    const SCRIPT: &str = "mkdir -p out && mount -t tmpfs -o \"$1\" tmpfs out || exit 77
\"$0\" render set.yaml -o out --kustomization >&2
echo $?
find out -type f";
    let mut command = Command::new("unshare");
    command.current_dir(folder.path());
    command.args([
        "-rm",
        "sh",
        "-c",
        SCRIPT,
        env!("CARGO_BIN_EXE_mcpset"),
        options,
    ]);
    let can = Command::new("unshare").args(["-rm", "true"]).output();
    if !can.is_ok_and(|output| output.status.success()) {
        return None;
    }
    let ended = run(&mut command, b"");
    if ended.status == Some(77) {
        return None;
    }
    let mut lines = ended.stdout.lines().map(str::to_owned);
    let status = lines.next().and_then(|line| line.parse().ok());
    Some((status, ended.stderr, lines.collect()))
}

#[test]
fn a_full_file_system_is_said_and_holds_no_part_of_a_file() {
    let folder = files();
    let Some((status, said, files)) = mounted(&folder, "size=48k") else {
        return skipped("no `unshare -rm` with tmpfs here: a full file system is not tried");
    };
    assert_eq!(status, Some(2), "{said}");
    assert!(said.contains("No space left on device"), "{said}");
    assert!(!files.is_empty());
    assert!(files.iter().all(|name| !name.contains(".tmp")), "{files:?}");
}

#[test]
fn a_read_only_file_system_is_said() {
    let folder = files();
    let Some((status, said, files)) = mounted(&folder, "ro") else {
        return skipped("no `unshare -rm` with tmpfs here: a read-only file system is not tried");
    };
    assert_eq!(status, Some(2), "{said}");
    assert!(said.contains("Read-only file system"), "{said}");
    assert!(files.is_empty());
}
