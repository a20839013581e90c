//! Nobody takes a policy for kept that was never evaluated.

use super::Rule;
use crate::problem::Severity;

/// Constraints that mcpset made itself are only noted: their template is the cluster's.
pub const RULE: Rule = Rule {
    id: "MCP901",
    name: "policy-not-evaluated",
    title: "every Gatekeeper template and constraint that was given can be evaluated",
    severity: Severity::Error,
    why: "A policy that was not evaluated says nothing about the bundle, and a report without its violations looks as if it were kept.",
    fix: "give `--policies` a folder with the constraint and its ConstraintTemplate, written in Rego that `gator test` takes",
    source: "Gatekeeper's documentation, Constraint Templates and How to use Gatekeeper",
    good: include_str!("policy_not_evaluated/good.yaml"),
    broken_by: &[(
        include_str!("policy_not_evaluated/good.yaml"),
        "\
apiVersion: constraints.gatekeeper.sh/v1beta1
kind: Owned
metadata: {name: services}
spec:
  match: {kinds: [{apiGroups: [\"\"], kinds: [Service]}]}
",
    )],
    check: |_, _| {},
};
