//! Running the program with an input, and never waiting for it for ever.

use std::ffi::OsStr;
use std::io::{self, Read, Write};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// No input of these tests takes a debug build a tenth of this.
const LIMIT: Duration = Duration::from_mins(1);
/// What a run within limits may use, in seconds of processor time and KiB of memory.
const SECONDS: u32 = 20;
const KIB: u32 = 512 << 10;

/// How a run ended.
#[derive(Debug)]
pub struct Ended {
    /// Exit status; `None` when the run was ended from outside.
    pub status: Option<i32>,
    /// What it wrote.
    pub stdout: String,
    /// What it said.
    pub stderr: String,
}

impl Ended {
    /// A run that refuses its input: status 1, a reason, and nothing that a host could take for
    /// the result.
    #[track_caller]
    pub fn refused(self) -> String {
        assert_eq!(self.status, Some(1), "{}", self.stderr);
        assert_eq!(self.stdout, "", "an error leaves standard output empty");
        assert!(self.stderr.contains("error"), "{}", self.stderr);
        self.stderr
    }

    /// A run that did its work without a word.
    #[track_caller]
    pub fn done(self) -> String {
        assert_eq!((self.status, self.stderr.as_str()), (Some(0), ""));
        self.stdout
    }

    /// A run that wrote files, and what it said of them.
    #[track_caller]
    pub fn wrote(self) -> String {
        assert_eq!(
            (self.status, self.stdout.as_str()),
            (Some(0), ""),
            "{}",
            self.stderr
        );
        self.stderr
    }
}

/// Runs `command` with `input` on its standard input.
pub fn run(command: &mut Command, input: &[u8]) -> Ended {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut stdin, input) = (child.stdin.take().unwrap(), input.to_vec());
    // A program that has seen enough closes its end; that is no failure of the test.
    let feeder = thread::spawn(move || drop(stdin.write_all(&input)));
    let stdout = collect(child.stdout.take().unwrap());
    let stderr = collect(child.stderr.take().unwrap());
    let status = wait(&mut child);
    feeder.join().unwrap();
    Ended {
        status,
        stdout: stdout.join().unwrap(),
        stderr: stderr.join().unwrap(),
    }
}

fn collect(mut from: impl Read + Send + 'static) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut text = String::new();
        from.read_to_string(&mut text).unwrap();
        text
    })
}

/// The exit status of `child`, which is killed when it does not end.
pub fn wait(child: &mut Child) -> Option<i32> {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code();
        }
        if start.elapsed() > LIMIT {
            child.kill().unwrap();
        }
        thread::sleep(Duration::from_millis(5));
    }
}

/// The program with `args`, with little time and memory; a run beyond them has no status.
/// Without limits, and saying so, where the shell knows none.
pub fn limited<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> Command {
    within(SECONDS, KIB, args)
}

/// The same with so many `seconds` and `kib` of addresses, of which memory in use is a part.
pub fn within<S: AsRef<OsStr>>(
    seconds: u32,
    kib: u32,
    args: impl IntoIterator<Item = S>,
) -> Command {
    let limits = format!("ulimit -t {seconds} && ulimit -v {kib}");
    let known = Command::new("sh").args(["-c", &limits]).output();
    let mut command = if known.is_ok_and(|output| output.status.success()) {
        let mut command = Command::new("sh");
        command.args(["-c", &format!("{limits} && exec \"$0\" \"$@\"")]);
        command.arg(env!("CARGO_BIN_EXE_mcpset"));
        command.current_dir(super::root());
        // The C library keeps addresses ready for each thread, far more than it uses.
        command.env("MALLOC_ARENA_MAX", "1");
        command
    } else {
        skipped("no `ulimit -t` and `ulimit -v` here: time and memory are not checked");
        super::mcpset()
    };
    command.args(args);
    command
}

/// `parts` one after the other.
pub fn concat(parts: impl Iterator<Item = String>) -> String {
    parts.collect()
}

/// Says what was left out where everyone sees it; libtest swallows `eprintln!`.
pub fn skipped(what: &str) {
    let _ = writeln!(io::stderr(), "SKIPPED {what}");
}
