//! The real gator on the same files.

use std::collections::BTreeMap;
use std::process::Command;

use serde_json::Value;

use super::mutations::MUTATIONS;
use super::{Violation, violations, written};
use crate::support::kustomize::Folder;
use crate::support::{Bundle, QUICKSTART, bundles, peer, root};

/// What gator says of `bundle`.
fn gator(bundle: &Bundle) -> Vec<Violation> {
    let folder = Folder::new(&[("bundle.yaml", &written(bundle))]);
    let ours = root().join("tests/gatekeeper");
    let output = Command::new(peer("gator"))
        .args(["test", "--output", "json", "--filename"])
        .arg(folder.path())
        .arg("--filename")
        .arg(ours.join("policies"))
        .arg("--filename")
        .arg(ours.join("expansion.yaml"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(said, "", "{said}");
    let found: Option<Vec<Value>> = serde_json::from_slice(&output.stdout).unwrap();
    let mut found: Vec<_> = found.unwrap_or_default().iter().map(violation).collect();
    // Policies judge the policies too, which are none of the bundle.
    found.retain(|violation| !violation.object.starts_with("ConstraintTemplate"));
    found.sort();
    found
}

/// What gator says of `policies` that it does not take.
pub fn refusal(policies: &str) -> Option<String> {
    let folder = Folder::new(&[("policies.yaml", policies)]);
    let mut gator = Command::new(peer("gator"));
    let gator = gator.args(["test", "--filename"]).arg(folder.path());
    let said = String::from_utf8(gator.output().unwrap().stderr).unwrap();
    (!said.is_empty()).then_some(said)
}

fn violation(result: &Value) -> Violation {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (constraint, object) = (&result["constraint"], &result["violatingObject"]);
    let message = text(&result["msg"]);
    let action = match text(&result["enforcementAction"]).as_str() {
        "scoped" => text(&result["scopedActions"][0]),
        action => action.to_owned(),
    };
    let (kind, name) = (
        text(&constraint["kind"]),
        text(&constraint["metadata"]["name"]),
    );
    let metadata = &object["metadata"];
    Violation {
        constraint: format!("{kind} {name}"),
        action,
        object: format!(
            "{}.{}/{}",
            text(&object["kind"]),
            text(&metadata["namespace"]),
            text(&metadata["name"])
        ),
        message: match message.strip_prefix("[Implied by pods] ") {
            Some(message) => format!("of its Pods: {message}"),
            None => message,
        },
    }
}

#[test]
#[ignore = "needs the real gator: run ./test --all"]
fn gator_says_the_same_of_every_bundle() {
    let mut agreed = 0;
    for (path, bundle) in bundles() {
        let theirs = gator(&bundle);
        assert_eq!(violations(&bundle), theirs, "{path}");
        agreed += theirs.len();
    }
    println!("{agreed} violations agree over {} bundles", bundles().len());
    assert!(agreed > 5, "{agreed}");
}

#[test]
#[ignore = "needs the real gator: run ./test --all"]
fn gator_says_the_same_of_every_mutation() {
    let mut differing = BTreeMap::new();
    let mut agreed = 0;
    for mutation in MUTATIONS {
        let mut bundle = Bundle::of(QUICKSTART).unwrap();
        (mutation.spoil)(&mut bundle);
        let (ours, theirs) = (violations(&bundle), gator(&bundle));
        if ours == theirs {
            agreed += ours.len();
        } else {
            differing.insert(mutation.name, (ours, theirs));
        }
    }
    let tried = MUTATIONS.len();
    let same = tried - differing.len();
    println!("{same} of {tried} mutations agree, with {agreed} violations");
    assert!(differing.is_empty(), "{differing:#?}");
    assert!(tried >= 25);
}
