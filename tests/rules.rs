//! The catalogue: every rule is kept by its good example, broken by its bad one, and by nothing that
//! mcpset writes itself.

use crate::support;
use std::collections::BTreeSet;

use crate::support::run::run;
use mcpset::check::Subject;
use mcpset::check::rules::CATALOGUE;
use mcpset::problem::{Problem, Problems};
use mcpset::yaml;

/// What is found in `manifests`.
fn findings(manifests: &str) -> Vec<Problem> {
    let mut problems = Problems::default();
    let mut subject = Subject::default();
    for document in yaml::parse(manifests, 0, &mut problems) {
        subject.add(document, &mut problems);
    }
    assert_eq!(problems.into_sorted(), []);
    subject.findings()
}

#[test]
fn every_rule_is_kept_by_its_good_example_and_broken_by_its_bad_one() {
    for rule in CATALOGUE {
        if !cfg!(feature = "gatekeeper") && rule.id.starts_with("MCP9") {
            println!("{} is SKIPPED: the feature `gatekeeper` is off", rule.id);
            continue;
        }
        let broken = |manifests: &str| {
            let found = findings(manifests);
            found.iter().any(|problem| problem.code.as_str() == rule.id)
        };
        assert!(!broken(rule.good), "{}: {}", rule.id, rule.good);
        for (from, _) in rule.broken_by {
            assert_eq!(rule.good.matches(from).count(), 1, "{}: {from}", rule.id);
        }
        assert!(broken(&rule.bad()), "{}: {}", rule.id, rule.bad());
    }
}

#[test]
fn ids_and_names_are_unique_and_in_order() {
    let ids: Vec<&str> = CATALOGUE.iter().map(|rule| rule.id).collect();
    let sorted: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids, Vec::from_iter(sorted));
    let names: BTreeSet<&str> = CATALOGUE.iter().map(|rule| rule.name).collect();
    assert_eq!(names.len(), CATALOGUE.len());
    for rule in CATALOGUE {
        assert!(rule.id.strip_prefix("MCP").is_some_and(|id| id.len() == 3));
        for text in [rule.title, rule.why, rule.fix, rule.source] {
            assert!(!text.is_empty(), "{}", rule.id);
        }
    }
}

#[test]
fn no_file_with_a_rule_is_left_out_of_the_catalogue() {
    let folder = support::root().join("src/check/rules");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let Some(text) = path
            .is_file()
            .then(|| std::fs::read_to_string(&path).unwrap())
        else {
            continue;
        };
        let ids = text
            .lines()
            .filter_map(|line| line.strip_prefix("    id: \""));
        for id in ids.filter_map(|rest| rest.split('"').next()) {
            assert!(
                CATALOGUE.iter().any(|rule| rule.id == id),
                "{}: list it under `mod` and in CATALOGUE of src/check/rules/mod.rs",
                path.display()
            );
        }
    }
}

#[test]
fn what_mcpset_writes_breaks_no_rule() {
    for (path, config) in support::configs() {
        let ended = run(support::mcpset().args(["check", "-"]), config.as_bytes());
        assert_eq!(ended.status, Some(0), "{path}: {}", ended.stdout);
        assert!(!ended.stdout.contains("error["), "{path}: {}", ended.stdout);
    }
}
