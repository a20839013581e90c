//! What a host changes in a set before it is resolved: Argo CD's application parameters.
//!
//! Parameters are few and flat, while a set is deep: each names a server and one thing of it. They
//! are applied to the set as written, so that whatever they say is checked like the rest.

use crate::api::{Field, McpServerSet, Placed, Server};
use crate::problem::{Code, Problem, Problems};

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
    /// Changes what concerns `set`.
    pub fn apply(&self, set: &mut McpServerSet) {
        if let Field::Given(metadata) = &mut set.metadata {
            let namespace = &mut metadata.value.namespace;
            if let Some(wanted) = &self.namespace {
                *namespace = Field::Given(wanted.clone());
            } else if let (true, Some(wanted)) = (namespace.is_absent(), &self.default_namespace) {
                *namespace = Field::Given(wanted.clone());
            }
        }
        for server in servers_mut(set) {
            let Some(name) = server.name.value().cloned() else {
                continue;
            };
            if let Some((_, wanted)) = self.images.iter().find(|(of, _)| of.value == name) {
                server.image = Field::Given(Placed {
                    value: image(server.image.value(), &wanted.value),
                    place: wanted.place,
                });
            }
            if let Some((_, wanted)) = self.replicas.iter().find(|(of, _)| of.value == name) {
                server.replicas = Field::Given(wanted.clone());
                // Whoever says a number does not want another.
                server.autoscaling = Field::Absent;
            }
        }
    }

    /// Refuses parameters of servers that none of `sets` has: a typing error would otherwise deploy
    /// the old version.
    pub fn refuse_unknown_servers(&self, sets: &[McpServerSet], problems: &mut Problems) {
        let known: Vec<&String> = sets
            .iter()
            .filter_map(|set| set.spec.value()?.servers.value())
            .flatten()
            .filter_map(|server| server.value()?.name.value())
            .collect();
        let images = self.images.iter().map(|(name, _)| name);
        let replicas = self.replicas.iter().map(|(name, _)| name);
        for name in images.chain(replicas) {
            if !known.contains(&&name.value) {
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

fn servers_mut(set: &mut McpServerSet) -> impl Iterator<Item = &mut Server> {
    let servers = match &mut set.spec {
        Field::Given(Placed { value: spec, .. }) => match &mut spec.servers {
            Field::Given(servers) => Some(&mut servers.value),
            Field::Absent | Field::Wrong(_) => None,
        },
        Field::Absent | Field::Wrong(_) => None,
    };
    servers
        .into_iter()
        .flatten()
        .filter_map(|server| match server {
            Field::Given(server) => Some(&mut server.value),
            Field::Absent | Field::Wrong(_) => None,
        })
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
