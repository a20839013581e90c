//! A thread of its own for other people's programs, which are left behind when they run away.
//!
//! Rego's own clock is looked at between its steps, and one step may write a text of any length. So
//! somebody else watches the time and the memory. A thread cannot be ended: who is told that the work
//! ran away stops asking, says so and ends the process.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

/// Rules that call rules nest as deep as their author likes, and expressions, of which a level is a byte
/// (`- - - 1`) and takes some 1.5 KiB here: enough for all that a template may hold. It is address space,
/// and memory only as far as it is used, which is watched.
const STACK: usize = 512 << 20;
/// Longer than any work that keeps its own time.
const LONGEST: Duration = Duration::from_secs(4);
/// How often the memory is looked at.
const WATCH: Duration = Duration::from_millis(10);
/// The most memory that work may add, in bytes, where the system tells (Linux).
const MEMORY: u64 = 256 << 20;
/// What Linux counts memory in (4 KiB on x86-64 and mostly on arm64; where pages are larger, the
/// bound is).
const PAGE: u64 = 4096;

type Job = Box<dyn FnOnce() + Send>;

/// The thread.
#[derive(Debug)]
pub struct Worker(Option<Sender<Job>>);

impl Worker {
    /// A thread that waits for work.
    #[must_use]
    pub fn new() -> Self {
        let (jobs, inbox) = mpsc::channel::<Job>();
        let work = move || inbox.into_iter().for_each(|job| job());
        let thread = thread::Builder::new().stack_size(STACK).spawn(work);
        Self(thread.is_ok().then_some(jobs))
    }

    /// What `work` returns; `None` when it runs away, and from then on.
    pub fn run<T: Send + 'static>(
        &mut self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let (answer, answers) = mpsc::channel();
        let job = Box::new(move || drop(answer.send(work())));
        let sent = self.0.as_ref().map(|jobs| jobs.send(job));
        let result = sent?.ok().and_then(|()| watched(&answers));
        if result.is_none() {
            self.0 = None;
        }
        result
    }
}

/// The answer, unless it takes too long or too much.
fn watched<T>(answers: &Receiver<T>) -> Option<T> {
    let start = Instant::now();
    let mut before = None;
    loop {
        match answers.recv_timeout(WATCH) {
            Ok(answer) => return Some(answer),
            Err(RecvTimeoutError::Disconnected) => return None,
            Err(RecvTimeoutError::Timeout) => {}
        }
        let now = memory();
        let before = *before.get_or_insert(now);
        if start.elapsed() > LONGEST || now.saturating_sub(before) > MEMORY {
            return None;
        }
    }
}

/// The memory of this process, in bytes; 0 where nobody tells.
fn memory() -> u64 {
    let told = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let resident = told
        .split(' ')
        .nth(1)
        .and_then(|pages| pages.parse::<u64>().ok());
    resident.unwrap_or_default() * PAGE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_that_ends_is_answered_and_a_panic_is_no_answer() {
        let mut worker = Worker::new();
        assert_eq!(worker.run(|| 1), Some(1));
        assert_eq!(worker.run(|| 2), Some(2));
        assert_eq!(worker.run(|| assert_eq!(1, 2)), None);
        assert_eq!(worker.run(|| 3), None);
    }

    #[test]
    fn who_waits_too_long_waits_no_longer() {
        let mut worker = Worker::new();
        let start = Instant::now();
        assert_eq!(worker.run(|| thread::sleep(LONGEST * 4)), None);
        assert!(start.elapsed() < LONGEST * 2);
    }
}
