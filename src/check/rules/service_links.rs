//! Other Services do not set variables.

use super::{Context, Found, Rule};
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP018",
    name: "service-links",
    title: "pods get no variables of other Services",
    severity: Severity::Warning,
    why: "A Service called `slack-mcp` puts `SLACK_MCP_PORT=tcp://…` into every pod of its namespace, and a server of that name reads that very variable as its port.",
    fix: "write `enableServiceLinks: false` in the pod",
    source: "seen with slack-mcp-server",
    good: "\
apiVersion: v1
kind: Pod
metadata: {name: a, labels: {app.kubernetes.io/component: mcp-server}}
spec:
  enableServiceLinks: false
",
    broken_by: &[(
        "  enableServiceLinks: false
",
        "  containers:
  - {name: a}
",
    )],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for pod in context.input.pods.iter().filter(|pod| pod.is_server()) {
        let at = pod.spec.get("enableServiceLinks");
        if at.boolean() != Some(false) {
            found.add(pod.workload, at, "the pod gets variables of other Services");
        }
    }
}
