//! The main paths take as many instructions as when somebody last looked at their number.
//!
//! Seconds on a busy machine show no change of a few per cent; instructions do, on any. `benches/instructions`
//! counts and compares.

use std::process::Command;
use std::{env, fs};

use crate::support;
use crate::support::kustomize::Folder;
use crate::support::release::release;

/// The paths that are counted.
const PATHS: usize = 4;

/// `benches/instructions args…`, which finds `valgrind` in `folder`: exit status, and what it printed and
/// said.
fn instructions(folder: &Folder, args: &[&str]) -> (Option<i32>, String) {
    let path = format!("{}:{}", folder.path().display(), env::var("PATH").unwrap());
    let mut command = Command::new(support::root().join("benches/instructions"));
    let output = command.args(args).env("PATH", path).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(said).unwrap())
}

#[test]
#[ignore = "needs the real valgrind, llvm-libc and recorded-rustc: run ./test --all"]
fn the_main_paths_of_the_binary_that_users_get_take_as_many_instructions_as_recorded() {
    let release = release();
    // Another C library is another program.
    assert_eq!(release.target, "x86_64-unknown-linux-musl");
    let folder = Folder::new(&[]);
    let start = format!("exec {} \"$@\"", support::peer("valgrind").display());
    valgrind(&folder, &start);
    let (status, said) = instructions(&folder, &[release.binary.to_str().unwrap()]);
    assert_eq!(status, Some(0), "{said}");
    assert_eq!(said.matches(" recorded ").count(), PATHS, "{said}");
}

/// Has `folder` hold a valgrind that does `what`.
fn valgrind(folder: &Folder, what: &str) {
    folder.write("valgrind", &format!("#!/bin/sh\n{what}\n"));
    let mut chmod = Command::new("chmod");
    let chmod = chmod.arg("755").arg(folder.path().join("valgrind"));
    assert!(chmod.status().unwrap().success());
}

/// One that counts `number`, whatever it is given.
fn counting(folder: &Folder, number: u32) {
    let count = format!("echo 'Collected : {number}' >&2");
    valgrind(
        folder,
        &format!("case $1 in --version) echo valgrind-3.19.0 ;; *) {count} ;; esac"),
    );
}

/// With made-up counts of the program under test; valgrind stands for a machine that has Python too.
#[test]
#[ignore = "needs the real valgrind, llvm-libc and recorded-rustc: run ./test --all"]
fn more_than_three_per_cent_up_or_down_is_said_and_so_is_another_compiler() {
    let folder = Folder::new(&[]);
    let file = folder.path().join("counts.txt");
    let file = file.to_str().unwrap();
    let program = env!("CARGO_BIN_EXE_mcpset");
    let compare = || instructions(&folder, &[program, "--counts", file]);
    counting(&folder, 1_000_000);
    let (status, said) = instructions(&folder, &[program, "--record", "--counts", file]);
    assert_eq!(status, Some(0), "{said}");

    for (number, expected, change) in [
        (1_000_000, 0, "+0.00 %"),
        (1_029_000, 0, "+2.90 %"),
        (971_000, 0, "-2.90 %"),
        (1_031_000, 1, "+3.10 %"),
        (969_000, 1, "-3.10 %"),
    ] {
        counting(&folder, number);
        let (status, said) = compare();
        assert_eq!(status, Some(expected), "{said}");
        assert!(said.contains(change), "{said}");
        assert_eq!(said.contains("--record"), expected == 1, "{said}");
    }

    let text = fs::read_to_string(file).unwrap();
    fs::write(file, text.replace("rustc 1.", "rustc 0.")).unwrap();
    let (status, said) = compare();
    assert_eq!(status, Some(2), "{said}");
    assert!(said.contains("counts.txt is of rustc 0."), "{said}");

    fs::write(file, text.replace("check of", "look at")).unwrap();
    counting(&folder, 1_000_000);
    let (status, said) = compare();
    assert_eq!(status, Some(1), "{said}");
    for part in [
        "check of 1,002 manifests: not recorded",
        "look at 1,002 manifests: not counted any more",
    ] {
        assert!(said.contains(part), "{said}");
    }
}
