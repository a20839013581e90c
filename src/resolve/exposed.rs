//! Credentials in fields where nobody would look for them.
//!
//! Arguments, annotations and descriptions end in git and in the cluster as surely as variables do. Where
//! the field itself has said so already, with better advice, nothing is added.

use crate::credential::{credential, exposed};
use crate::problem::Problems;
use crate::yaml::{Node, Value};

/// Refuses every text of a set that looks like a credential, but those of its servers.
pub fn refuse_beside_servers(document: &Node, problems: &mut Problems) {
    for entry in document.entries() {
        refuse(&entry.key, problems);
        let is_spec = entry.name() == "spec" && !entry.value.entries().is_empty();
        if !is_spec {
            refuse(&entry.value, problems);
            continue;
        }
        for entry in entry.value.entries() {
            refuse(&entry.key, problems);
            let is_list = matches!(entry.value.value, Value::Sequence(_));
            if entry.name() != "servers" || !is_list {
                refuse(&entry.value, problems);
            }
        }
    }
}

/// Refuses every text in `node` that looks like a credential.
pub fn refuse(node: &Node, problems: &mut Problems) {
    match &node.value {
        Value::Scalar(scalar) => {
            if let Some(what) = credential(&scalar.text) {
                let problem = exposed(what, node.place).help(
                    "store it in the secret store and write its path under `secrets`; then revoke this one",
                );
                if !problems.has(problem.code, node.place) {
                    problems.push(problem);
                }
            }
        }
        Value::Sequence(items) => items.iter().for_each(|item| refuse(item, problems)),
        Value::Mapping(entries) => {
            for entry in entries {
                refuse(&entry.key, problems);
                refuse(&entry.value, problems);
            }
        }
    }
}
