//! Gatekeeper's policies: templates and constraints of our own for what the guide asks for, kept by what
//! mcpset writes and broken by what is spoilt in one place; what cannot be evaluated is said; and the
//! real gator says the same.

#![cfg(feature = "gatekeeper")]
mod bad_input;
mod gator;
mod matching;
mod mutations;
mod parameters;

use std::fs;

use crate::support::{Bundle, QUICKSTART, root};
use mcpset::check::Subject;
use mcpset::problem::{Problem, Problems, Severity};
use mcpset::yaml;
use mutations::MUTATIONS;
use serde_json::Value;

/// A violation as it is compared: the constraint, what it does, the object, the message.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Violation {
    constraint: String,
    action: String,
    object: String,
    message: String,
}

impl Violation {
    /// The violation in a finding `MCP900`.
    fn of(problem: &Problem) -> Self {
        let (who, message) = problem.message.split_once(": ").unwrap();
        let (constraint, pods) = who.split_once(", of the Pods of").unwrap_or((who, ""));
        let object = problem.object.as_deref().unwrap();
        let action = match problem.severity {
            Severity::Error => "deny",
            Severity::Warning => "warn",
            Severity::Note => "dryrun",
        };
        Self {
            constraint: constraint.to_owned(),
            action: action.to_owned(),
            object: format!("{}.{}/{}", object.kind, object.namespace, object.name),
            message: if pods.is_empty() {
                message.to_owned()
            } else {
                format!("of its Pods: {message}")
            },
        }
    }

    /// `K8sAllowedRepos Deployment.mcp-github`.
    fn short(&self) -> String {
        let kind = self.constraint.split(' ').next().unwrap();
        let (object, name) = self.object.split_once('/').unwrap();
        let (object, _) = object.split_once('.').unwrap();
        format!("{kind} {object}.{name}")
    }
}

/// What is found of Gatekeeper in `manifests` under `policies`, both YAML.
fn findings(manifests: &str, policies: &str) -> Vec<Problem> {
    let mut problems = Problems::default();
    let mut subject = Subject::default();
    for document in yaml::parse(manifests, 0, &mut problems) {
        subject.add(document, &mut problems);
    }
    for document in yaml::parse(policies, 1, &mut problems) {
        assert!(subject.add_policy(document), "no policy");
    }
    assert_eq!(problems.into_sorted(), []);
    let mut found = subject.findings();
    found.retain(|problem| problem.code.as_str().starts_with("MCP9"));
    found
}

/// Every policy of this folder.
fn policies() -> String {
    let mut paths: Vec<_> = fs::read_dir(root().join("tests/gatekeeper/policies"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let texts = paths.iter().map(|path| fs::read_to_string(path).unwrap());
    texts.collect::<Vec<_>>().join("---\n")
}

/// The violations in `bundle`, sorted; nothing else may be found.
fn violations(bundle: &Bundle) -> Vec<Violation> {
    let found = findings(&written(bundle), &policies());
    let mut violations: Vec<_> = found
        .iter()
        .inspect(|problem| assert_eq!(problem.code.as_str(), "MCP900", "{problem:?}"))
        .map(Violation::of)
        .collect();
    violations.sort();
    violations
}

/// The documents of `bundle` as one text.
fn written(bundle: &Bundle) -> String {
    let text = |document: &Value| serde_yaml::to_string(document).unwrap();
    let texts: Vec<_> = bundle.documents.iter().map(text).collect();
    texts.join("---\n")
}

#[test]
fn what_mcpset_writes_keeps_the_policies_that_the_guide_asks_for() {
    let found = violations(&Bundle::of(QUICKSTART).unwrap());
    let denied = found.iter().filter(|violation| violation.action == "deny");
    assert_eq!(denied.collect::<Vec<_>>(), [&found[0]; 0]);
}

#[test]
fn every_mutation_is_found_by_the_policies_that_should_and_by_no_others() {
    let good = violations(&Bundle::of(QUICKSTART).unwrap());
    for mutation in MUTATIONS {
        let mut bundle = Bundle::of(QUICKSTART).unwrap();
        (mutation.spoil)(&mut bundle);
        let mut found = violations(&bundle);
        // What a Deployment that was renamed or moved breaks as before is nothing new.
        let was_said = |new: &Violation| {
            good.iter()
                .any(|old| (&old.constraint, &old.message) == (&new.constraint, &new.message))
                && new.object.starts_with("Deployment")
        };
        found.retain(|violation| !was_said(violation));
        let found: Vec<_> = found.iter().map(Violation::short).collect();
        assert_eq!(found, mutation.broken, "{}", mutation.name);
    }
}

#[test]
fn every_policy_is_broken_by_a_mutation() {
    let broken: Vec<_> = MUTATIONS
        .iter()
        .flat_map(|m| m.broken.iter().copied())
        .collect();
    for policy in policies()
        .split("---\n")
        .filter(|text| text.contains("kind: ConstraintTemplate"))
    {
        let policy: Value = serde_yaml::from_str(policy).unwrap();
        let kind = policy["spec"]["crd"]["spec"]["names"]["kind"]
            .as_str()
            .unwrap();
        let names_it = |broken: &str| broken.split(' ').next() == Some(kind);
        // Digests are missing from the start.
        assert!(broken.iter().copied().any(names_it), "{kind}");
    }
}

#[test]
fn the_same_is_found_in_the_same_order() {
    let mut bundle = Bundle::of(QUICKSTART).unwrap();
    for mutation in &MUTATIONS[..12] {
        (mutation.spoil)(&mut bundle);
    }
    let first = findings(&written(&bundle), &policies());
    assert!(first.len() > 3);
    assert_eq!(first, findings(&written(&bundle), &policies()));
}
