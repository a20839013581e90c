//! Images can be pulled at all.

use super::{Context, Found, Rule};
use crate::model::ImageReference;
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP003",
    name: "image-reference",
    title: "image references are well formed",
    severity: Severity::Error,
    why: "The API server takes any text for an image; the kubelet then waits in `InvalidImageName` for ever.",
    fix: "write `[host[:port]/]path:tag[@digest]` in lower case, such as `registry.example.com/mcp-github:1.0.0`",
    source: "OCI distribution specification; not checked by the API server",
    good: "\
apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  containers:
  - {name: a, image: \"registry.example.com/a:1.0.0\"}
",
    broken_by: &[(
        "image: \"registry.example.com/a:1.0.0\"",
        "image: \"registry.example.com/A:1.0.0\"",
    )],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for (pod, container) in context.containers() {
        let at = container.at.get("image");
        match at.text().map(ImageReference::parse) {
            Some(Ok(_)) => {}
            Some(Err(invalid)) => found.add(pod.workload, at, invalid.problem),
            None => {
                let message = format!("{} has no image", container.called());
                found.add(pod.workload, at, message);
            }
        }
    }
}
