//! What fuzzing found keeps its promises: every input of `fuzz/corpus` once more, in a second.
//!
//! The promises are those of the fuzzer itself, included from its crate.

#[path = "../fuzz/src/lib.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a promise is broken by panicking"
)]
mod promises;

use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use crate::support;

/// All inputs together, in bytes: they are in everybody's clone.
const CORPUS: usize = 512 << 10;
/// One, in bytes.
const INPUT: usize = 8 << 10;

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// The inputs of `target`.
fn inputs(target: &str) -> Vec<PathBuf> {
    files(&support::root().join("fuzz/corpus").join(target))
}

/// What is in `folder`, without endings.
fn names(folder: &str) -> BTreeSet<String> {
    let name = |path: PathBuf| path.file_stem().unwrap().to_str().unwrap().to_owned();
    let files = files(&support::root().join(folder)).into_iter();
    files.map(name).collect()
}

/// Runs every input of `target`, and names the first that breaks its promise.
fn replay(target: &str) {
    let (_, promise) = promises::TARGETS
        .into_iter()
        .find(|(name, _)| *name == target)
        .unwrap();
    let inputs = inputs(target);
    assert!(!inputs.is_empty(), "{target} has no corpus");
    for path in inputs {
        let data = fs::read(&path).unwrap();
        let kept = catch_unwind(AssertUnwindSafe(|| promise(&data)));
        assert!(kept.is_ok(), "{} breaks its promise", path.display());
    }
}

#[test]
fn every_target_has_a_promise_and_a_corpus() {
    let targets: BTreeSet<String> = promises::TARGETS
        .iter()
        .map(|(name, _)| (*name).to_owned())
        .collect();
    assert_eq!(names("fuzz/fuzz_targets"), targets);
    assert_eq!(names("fuzz/corpus"), targets);
}

#[test]
fn the_corpus_is_small() {
    let mut all = 0;
    for (target, _) in promises::TARGETS {
        for path in inputs(target) {
            let size = fs::metadata(&path).unwrap().len();
            let size = usize::try_from(size).unwrap();
            assert!(size <= INPUT, "{}: {size}", path.display());
            all += size;
        }
    }
    assert!(all <= CORPUS, "{all}");
}

/// One test a target, so that they run beside each other.
macro_rules! replayed {
    ($($target:ident),*) => {
        $(
            #[test]
            fn $target() {
                replay(stringify!($target));
            }
        )*

        #[test]
        fn every_target_is_replayed() {
            let replayed = BTreeSet::from([$(stringify!($target)),*]);
            let targets = promises::TARGETS.iter().map(|(name, _)| *name);
            assert_eq!(replayed, targets.collect());
        }
    };
}

mod keeps_its_promise {
    use super::*;

    replayed!(
        check,
        config,
        diff,
        import,
        promql,
        resource_list,
        splitter,
        writer
    );
}
