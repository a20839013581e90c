//! A line on a terminal that says how far a long run is, and goes when the run is done.
//!
//! It is there for thousands of servers, and for folders on slow disks. Whoever is no terminal never gets a
//! byte of it.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use crate::source::Source;

/// Nothing is said of what takes less.
const SHORT: Duration = Duration::from_millis(300);
/// Between two lines.
const PAUSE: Duration = Duration::from_millis(100);
/// Bytes of a config that takes long to check.
const LARGE: usize = 64 << 10;
/// Back to the first column, and away with what stands there (ECMA-48, EL).
const CLEAR: &str = "\r\u{1b}[2K";

/// How far a run is.
#[derive(Debug)]
pub struct Progress {
    is_shown: bool,
    /// When the next line may be drawn.
    next: Instant,
    is_drawn: bool,
}

impl Progress {
    /// Progress that is shown if that `is_wanted`, and standard error is a terminal that can.
    pub fn new(is_wanted: bool) -> Self {
        let is_dumb = std::env::var_os("TERM").is_none_or(|name| name == "dumb");
        Self {
            is_shown: is_wanted && io::stderr().is_terminal() && !is_dumb,
            next: Instant::now() + SHORT,
            is_drawn: false,
        }
    }

    /// Says that something is being done to `source`, if that is large.
    pub fn begin(&mut self, doing: &str, source: Option<&Source>) {
        if let Some(source) = source.filter(|source| source.text.len() >= LARGE) {
            let name: String = source.name.escape_debug().collect();
            self.draw(&format!("{doing} {name} …"));
        }
    }

    /// Says how many objects are written, of how many.
    pub fn step(&mut self, done: usize, all: Option<usize>) {
        if !self.is_shown || Instant::now() < self.next {
            return;
        }
        self.next = Instant::now() + PAUSE;
        match all {
            Some(all) => self.draw(&format!("writing object {done} of {all} …")),
            None => self.draw(&format!("writing object {done} …")),
        }
    }

    /// Takes the line away.
    pub fn clear(&mut self) {
        if self.is_drawn {
            self.is_drawn = false;
            put(CLEAR);
        }
    }

    fn draw(&mut self, line: &str) {
        if self.is_shown {
            self.is_drawn = true;
            put(&format!("{CLEAR}{line}"));
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}

/// Nothing can be done when a terminal takes nothing.
fn put(text: &str) {
    let mut terminal = io::stderr().lock();
    let _ = terminal.write_all(text.as_bytes());
    let _ = terminal.flush();
}
