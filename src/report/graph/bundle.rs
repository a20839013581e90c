//! What is drawn as one: others whom the same servers meet on the same ports, over the same policies.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::graph::{End, Graph, Link};
use crate::check::network::Protocol;

/// Others whom the same servers meet in the same way.
#[derive(Debug)]
pub struct Bundle<'g> {
    /// What the others are.
    pub end: End,
    /// Who they are.
    pub who: Vec<&'g str>,
    /// Whether the policies let the connections through.
    pub is_open: bool,
    /// The servers; never none.
    pub members: Vec<Member<'g>>,
}

/// A server that meets the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member<'g> {
    /// The index of its set, and its own there.
    pub id: Id,
    /// On which ports.
    pub ports: BTreeSet<Port>,
    /// Over which policies.
    pub by: BTreeSet<&'g str>,
}

/// The index of a set, and that of a server in it.
pub type Id = (usize, usize);

type Port = (Protocol, u16);

/// Where a line of a bundle begins or ends on the side of the servers.
#[derive(Debug)]
pub enum Side<'b, 'g> {
    /// At all servers of the set with this index.
    Group(usize, &'b [Member<'g>]),
    /// At one server.
    Node(&'b Member<'g>),
}

/// What is drawn of `graph`: callers first, and of the rest what is near before what is far.
///
/// Whom servers call is the same when the ports are. A caller is the same whatever port each server
/// has.
pub fn bundles(graph: &Graph) -> Vec<Bundle<'_>> {
    let mut bundles: Vec<Bundle<'_>> = Vec::new();
    for ((end, is_closed, who), links) in met(graph) {
        let mut alike: BTreeMap<Vec<Id>, BTreeMap<Id, Member<'_>>> = BTreeMap::new();
        for (port, servers) in links {
            let ids = if end.is_caller() {
                Vec::new()
            } else {
                servers.keys().copied().collect()
            };
            let members = alike.entry(ids).or_default();
            for (id, link) in servers {
                let member = members.entry(id).or_insert_with(|| Member {
                    id,
                    ports: BTreeSet::new(),
                    by: BTreeSet::new(),
                });
                member.ports.insert(port);
                member.by.extend(link.by.iter().map(String::as_str));
            }
        }
        for members in alike.into_values() {
            let members: Vec<Member<'_>> = members.into_values().collect();
            let same = bundles.iter_mut().find(|known| {
                (known.end, known.is_open) == (end, !is_closed) && known.members == members
            });
            match same {
                Some(same) => same.who.push(who),
                None => bundles.push(Bundle {
                    end,
                    who: vec![who],
                    is_open: !is_closed,
                    members,
                }),
            }
        }
    }
    bundles
}

/// What it is, whether it is closed, and who it is.
type Other<'g> = (End, bool, &'g str);

/// By the other and the port, the servers that meet there.
fn met(graph: &Graph) -> BTreeMap<Other<'_>, BTreeMap<Port, BTreeMap<Id, &Link>>> {
    let mut met: BTreeMap<Other<'_>, BTreeMap<Port, BTreeMap<Id, &Link>>> = BTreeMap::new();
    for (group, of_group) in graph.groups.iter().enumerate() {
        for (node, of_node) in of_group.nodes.iter().enumerate() {
            for link in &of_node.links {
                let other = (link.end, !link.is_open, link.who.as_str());
                let ports = met.entry(other).or_default();
                ports
                    .entry(link.port)
                    .or_default()
                    .insert((group, node), link);
            }
        }
    }
    met
}

impl<'g> Bundle<'g> {
    /// The lines to draw: one for a whole set where all its servers are members, else one for each.
    pub fn sides(&self, graph: &Graph) -> Vec<Side<'_, 'g>> {
        let mut sides = Vec::new();
        for members in self.members.chunk_by(|one, next| one.id.0 == next.id.0) {
            let group = members.first().map_or(0, |member| member.id.0);
            let size = graph.groups.get(group).map_or(0, |group| group.nodes.len());
            if members.len() == size && size > 1 {
                sides.push(Side::Group(group, members));
            } else {
                sides.extend(members.iter().map(Side::Node));
            }
        }
        sides
    }

    /// The ports of all members: `TCP 443, 6443`.
    pub fn ports(&self) -> String {
        ports(self.members.iter().flat_map(|member| &member.ports))
    }
}

/// `TCP 53, UDP 53`.
pub fn ports<'p>(ports: impl Iterator<Item = &'p Port>) -> String {
    let mut by_protocol: BTreeMap<Protocol, BTreeSet<u16>> = BTreeMap::new();
    for (protocol, port) in ports {
        by_protocol.entry(*protocol).or_default().insert(*port);
    }
    let said = by_protocol.into_iter().map(|(protocol, ports)| {
        let ports: Vec<String> = ports.iter().map(ToString::to_string).collect();
        format!("{protocol} {}", ports.join(", "))
    });
    said.collect::<Vec<_>>().join(", ")
}

/// What says over which policies the connections of `members` go, or why they do not; nothing where no
/// policy isolates anybody.
pub fn over(members: &[Member<'_>], is_open: bool) -> Option<String> {
    let mut all = members.iter().map(|member| &member.by);
    let first = all.next()?;
    let names: Vec<&str> = first.iter().copied().collect();
    let policies = if all.all(|others| others == first) {
        names.join(", ")
    } else {
        "the policy of each server".to_owned()
    };
    match (policies.is_empty(), is_open) {
        (true, true) => None,
        (_, true) => Some(policies),
        (_, false) => Some(format!("closed by {policies}")),
    }
}
