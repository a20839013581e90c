//! The system calls of every command: no connection, no other program, and no file that nobody named.

use std::fs;
use std::process::Command;

use crate::faults::commands::{CASES, files};
use crate::support;
use crate::support::kustomize::Folder;
use crate::support::run::run;

/// Calls for the network, for other programs, and ways around both.
const FORBIDDEN: [&str; 24] = [
    "accept",
    "accept4",
    "bind",
    "connect",
    "execveat",
    "fork",
    "getpeername",
    "getsockname",
    "getsockopt",
    "io_uring_setup",
    "kill",
    "listen",
    "pidfd_open",
    "ptrace",
    "recvfrom",
    "recvmmsg",
    "recvmsg",
    "sendmmsg",
    "sendmsg",
    "sendto",
    "setsockopt",
    "socket",
    "socketpair",
    "vfork",
];
/// What strace is told to look at.
const LOOK_AT: &str = "trace=%network,%process,%file,io_uring_setup,kill,pidfd_open,ptrace";
/// What the C library and Rust read of the system, whatever the program.
const SYSTEM: [&str; 10] = [
    "/etc/ld.so.",
    "/lib/",
    "/lib64/",
    "/proc/self/maps",
    // How many processors there are, which a library of Rego's asks for.
    "/proc/self/cgroup",
    "/sys/fs/cgroup/",
    // The memory that a policy takes, which is bounded.
    "/proc/self/statm",
    "/proc/sys/vm/overcommit_memory",
    "/sys/devices/system/cpu",
    "/usr/lib/",
];

/// What of the calls of `command`, run in `folder` with `input`, is not as it should be.
fn complaints(folder: &Folder, command: &[&str], input: &str) -> Vec<String> {
    let log = folder.path().join("calls.log");
    let mut strace = Command::new(support::peer("strace"));
    // cargo has the loader look for libraries among its own; nobody else does.
    strace
        .current_dir(folder.path())
        .env_remove("LD_LIBRARY_PATH");
    strace.args([
        "-f",
        "-qq",
        "-e",
        LOOK_AT,
        "-e",
        "signal=none",
        "-o",
        "calls.log",
        "--",
    ]);
    let ended = run(strace.args(command), input.as_bytes());
    let calls = fs::read_to_string(&log).unwrap_or_else(|_| panic!("{ended:?}"));
    fs::remove_file(log).unwrap();
    assert!(calls.contains("execve("), "strace saw nothing: {ended:?}");
    let calls = calls.lines().filter_map(|line| {
        let call = line.split_once(' ')?.1.trim_start();
        Some((call.split_once('(')?.0, call))
    });
    let mut programs = 0;
    calls
        .filter(|(name, call)| match *name {
            "execve" => {
                programs += 1;
                programs > 1
            }
            "clone" | "clone3" => !call.contains("CLONE_THREAD"),
            name if FORBIDDEN.contains(&name) => true,
            _ => !paths(call).all(is_known),
        })
        .map(|(_, call)| call.to_owned())
        .collect()
}

/// The texts in quotes of a call.
fn paths(call: &str) -> impl Iterator<Item = &str> {
    call.split('"').skip(1).step_by(2)
}

/// Whether `path` is the system's, or in the folder that everything named on the command line is in.
fn is_known(path: &str) -> bool {
    let is_system = SYSTEM.iter().any(|known| path.starts_with(known));
    is_system || !(path.starts_with('/') || path.contains(".."))
}

const PROGRAM: &str = env!("CARGO_BIN_EXE_mcpset");

#[test]
#[ignore = "needs the real strace: run ./test --all"]
fn no_command_opens_a_connection_or_starts_a_program_or_reads_what_nobody_named() {
    let folder = files();
    for case in CASES {
        let command = [&[PROGRAM], case.args].concat();
        let found = complaints(&folder, &command, &case.stdin());
        assert!(found.is_empty(), "{case:?}: {found:#?}");
    }
}

#[test]
#[ignore = "needs the real strace: run ./test --all"]
fn neither_does_one_that_writes_files_or_evaluates_policies() {
    let folder = files();
    let policies = support::root().join("tests/gatekeeper/policies");
    fs::create_dir(folder.path().join("policies")).unwrap();
    for entry in fs::read_dir(policies).unwrap() {
        let entry = entry.unwrap();
        fs::copy(
            entry.path(),
            folder.path().join("policies").join(entry.file_name()),
        )
        .unwrap();
    }
    let server = [
        "--registry",
        "registry.example.com",
        "--server",
        "a=a:1.0.0",
    ];
    for args in [
        &["render", "set.yaml", "-o", "out", "--kustomization"][..],
        &["render", "old.txt", "-o", "out", "--kustomization"],
        &["diff", "out", "set.yaml"],
        &["man", "-o", "pages"],
        &[&["init", "new"], &server[..]].concat(),
        &["check", "set.yaml", "--policies", "policies"],
    ] {
        let found = complaints(&folder, &[&[PROGRAM], args].concat(), "");
        assert!(found.is_empty(), "{args:?}: {found:#?}");
    }
}

#[test]
#[ignore = "needs the real strace: run ./test --all"]
fn a_program_that_does_any_of_it_is_found_out() {
    let folder = files();
    for (script, call) in [
        ("cat set.yaml; :", "clone"),
        ("exec cat set.yaml", "execve"),
        ("read -r line </etc/hostname", "openat"),
        ("read -r line <../set.yaml", "openat"),
        ("exec bash -c ': >/dev/tcp/127.0.0.1/9'", "socket"),
    ] {
        let found = complaints(&folder, &["sh", "-c", script], "");
        let is_found = found
            .iter()
            .any(|line| line.starts_with(call) || line.starts_with("vfork"));
        assert!(is_found, "{script}: {found:#?}");
    }
}
