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

/// Hands `take` what `work` makes of each of `items`, in their order. One item is no reason for a thread.
///
/// # Errors
/// The first that `take` returns; then no more is taken.
pub fn each<T: Sync, R: Send, E>(
    items: &[T],
    work: impl Fn(&T) -> R + Sync,
    mut take: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
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

/// What `work` makes of each of `items`, in their order.
pub fn map<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let mut results = Vec::with_capacity(items.len());
    let Ok(()) = each(items, work, |result| {
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
        assert_eq!(map(&items, slow_first), doubled);
    }

    #[test]
    fn nothing_is_taken_after_an_error() {
        let items: Vec<usize> = (0..1000).collect();
        let mut taken = Vec::new();
        let ended = each(
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
