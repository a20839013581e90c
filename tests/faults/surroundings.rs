//! No home, no locale, no environment at all, no file that could still be opened.

use super::commands::{CASES, files};
use crate::support;
use crate::support::run::run;

#[test]
fn the_environment_changes_nothing() {
    let folder = files();
    for case in CASES {
        let usual = case.usual(&folder).stdout;
        let surroundings: [&[(&str, &str)]; 4] = [
            &[],
            &[("LC_ALL", "C")],
            &[
                ("LC_ALL", "tr_TR.UTF-8"),
                ("LANG", "tr_TR.UTF-8"),
                ("TZ", "Asia/Tehran"),
            ],
            &[
                ("LC_ALL", "no such locale"),
                ("HOME", "/nonexistent"),
                ("TMPDIR", "/nonexistent"),
            ],
        ];
        for variables in surroundings {
            let mut command = support::mcpset();
            command.args(case.args).current_dir(folder.path());
            command.env_clear().envs(variables.iter().copied());
            let ended = run(&mut command, case.stdin().as_bytes());
            assert_eq!(
                (ended.status, &ended.stdout),
                (Some(case.status), &usual),
                "{case:?} {variables:?}"
            );
        }
    }
}

/// Three are the standard streams; from some number on there is room for all. Below, the system cannot
/// even start the program, or the program says what it cannot open.
#[test]
fn without_room_for_an_open_file_there_is_an_error_or_the_whole_output() {
    let folder = files();
    for case in CASES {
        let usual = case.usual(&folder);
        for limit in 3..=8 {
            let ended = case.under(&folder, &format!("ulimit -n {limit}"), "");
            let is_usual = ended.status == usual.status && ended.stdout == usual.stdout;
            let is_error = !matches!(ended.status, Some(0)) && !ended.stderr.is_empty();
            assert!(is_usual || is_error, "{case:?} with {limit}: {ended:?}");
            assert!(is_usual || limit < 8, "{case:?} with {limit}: {ended:?}");
        }
    }
}
