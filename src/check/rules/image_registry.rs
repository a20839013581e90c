//! Images come from approved registries.

use super::{Context, Found, Rule};
use crate::model::ImageReference;
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP001",
    name: "image-registry",
    title: "images come from approved registries",
    severity: Severity::Error,
    why: "Whoever controls the registry decides what runs. A registry that only looks alike, such as `…amazonaws.com.evil.io`, passes a comparison of letters; here whole parts of the name are compared.",
    fix: "push the image to an approved registry and name it with its host; which are approved say `approvedRegistries` of a McpServerSetCheck, and sets. Where nobody says, all are but public ones: docker.io, gcr.io, ghcr.io, mcr.microsoft.com, public.ecr.aws, quay.io, registry.gitlab.com, registry.k8s.io",
    source: "guide, Security Requirements: approved container registries only",
    good: "\
apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  containers:
  - {name: a, image: \"123456789012.dkr.ecr.us-east-1.amazonaws.com/a:1.0.0\"}
",
    broken_by: &[(
        "image: \"123456789012.dkr.ecr.us-east-1.amazonaws.com/a:1.0.0\"",
        "image: \"docker.io/library/a:1.0.0\"",
    )],
    check,
};

/// Registries that anybody may push to. Where nobody said which are approved, these are not.
const PUBLIC: [&str; 9] = [
    "docker.io",
    "gcr.io",
    "ghcr.io",
    "mcr.microsoft.com",
    "public.ecr.aws",
    "quay.io",
    "registry-1.docker.io",
    "registry.gitlab.com",
    "registry.k8s.io",
];

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    let approved = &context.settings.config.registries;
    for (pod, container) in context.containers() {
        let at = container.at.get("image");
        let Some(Ok(image)) = at.text().map(ImageReference::parse) else {
            continue;
        };
        // An image without a host comes from Docker Hub.
        let Ok(name) = image.name().clone().canonical() else {
            continue;
        };
        let is_approved = if approved.is_empty() {
            name.registry().is_some_and(|host| !PUBLIC.contains(&host))
        } else {
            approved.iter().any(|prefix| prefix.covers(&name))
        };
        if !is_approved {
            let message = format!("`{name}` comes from no approved registry");
            found.add(pod.workload, at, message);
        }
    }
}
