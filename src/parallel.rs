//! All cores, when there is much to do, and the order of the input all the same.
//!
//! Servers have nothing to do with each other, so many are checked and written side by side. What comes
//! of it is taken up in order, and few results wait for their turn: memory does not grow with the work.

use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::{self, Builder};

/// So many servers are worth a thread: fewer are done before it has begun.
pub const SOME: usize = 32;
/// Results of one thread that wait for their turn.
const WAITING: usize = 2;
/// What a thread may use for calls within calls, in bytes: as much as the first has on Linux.
const STACK: usize = 8 << 20;

/// Hands `take` what `work` makes of each of `items`, in their order. Neither one item nor what `is_much`
/// says to be little is a reason for a thread.
///
/// # Errors
/// The first that `take` returns; then no more is taken.
pub fn each<T: Sync, R: Send, E>(
    is_much: bool,
    items: &[T],
    work: impl Fn(&T) -> R + Sync,
    mut take: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E> {
    // The system is only asked where it matters: it reads files to answer.
    let cores = if is_much && items.len() > 1 {
        thread::available_parallelism().map_or(1, usize::from)
    } else {
        1
    };
    let threads = cores.min(items.len());
    if threads < 2 {
        return items.iter().try_for_each(|item| take(work(item)));
    }
    let work = &work;
    thread::scope(|scope| {
        let start = |first: usize| {
            let (send, receive) = sync_channel(WAITING);
            let own = items.iter().skip(first).step_by(threads);
            let run = move || {
                for item in own {
                    if send.send(work(item)).is_err() {
                        break;
                    }
                }
            };
            let builder = Builder::new().stack_size(STACK);
            builder.spawn_scoped(scope, run).ok().map(|_| receive)
        };
        let stripes: Vec<Option<Receiver<R>>> = (0..threads).map(start).collect();
        let mut turns = stripes.iter().cycle();
        for item in items {
            let stripe = turns.next().and_then(Option::as_ref);
            // A system that gives no thread gives an answer a little later.
            let result = stripe.and_then(|stripe| stripe.recv().ok());
            take(result.unwrap_or_else(|| work(item)))?;
        }
        Ok(())
    })
}

/// What `work` makes of each of `items`, in their order, as [`each`] does.
pub fn map<T: Sync, R: Send>(is_much: bool, items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let mut results = Vec::with_capacity(items.len());
    let Ok(()) = each(is_much, items, work, |result| {
        results.push(result);
        Ok::<(), std::convert::Infallible>(())
    });
    results
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_items_however_long_each_takes() {
        let items: Vec<u64> = (0..100).collect();
        let slow_first = |item: &u64| {
            thread::sleep(std::time::Duration::from_millis((100 - item) / 20));
            item * 2
        };
        let doubled: Vec<u64> = items.iter().map(|item| item * 2).collect();
        assert_eq!(map(true, &items, slow_first), doubled);
    }

    #[test]
    fn little_is_done_without_a_thread() {
        let own = thread::current().id();
        let on = |is_much, items: &[u8]| map(is_much, items, |_| thread::current().id());
        assert_eq!(on(false, &[1, 2]), [own, own]);
        assert_eq!(on(true, &[1]), [own]);
    }

    #[test]
    fn nothing_is_taken_after_an_error() {
        let items: Vec<usize> = (0..1000).collect();
        let mut taken = Vec::new();
        let ended = each(
            true,
            &items,
            |item| *item,
            |item| {
                taken.push(item);
                if item == 9 { Err("full") } else { Ok(()) }
            },
        );
        assert_eq!(ended, Err("full"));
        assert_eq!(taken, (0..10).collect::<Vec<_>>());
    }
}
