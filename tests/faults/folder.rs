//! The folder of `-o` is taken away, or somebody else writes into it.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::support;
use crate::support::kustomize::Folder;
use crate::support::run::{Ended, concat, run, wait};

/// How often what depends on the moment is tried.
const TRIES: usize = 20;

/// A set of so many servers that writing it takes a moment, of this version.
fn set(version: &str) -> String {
    let server = |n| format!("  - {{name: s{n}, image: mcp-s{n}:{version}}}\n");
    let servers = concat((0..20).map(server));
    format!(
        "apiVersion: mcpset.dev/v1alpha1\nkind: McpServerSet\nmetadata: {{name: mcp, namespace: litellm}}\n\
         spec:\n  platform: {{registry: registry.example.com}}\n  servers:\n{servers}"
    )
}

fn folder() -> Folder {
    Folder::in_memory(&[("a.yaml", &set("1.0.0")), ("b.yaml", &set("2.0.0"))])
}

fn render(folder: &Folder, file: &str, out: &str) -> Command {
    let mut command = support::mcpset();
    command.current_dir(folder.path());
    command.args(["render", file, "-o", out, "--kustomization"]);
    command
}

/// The files of `out`, as a whole rendering of `file` makes them.
fn whole(folder: &Folder, file: &str) -> Vec<(String, String)> {
    run(&mut render(folder, file, "whole"), b"").wrote();
    let files = of(folder, "whole");
    fs::remove_dir_all(folder.path().join("whole")).unwrap();
    files
}

/// The files in the folder `name` of `folder`.
fn of(folder: &Folder, name: &str) -> Vec<(String, String)> {
    let prefix = format!("{name}/");
    let files = folder.files().into_iter();
    files
        .filter_map(|(path, text)| Some((path.strip_prefix(&prefix)?.to_owned(), text)))
        .collect()
}

fn start(command: &mut Command) -> Child {
    let command = command.stdin(Stdio::null()).stdout(Stdio::null());
    command.stderr(Stdio::piped()).spawn().unwrap()
}

fn end(mut child: Child) -> Ended {
    let status = wait(&mut child);
    let stderr = std::io::read_to_string(child.stderr.take().unwrap()).unwrap();
    Ended {
        status,
        stdout: String::new(),
        stderr,
    }
}

/// Waits until the first file is in `out`.
fn begun(out: &Path) {
    while !fs::read_dir(out).is_ok_and(|mut entries| entries.next().is_some()) {
        thread::sleep(Duration::from_micros(200));
    }
}

/// Does `harm` to `out` while it is written, `TRIES` times. A run that ends well has written everything, and
/// some do not end well, or nothing was tried.
fn harmed(harm: fn(&Path)) {
    let folder = folder();
    let whole = whole(&folder, "a.yaml");
    let out = folder.path().join("out");
    let mut harmed = 0;
    for _ in 0..TRIES {
        let child = start(&mut render(&folder, "a.yaml", "out"));
        begun(&out);
        harm(&out);
        let ended = end(child);
        if ended.status == Some(0) {
            // Done before the harm, or in spite of it.
            let now = of(&folder, "out");
            assert!(now.is_empty() || now == whole, "{} files", now.len());
        } else {
            assert_eq!(ended.status, Some(2), "{}", ended.stderr);
            assert!(ended.stderr.starts_with("error: out"), "{}", ended.stderr);
            harmed += 1;
        }
        let _ = fs::remove_dir_all(&out);
        let _ = fs::remove_file(&out);
        let _ = fs::remove_dir_all(folder.path().join("away"));
    }
    assert!(harmed > 0, "the harm always came too late");
}

#[test]
fn a_folder_that_vanishes_is_said() {
    harmed(|out| {
        let _ = fs::remove_dir_all(out);
    });
}

#[test]
fn a_folder_that_becomes_a_file_is_said() {
    harmed(|out| {
        fs::rename(out, out.with_file_name("away")).unwrap();
        fs::write(out, "").unwrap();
    });
}

#[test]
fn a_folder_that_another_takes_the_place_of_is_said() {
    harmed(|out| {
        fs::rename(out, out.with_file_name("away")).unwrap();
        fs::create_dir(out).unwrap();
    });
}

#[test]
fn a_folder_that_is_being_written_is_left_to_who_writes_it() {
    let folder = folder();
    fs::create_dir(folder.path().join("out")).unwrap();
    let other = File::open(folder.path().join("out")).unwrap();
    other.lock().unwrap();
    let ended = run(&mut render(&folder, "a.yaml", "out"), b"");
    assert_eq!(ended.status, Some(2), "{}", ended.stderr);
    assert_eq!(
        ended.stderr,
        "error: another run of mcpset is writing into out; run it again when that is done; nothing was written\n"
    );
    assert!(of(&folder, "out").is_empty());
    drop(other);
    run(&mut render(&folder, "a.yaml", "out"), b"").wrote();
}

#[test]
fn of_two_runs_at_once_the_folder_is_the_one_or_the_other() {
    let folder = folder();
    let (a, b) = (whole(&folder, "a.yaml"), whole(&folder, "b.yaml"));
    let mut refused = 0;
    for _ in 0..TRIES {
        let runs = ["a.yaml", "b.yaml"].map(|file| start(&mut render(&folder, file, "out")));
        let ended = runs.map(end);
        for run in &ended {
            if run.status != Some(0) {
                assert_eq!(run.status, Some(2), "{}", run.stderr);
                let said = "another run of mcpset is writing into out";
                assert!(run.stderr.contains(said), "{}", run.stderr);
                refused += 1;
            }
        }
        let now = of(&folder, "out");
        match ended.map(|run| run.status == Some(0)) {
            [true, true] => assert!(now == a || now == b),
            [true, false] => assert!(now == a),
            [false, true] => assert!(now == b),
            [false, false] => panic!("one of them has the turn"),
        }
    }
    assert!(refused > 0, "they never met");
}
