//! Standard streams that take nothing, go away, or are not there.

use std::io::{self, pipe};
use std::process::Stdio;

use super::commands::{CASES, Input, files, shell};
use crate::support;
use crate::support::run::{run, wait};

#[test]
fn a_full_disk_is_said_by_every_command() {
    let folder = files();
    for case in CASES {
        let ended = case.under(&folder, "", ">/dev/full");
        assert_eq!(ended.status, Some(2), "{case:?}: {ended:?}");
        let said = "standard output cannot be written: No space left on device";
        assert!(ended.stderr.contains(said), "{case:?}: {}", ended.stderr);
    }
}

#[test]
fn a_closed_standard_output_is_said_by_every_command() {
    let folder = files();
    for case in CASES {
        for shut in [">&-", "1</dev/null"] {
            let ended = case.under(&folder, "", shut);
            assert_eq!(ended.status, Some(2), "{case:?}: {ended:?}");
            let said = "standard output cannot be written: it is closed, or open for reading alone";
            assert!(ended.stderr.contains(said), "{case:?}: {}", ended.stderr);
        }
    }
}

/// Python, Node and daemons open it for reading and writing, as Rust does where nothing is.
#[test]
fn output_that_nobody_wants_is_no_mistake() {
    let folder = files();
    for case in CASES {
        for null in [">/dev/null", "1<>/dev/null"] {
            let ended = case.under(&folder, "", null);
            assert_eq!(ended.status, Some(case.status), "{case:?}: {ended:?}");
        }
    }
}

#[test]
fn without_standard_error_the_status_and_the_output_are_the_same() {
    let folder = files();
    for case in CASES {
        let usual = case.usual(&folder);
        for redirected in ["2>&-", "2>/dev/full"] {
            let ended = case.under(&folder, "", redirected);
            assert_eq!(
                (ended.status, &ended.stdout),
                (usual.status, &usual.stdout),
                "{case:?}"
            );
        }
    }
}

#[test]
fn a_closed_standard_input_is_no_empty_one() {
    let folder = files();
    for case in CASES {
        for shut in ["<&-", "0>/dev/null"] {
            let ended = case.under(&folder, "", shut);
            if case.input == Input::None {
                assert_eq!(ended.stdout, case.usual(&folder).stdout, "{case:?}");
                continue;
            }
            assert_eq!(
                (ended.status, ended.stdout.as_str()),
                (Some(1), ""),
                "{case:?}"
            );
            let said = "<stdin> cannot be read: it is closed, or open for writing alone";
            assert!(ended.stderr.contains(said), "{case:?}: {}", ended.stderr);
        }
    }
}

#[test]
fn without_any_stream_no_command_ends_well() {
    let folder = files();
    for case in CASES {
        let ended = case.under(&folder, "", "<&- >&- 2>&-");
        assert!(matches!(ended.status, Some(1 | 2)), "{case:?}: {ended:?}");
    }
}

#[test]
fn what_writes_into_a_folder_needs_no_standard_stream() {
    let folder = files();
    let mut command = shell("", "<&- >&- 2>&-");
    command.current_dir(folder.path());
    command.args(["render", "set.yaml", "-o", "out"]);
    assert_eq!(run(&mut command, b"").status, Some(0));
    assert!(folder.path().join("out").is_dir());
}

#[test]
fn a_reader_that_went_away_ends_every_command_quietly() {
    let folder = files();
    for case in CASES {
        let (reader, writer) = pipe().unwrap();
        drop(reader);
        let mut child = support::mcpset()
            .args(case.args)
            .current_dir(folder.path())
            .stdin(Stdio::piped())
            .stdout(writer)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        io::Write::write_all(&mut child.stdin.take().unwrap(), case.stdin().as_bytes()).unwrap();
        let status = wait(&mut child);
        let said = io::read_to_string(child.stderr.take().unwrap()).unwrap();
        assert_eq!(
            (status, said.contains("panicked")),
            (Some(0), false),
            "{case:?}: {said}"
        );
    }
}
