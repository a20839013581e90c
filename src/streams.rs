//! The standard streams, which may be closed, as in `mcpset … >&-`.
//!
//! Rust puts `/dev/null` in the place of a standard stream that is closed, so that no file is opened under
//! its number, and passes over the error of one that is open the wrong way. The output would be lost and
//! status 0 say otherwise, and what nobody sends would pass for empty input. Once Rust has begun, a closed
//! stream is just what Python and Node hand over on purpose for "no output"; so both are looked at before,
//! by a function that the C library calls before `main`. It makes system calls and nothing else, as nothing
//! of Rust is set up by then.

use std::io::{self, StdinLock, StdoutLock};
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether standard input could not be read when the program began. Written once, before `main`.
static NO_INPUT: AtomicBool = AtomicBool::new(false);
/// Whether standard output could not be written.
static NO_OUTPUT: AtomicBool = AtomicBool::new(false);

#[cfg(unix)]
#[ctor::ctor]
fn look() {
    use rustix::fs::{OFlags, fcntl_getfl};
    use rustix::io::Errno;
    use rustix::stdio;

    let is_shut = |stream, wrong_way| match fcntl_getfl(stream) {
        Ok(flags) => flags & OFlags::ACCMODE == wrong_way,
        Err(error) => error == Errno::BADF,
    };
    let no_input = is_shut(stdio::stdin(), OFlags::WRONLY);
    let no_output = is_shut(stdio::stdout(), OFlags::RDONLY);
    NO_INPUT.store(no_input, Ordering::Relaxed);
    NO_OUTPUT.store(no_output, Ordering::Relaxed);
}

/// Standard input.
///
/// # Errors
/// When it is closed, or open the wrong way.
pub fn stdin() -> io::Result<StdinLock<'static>> {
    open(&NO_INPUT, "it is closed, or open for writing alone")?;
    Ok(io::stdin().lock())
}

/// Bytes of the file that standard input is; 0 where it is none, or nobody knows.
#[must_use]
pub fn size_of_stdin() -> u64 {
    #[cfg(unix)]
    if let Ok(status) = rustix::fs::fstat(io::stdin()) {
        return u64::try_from(status.st_size).unwrap_or_default();
    }
    0
}

/// Standard output.
///
/// # Errors
/// When it is closed, or open the wrong way.
pub fn stdout() -> io::Result<StdoutLock<'static>> {
    open(&NO_OUTPUT, "it is closed, or open for reading alone")?;
    Ok(io::stdout().lock())
}

fn open(is_shut: &AtomicBool, why: &'static str) -> io::Result<()> {
    if is_shut.load(Ordering::Relaxed) {
        return Err(io::Error::other(why));
    }
    Ok(())
}
