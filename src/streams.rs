//! The standard streams, which may be closed, as in `mcpset … >&-`.
//!
//! Rust puts `/dev/null` in the place of a standard stream that is closed, so that no file is opened under
//! its number. The output would be lost and status 0 say otherwise, and what nobody sends would pass for
//! empty input. Once that is done, the stream is just what Python and Node hand over on purpose for "no
//! output"; so it is looked at before, by a function that the C library calls before `main`. It makes
//! system calls and nothing else, as nothing of Rust is set up by then.

use std::io::{self, StdinLock, StdoutLock};
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether standard input was closed when the program began. Written once, before `main`.
static NO_INPUT: AtomicBool = AtomicBool::new(false);
/// The same of standard output.
static NO_OUTPUT: AtomicBool = AtomicBool::new(false);

#[cfg(unix)]
#[ctor::ctor]
fn look() {
    use rustix::io::{Errno, fcntl_getfd};
    use rustix::stdio;

    let is_closed = |stream| fcntl_getfd(stream) == Err(Errno::BADF);
    NO_INPUT.store(is_closed(stdio::stdin()), Ordering::Relaxed);
    NO_OUTPUT.store(is_closed(stdio::stdout()), Ordering::Relaxed);
}

/// Standard input.
///
/// # Errors
/// When it is closed.
pub fn stdin() -> io::Result<StdinLock<'static>> {
    open(&NO_INPUT)?;
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
/// When it is closed.
pub fn stdout() -> io::Result<StdoutLock<'static>> {
    open(&NO_OUTPUT)?;
    Ok(io::stdout().lock())
}

fn open(is_closed: &AtomicBool) -> io::Result<()> {
    if is_closed.load(Ordering::Relaxed) {
        return Err(io::Error::other("it is closed"));
    }
    Ok(())
}
