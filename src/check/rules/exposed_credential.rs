//! Credentials stand in the secret store alone.

use super::{Context, Found, Rule, duplicate_variables};
use crate::credential::credential;
use crate::manifest::At;
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP072",
    name: "exposed-credential",
    title: "no literal looks like a credential",
    severity: Severity::Error,
    why: "Whoever reads the repository, the cluster or a log has it.",
    fix: "store it in the secret store, refer to the Secret, and revoke this one",
    source: "guide, Authentication & Authorization: credentials in AWS Secrets Manager",
    good: duplicate_variables::RULE.good,
    broken_by: &[(
        "value: \"1\"",
        "value: \"ghp_0123456789abcdefghijABCDEFGHIJ012345\"",
    )],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for (pod, container) in context.containers() {
        let values = container
            .at
            .get("env")
            .items()
            .map(|variable| variable.get("value"));
        let words = ["command", "args"].map(|list| container.at.get(list));
        let words = words.into_iter().flat_map(At::items);
        for at in values.chain(words) {
            if let Some(what) = at.text().and_then(credential) {
                found.add(pod.workload, at, format!("this looks like {what}"));
            }
        }
    }
    for map in context.input.manifests.of_kind("ConfigMap") {
        for (_, at) in map.at("data").entries() {
            if let Some(what) = at.text().and_then(credential) {
                found.add(map, at, format!("this looks like {what}"));
            }
        }
    }
}
