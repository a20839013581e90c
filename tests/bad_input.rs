//! Every mistake that a config can hold, one small file each, and what a person is told of it.
//!
//! The files are in `bad_input/` and `warnings/`, the reviewed messages in `golden/`. A message
//! should be true and short, point at the value or key that must change, and say what to write.

use crate::support;
mod page;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::support::run::{Ended, run};
use mcpset::problem::{Code, Severity};

/// Files with nothing in them that could be pointed at.
const WITHOUT_PLACE: [&str; 3] = [
    "file-empty",
    "file-with-comments-only",
    "file-with-separators-only",
];

/// Runs `mcpset render` on the file at `path`, and compares what it says with the golden of the
/// same name in `golden/<group>`.
fn told_as_reviewed(group: &str, path: &Path, check: impl FnOnce(&str, &str, Ended)) {
    let name = path.file_stem().unwrap().to_str().unwrap();
    let file = format!("tests/{group}/{name}.yaml");
    let ended = run(support::mcpset().args(["render", &file]), b"");
    let text = ended.stderr.clone();
    assert!(
        !text.contains('\u{1b}'),
        "{name}: colours without a terminal"
    );
    check(name, &file, ended);

    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(format!("../golden/{group}"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.remove_snapshot_suffix();
    settings.bind(|| insta::assert_snapshot!(name, text));
}

/// Whether `text` has a line ` --> <file>:<line>:<column>`.
fn has_place(text: &str, file: &str) -> bool {
    let number = |part: Option<&str>| part.is_some_and(|part| part.parse::<usize>().is_ok());
    text.lines()
        .filter_map(|line| line.trim_start().strip_prefix("--> "))
        .filter_map(|place| place.strip_prefix(file)?.strip_prefix(':'))
        .any(|place| {
            let mut parts = place.split(':');
            number(parts.next()) && number(parts.next()) && parts.next().is_none()
        })
}

#[test]
fn every_mistake_is_refused_and_told_as_reviewed() {
    insta::glob!("bad_input/*.yaml", |path| {
        told_as_reviewed("bad_input", path, |name, file, ended| {
            assert_eq!(ended.status, Some(1), "{name}: {}", ended.stderr);
            assert_eq!(ended.stdout, "", "{name}");
            let told = ended.stderr.matches("\nerror[").count() + 1;
            let helped = ended.stderr.matches("= help: ").count();
            assert_eq!(told, helped, "{name}: every error says what to do");
            let is_file = WITHOUT_PLACE.contains(&name);
            assert!(
                has_place(&ended.stderr, file) != is_file,
                "{name}: {}",
                ended.stderr
            );
        });
    });
}

#[test]
fn every_warning_is_told_as_reviewed_and_stops_nothing() {
    insta::glob!("warnings/*.yaml", |path| {
        told_as_reviewed("warnings", path, |name, file, ended| {
            assert_eq!(ended.status, Some(0), "{name}: {}", ended.stderr);
            assert!(!ended.stdout.is_empty(), "{name}");
            assert!(has_place(&ended.stderr, file), "{name}: {}", ended.stderr);
        });
    });
}

/// The parts of `text` before and behind the end of each field's name.
fn names(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let colons = text.match_indices(": ").chain(text.match_indices(":\n"));
    colons
        .map(|(end, _)| text.split_at(end))
        .filter(|(before, _)| before.ends_with(|c: char| c.is_ascii_alphabetic()))
}

#[test]
fn a_mistyped_field_is_told_alone() {
    let mut count = 0;
    for example in ["quickstart", "platform", "twelve", "stdio"] {
        let path = support::root().join(format!("examples/{example}.yaml"));
        let text = fs::read_to_string(path).unwrap();
        for (before, after) in names(&text) {
            let mistyped = format!("{before}q{after}");
            let Err(report) = mcpset::Bundle::read("mcp.yaml", &mistyped) else {
                continue;
            };
            let errors = report.problems().iter();
            let errors = errors.filter(|problem| problem.severity == Severity::Error);
            let codes: Vec<Code> = errors.map(|problem| problem.code).collect();
            if codes.contains(&Code::UnknownField) {
                count += 1;
                assert_eq!(codes, [Code::UnknownField], "{report}");
            }
        }
    }
    assert!(count > 100, "{count}");
}

#[test]
fn no_golden_is_without_its_file() {
    for group in ["bad_input", "warnings"] {
        let stems = |folder: &str, extension: &str| -> BTreeSet<String> {
            fs::read_dir(support::root().join(folder).join(group))
                .unwrap()
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .filter_map(|name| Some(name.strip_suffix(extension)?.to_owned()))
                .collect()
        };
        let (goldens, files) = (stems("golden", ".snap"), stems("tests", ".yaml"));
        let stale: Vec<_> = goldens.difference(&files).collect();
        assert!(stale.is_empty(), "golden/{group}: {stale:?}");
    }
}
