//! Images say their version.

use super::{Context, Found, Rule};
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP002",
    name: "image-tag",
    title: "images have a tag, and it is not `latest`",
    severity: Severity::Error,
    why: "Without one two pods of one Deployment may run different programs, and nobody can go back. Gatekeeper's K8sDisallowedTags compares the end of the reference, so `repo:latest@sha256:…` passes it; here it does not. A digest alone always names the same program: of an MCP server it is a warning, as the guide asks for a tag that people can read.",
    fix: "write the version that runs, such as `mcp-github:1.0.0`; a digest may follow",
    source: "guide, Security Requirements: no `:latest` tag or untagged images",
    good: "\
apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  containers:
  - {name: a, image: \"registry.example.com:5000/a:1.0.0\"}
",
    broken_by: &[
        ("  - {name: a, image: \"registry.example.com:5000/a:1.0.0\"}
", "  - {name: a, image: \"registry.example.com:5000/a\"}
  - {name: b, image: \"b:latest@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"}
"),
    ],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for pod in &context.input.pods {
        for container in pod.containers() {
            let at = container.at.get("image");
            let Some(image) = at.text().filter(|image| !image.is_empty()) else {
                continue;
            };
            match tag(image) {
                Some("latest") => {
                    found.add(pod.workload, at, format!("`{image}` has the tag `latest`"));
                }
                Some(_) => {}
                None if image.contains('@') => {
                    if pod.is_server() {
                        found.warn(
                            pod.workload,
                            at,
                            format!("`{image}` has a digest and no tag"),
                        );
                    }
                }
                None => found.add(pod.workload, at, format!("`{image}` has no tag")),
            }
        }
    }
}

/// What stands between the last `:` and a digest. A `:` before the last `/` is a port's.
fn tag(image: &str) -> Option<&str> {
    let name = image.split_once('@').map_or(image, |(name, _)| name);
    let last = name.rsplit_once('/').map_or(name, |(_, last)| last);
    last.split_once(':').map(|(_, tag)| tag)
}
