//! The organisation's own Gatekeeper policies hold.

use super::Rule;
use crate::problem::Severity;

/// Its findings have the severity that the constraint's `enforcementAction` asks for.
pub const RULE: Rule = Rule {
    id: "MCP900",
    name: "policy-violation",
    title: "the Gatekeeper constraints that were given are kept, by the Pods that workloads start too",
    severity: Severity::Error,
    why: "Gatekeeper refuses the object when it is applied. A Deployment it lets in, and then refuses its Pods, which only the ReplicaSet's events tell. `deny` is an error here, `warn` a warning and `dryrun` a note.",
    fix: "change the object so that the constraint holds, or have the constraint's owners exempt it",
    source: "the organisation's ConstraintTemplates and constraints, from `--policies` or among the objects",
    good: include_str!("policy_violation/good.yaml"),
    broken_by: &[(
        include_str!("policy_violation/good.yaml"),
        include_str!("policy_violation/bad.yaml"),
    )],
    check: |_, _| {},
};
