//! What a host changes in a set before it is resolved: Argo CD's application parameters.
//!
//! Parameters are few and flat, while a set is deep: each names a server and one thing of it. They
//! are applied to the set as written, so that whatever they say is checked like the rest.

use crate::api::{self, Field, McpServerSet, Placed, Server};
use crate::problem::{Code, Problem, Problems};
use crate::yaml::Node;

/// Values that come from outside the set.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    /// Server and its tag, or its whole image.
    pub images: Vec<(Placed<String>, Placed<String>)>,
    /// Server and its number of pods.
    pub replicas: Vec<(Placed<String>, Placed<i64>)>,
    /// The namespace of every set.
    pub namespace: Option<Placed<String>>,
    /// The namespace of sets that name none.
    pub default_namespace: Option<Placed<String>>,
}

impl Overrides {
    /// Changes what concerns `set` itself.
    pub fn apply(&self, set: &mut McpServerSet) {
        if let Field::Given(metadata) = &mut set.metadata {
            let namespace = &mut metadata.value.namespace;
            if let Some(wanted) = &self.namespace {
                *namespace = Field::Given(wanted.clone());
            } else if let (true, Some(wanted)) = (namespace.is_absent(), &self.default_namespace) {
                *namespace = Field::Given(wanted.clone());
            }
        }
    }

    /// Changes what concerns `server`.
    pub fn apply_to(&self, server: &mut Server) {
        let Some(name) = server.name.value() else {
            return;
        };
        let image_of = self.images.iter().find(|(of, _)| of.value == *name);
        let replicas_of = self.replicas.iter().find(|(of, _)| of.value == *name);
        if let Some((_, wanted)) = image_of {
            server.image = Field::Given(Placed {
                value: image(server.image.value(), &wanted.value),
                place: wanted.place,
            });
        }
        if let Some((_, wanted)) = replicas_of {
            server.replicas = Field::Given(wanted.clone());
            // Whoever says a number does not want another.
            server.autoscaling = Field::Absent;
        }
    }

    /// Refuses parameters of servers that none of the sets in `documents` has: a typing error would
    /// otherwise deploy the old version.
    pub fn refuse_unknown_servers(&self, documents: &[Node], problems: &mut Problems) {
        let known: Vec<&str> = documents
            .iter()
            .flat_map(api::servers)
            .filter_map(|server| server.get("name"))
            .filter(|name| !name.is_null())
            .filter_map(Node::text)
            .collect();
        let images = self.images.iter().map(|(name, _)| name);
        let replicas = self.replicas.iter().map(|(name, _)| name);
        for name in images.chain(replicas) {
            if !known.contains(&name.value.as_str()) {
                let names: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
                problems.push(
                    Problem::error(
                        Code::UnknownField,
                        name.place,
                        format!("no set has a server `{}`", name.value),
                    )
                    .help(format!("the servers are {}", names.join(", "))),
                );
            }
        }
    }
}

/// `wanted` as a whole image: what holds a `/` or `:` is one, and anything else is the tag of
/// `written`, whose digest, of another build, goes.
fn image(written: Option<&String>, wanted: &str) -> String {
    let Some(written) = written.filter(|_| !wanted.contains(['/', ':', '@'])) else {
        return wanted.to_owned();
    };
    let without_digest = written.split('@').next().unwrap_or_default();
    let name = match without_digest.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => name,
        _ => without_digest,
    };
    format!("{name}:{wanted}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_takes_the_place_of_tag_and_digest() {
        let image = |written: &str, wanted| image(Some(&written.to_owned()), wanted);
        assert_eq!(image("mcp-github:1.0.0", "1.1.0"), "mcp-github:1.1.0");
        assert_eq!(image("mcp-github", "1.1.0"), "mcp-github:1.1.0");
        assert_eq!(image("r.io:5000/a/b", "2"), "r.io:5000/a/b:2");
        assert_eq!(image("r.io:5000/a/b:1@sha256:00", "2"), "r.io:5000/a/b:2");
        assert_eq!(image("mcp-github:1.0.0", "other:2"), "other:2");
    }
}
