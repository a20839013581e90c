//! `spec.match` of a constraint: which objects it concerns (gatekeeper, pkg/mutation/match).

use super::expansion::Review;
use crate::manifest::{At, Labels, Manifests, Object, selects};

/// Whether a constraint concerns an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matched<'m> {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// The labels of this namespace decide, and nobody gave it.
    Unknown(&'m str),
}

/// What matches everything, in lists of groups and kinds.
const WILDCARD: &str = "*";

/// Whether the `spec.match` at `at` selects `review`.
#[must_use]
pub fn matches<'m>(at: At<'_>, review: &Review<'m>, manifests: &Manifests) -> Matched<'m> {
    let all = kinds(at.get("kinds"), review)
        && scope(at.get("scope"), review)
        && namespaces(at.get("namespaces"), review).unwrap_or(true)
        && !namespaces(at.get("excludedNamespaces"), review).unwrap_or(false)
        && selected(at.get("labelSelector"), review)
        && name(at.get("name"), review)
        && source(at.get("source"), review);
    if !all {
        return Matched::No;
    }
    namespace_selected(at.get("namespaceSelector"), review, manifests)
}

/// The Namespace of `review` among the input.
#[must_use]
pub fn namespace_of<'m>(review: &Review<'_>, manifests: &'m Manifests) -> Option<&'m Object> {
    manifests.find("Namespace", "", review.object.namespace())
}

fn is_namespace(review: &Review<'_>) -> bool {
    review.kind == "Namespace" && review.group.is_empty()
}

fn kinds(at: At<'_>, review: &Review<'_>) -> bool {
    let holds = |list: At<'_>, text: &str| {
        let mut items = list.items().peekable();
        items.peek().is_none()
            || items.any(|item| item.text().is_some_and(|t| t == WILDCARD || t == text))
    };
    let mut listed = at.items().peekable();
    listed.peek().is_none()
        || listed.any(|entry| {
            holds(entry.get("kinds"), review.kind) && holds(entry.get("apiGroups"), review.group)
        })
}

fn scope(at: At<'_>, review: &Review<'_>) -> bool {
    let is_namespaced = !is_namespace(review) && !review.object.namespace().is_empty();
    match at.text().unwrap_or_default() {
        "Cluster" => !is_namespaced,
        "Namespaced" => is_namespaced,
        _ => true,
    }
}

/// Whether one of the patterns at `at` is the object's namespace; `None` when there are none, or it
/// has no namespace, which in a cluster is never refused for it.
fn namespaces(at: At<'_>, review: &Review<'_>) -> Option<bool> {
    let namespace = if is_namespace(review) {
        review.name.as_str()
    } else {
        review.object.namespace()
    };
    let mut patterns = at.items().filter_map(At::text).peekable();
    patterns.peek()?;
    (!namespace.is_empty()).then(|| patterns.any(|pattern| is_like(pattern, namespace)))
}

fn selected(at: At<'_>, review: &Review<'_>) -> bool {
    !at.exists() || selects(at, &review.labels)
}

fn namespace_selected<'m>(at: At<'_>, review: &Review<'m>, manifests: &Manifests) -> Matched<'m> {
    let decided = |yes: bool| if yes { Matched::Yes } else { Matched::No };
    if !at.exists() {
        return Matched::Yes;
    }
    if is_namespace(review) {
        return decided(selects(at, &review.labels));
    }
    match (review.object.namespace(), namespace_of(review, manifests)) {
        ("", _) => Matched::Yes,
        (_, Some(namespace)) => decided(selects(at, &Labels::of(namespace.at("metadata.labels")))),
        (name, None) => Matched::Unknown(name),
    }
}

fn name(at: At<'_>, review: &Review<'_>) -> bool {
    let pattern = at.text().unwrap_or_default();
    let is_generated = || pattern.ends_with('*') && is_like(pattern, review.generate_name);
    pattern.is_empty() || is_like(pattern, &review.name) || is_generated()
}

fn source(at: At<'_>, review: &Review<'_>) -> bool {
    match at.text().unwrap_or_default() {
        "Original" => !review.is_expanded,
        "Generated" => review.is_expanded,
        _ => true,
    }
}

/// Whether `text` is what `pattern` asks for: `*` at its ends stands for anything.
fn is_like(pattern: &str, text: &str) -> bool {
    let (head, tail) = (pattern.strip_prefix('*'), pattern.strip_suffix('*'));
    match (head, tail) {
        (Some(rest), Some(_)) => text.contains(rest.strip_suffix('*').unwrap_or(rest)),
        (Some(end), None) => text.ends_with(end),
        (None, Some(start)) => text.starts_with(start),
        (None, None) => pattern == text,
    }
}

#[cfg(test)]
mod tests {
    use super::is_like;

    #[test]
    fn a_star_stands_for_anything_at_the_ends_only() {
        for (pattern, text, expected) in [
            ("mcp", "mcp", true),
            ("mcp", "mcp-x", false),
            ("mcp-*", "mcp-x", true),
            ("*-x", "mcp-x", true),
            ("*cp-*", "mcp-x", true),
            ("*", "mcp", true),
            ("m*p", "mcp", false),
            ("kube-*", "mcp", false),
        ] {
            assert_eq!(is_like(pattern, text), expected, "{pattern} {text}");
        }
    }
}
