//! Credentials in fields where nobody would look for them.

use crate::credential::{credential, exposed};
use crate::problem::Problems;
use crate::yaml::{Node, Value};

/// Refuses every text in `document` that looks like a credential: arguments, annotations and
/// descriptions end in git and in the cluster as surely as variables do. Where the field itself
/// has said so already, with better advice, nothing is added.
pub fn credentials(document: &Node, problems: &mut Problems) {
    match &document.value {
        Value::Scalar(scalar) => {
            if let Some(what) = credential(&scalar.text) {
                let problem = exposed(what, document.place).help(
                    "store it in the secret store and write its path under `secrets`; then revoke this one",
                );
                if !problems.has(problem.code, document.place) {
                    problems.push(problem);
                }
            }
        }
        Value::Sequence(items) => items.iter().for_each(|item| credentials(item, problems)),
        Value::Mapping(entries) => {
            for entry in entries {
                credentials(&entry.key, problems);
                credentials(&entry.value, problems);
            }
        }
    }
}
