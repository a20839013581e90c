//! Who can reach whom: what the NetworkPolicy API says of small cases, what the rules say of policies
//! that are spoilt in one place, and whether np-guard's analyser sees the same.

mod mutations;
mod peer;
mod semantics;

use mcpset::manifest::{Manifests, Object};
use mcpset::problem::Problems;
use mcpset::yaml::{self, Node};

/// The documents of `text`.
fn nodes(text: &str) -> Vec<Node> {
    let mut problems = Problems::default();
    let nodes = yaml::parse(text, 0, &mut problems);
    assert_eq!(problems.into_sorted(), []);
    nodes
}

/// The objects in `text`.
fn manifests(text: &str) -> Manifests {
    let mut manifests = Manifests::default();
    for node in nodes(text) {
        manifests.push(Object::new(node).unwrap());
    }
    manifests
}
