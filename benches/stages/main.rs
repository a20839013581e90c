//! How long each stage takes of 100 servers and their 1,002 objects, and what writing takes beside serde_json.
//!
//! ```text
//! cargo bench --bench stages                       # all of them: two minutes, once it is built
//! cargo bench --bench stages -- --quick writing    # with less certainty, and those with this name
//! ```
//!
//! It is built as releases are, which takes minutes. No time fails: CONTRIBUTING.md says what does.

#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench prints, and fails by panicking"
)]

mod stages;

use std::env;
use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{BatchSize, Criterion, Throughput};

use stages::Given;

/// As many as `benches/instructions` counts.
const SERVERS: usize = 100;
/// Runs of each writer, in turn.
const PAIRS: usize = 101;

fn main() {
    let given = Given::new(SERVERS);
    let mut criterion = Criterion::default().configure_from_args();
    a_config(&mut criterion, &given);
    manifests(&mut criterion, &given);
    writing(&mut criterion, &given);
    hosts(&mut criterion, &given);
    criterion.final_summary();
    // Without it cargo only asks whether everything runs.
    if env::args().any(|argument| argument == "--bench") {
        compare_writers(&given);
    }
}

/// From a config to objects.
fn a_config(criterion: &mut Criterion, given: &Given) {
    let mut group = criterion.benchmark_group("config");
    group.bench_function("parse", |bench| bench.iter(|| stages::parse(&given.text)));
    group.bench_function("decode", |bench| {
        bench.iter(|| stages::decode(&given.document));
    });
    group.bench_function("resolve", |bench| {
        bench.iter(|| stages::decide(&given.written, &given.document));
    });
    group.bench_function("generate", |bench| {
        bench.iter(|| stages::generate(&given.set));
    });
    group.bench_function("check", |bench| {
        bench.iter(|| stages::check_set(&given.set));
    });
    group.finish();
}

/// The check of what a config became, as of anybody's manifests.
fn manifests(criterion: &mut Criterion, given: &Given) {
    let documents = stages::parse(&given.manifests);
    let mut group = criterion.benchmark_group("manifests");
    group.throughput(bytes(&given.manifests));
    group.bench_function("parse", |bench| {
        bench.iter(|| stages::parse(&given.manifests));
    });
    group.bench_function("check", |bench| {
        bench.iter_batched(
            || documents.clone(),
            stages::check_manifests,
            BatchSize::LargeInput,
        );
    });
    group.finish();
}

/// The same objects in YAML and in JSON.
fn writing(criterion: &mut Criterion, given: &Given) {
    let (mut yaml, mut json) = (String::new(), Vec::new());
    let mut group = criterion.benchmark_group("writing");
    group.bench_function("yaml", |bench| {
        bench.iter(|| stages::write(&given.objects, black_box(&mut yaml)));
    });
    group.bench_function("serde_json", |bench| {
        bench.iter(|| stages::write_json(&given.objects, black_box(&mut json)));
    });
    group.finish();
}

/// What a host hands over: mostly what is not ours.
fn hosts(criterion: &mut Criterion, given: &Given) {
    let mut out = Vec::new();
    let (stream, list) = (&given.stream, &given.list);
    let mut group = criterion.benchmark_group("hosts");
    group.throughput(bytes(stream.text()));
    group.bench_function("split", |bench| bench.iter(|| stages::split(stream.text())));
    group.bench_function("post-render", |bench| {
        bench.iter(|| stages::post_render(stream, black_box(&mut out)));
    });
    group.throughput(bytes(list.text()));
    group.bench_function("outline", |bench| {
        bench.iter(|| stages::outline(list.text()));
    });
    group.bench_function("transform", |bench| {
        bench.iter(|| stages::transform(list, black_box(&mut out)));
    });
    group.finish();
}

fn bytes(text: &str) -> Throughput {
    Throughput::BytesDecimal(text.len() as u64)
}

/// Prints how long writing takes, in what serde_json takes. They take turns, so that a busy moment takes from
/// both; on a machine that is never idle, the fastest of many say more than the medians.
fn compare_writers(given: &Given) {
    let (mut yaml, mut json) = (String::new(), Vec::new());
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..PAIRS {
        ours.push(time(|| stages::write(&given.objects, black_box(&mut yaml))));
        theirs.push(time(|| {
            stages::write_json(&given.objects, black_box(&mut json));
        }));
    }
    ours.sort();
    theirs.sort();
    let ratio = |at: usize| match (ours.get(at), theirs.get(at)) {
        (Some(ours), Some(theirs)) => ours.as_secs_f64() / theirs.as_secs_f64(),
        _ => f64::NAN,
    };
    println!(
        "writing: yaml / serde_json {:.2} by their medians, {:.2} by the fastest; wanted: at most 1.5",
        ratio(PAIRS / 2),
        ratio(0)
    );
}

fn time(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}
