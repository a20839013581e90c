//! What every custom resource of a server begins with, and how it is put away.

use super::draft::{Draft, Server};
use super::fields::Fields;
use super::remark::quoted;
use crate::yaml::Node;

/// A custom resource that is being read.
pub struct Resource<'n> {
    /// Its `spec`.
    pub spec: Fields<'n>,
    /// Its namespace; empty when it names none.
    pub namespace: &'n str,
    /// The server that it becomes.
    pub server: Server,
    root: Fields<'n>,
}

impl<'n> Resource<'n> {
    /// The `MCPServer` in `document`, `whose` it is: "kmcp's". One without `spec` is in `draft` already.
    pub fn open(document: &'n Node, whose: &str, draft: &mut Draft) -> Option<Self> {
        let mut root = Fields::new(document, "");
        root.skip(&["apiVersion", "kind", "status"]);
        let mut metadata = root
            .map("metadata")
            .unwrap_or_else(|| Fields::new(document, "metadata"));
        let name = metadata.text("name").unwrap_or("server");
        let namespace = metadata.text("namespace").unwrap_or_default();
        let from = format!("{whose} MCPServer {}", quoted(name));
        let mut server = Server::new(name, document.place, from);
        if !namespace.is_empty() {
            draft.namespaces.push(namespace.to_owned());
        }
        let Some(spec) = root.map("spec") else {
            server.ask(
                document.place,
                "it has no `spec`: write its image and transport",
            );
            draft.servers.push(server);
            return None;
        };
        Some(Self {
            spec,
            namespace,
            server,
            root,
        })
    }

    /// Puts the server into `draft`, with what of the resource nobody asked for.
    pub fn close(mut self, draft: &mut Draft) {
        self.root.absorb(self.spec);
        self.server.lost.extend(self.root.close());
        draft.servers.push(self.server);
    }
}
