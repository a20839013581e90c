//! The chart that Mermaid and Graphviz lay out.

use super::bundle::{Bundle, Member, Side, bundles, over, ports};
use crate::chart::{Arrow, Chart, End, Stroke};
use crate::check::graph::{Graph, Group, Node, Role};

/// The chart of `graph`: a frame for each set, with its servers.
pub fn chart(graph: &Graph) -> Chart {
    let mut chart = Chart::default();
    let bundles = bundles(graph);
    let mut callers = Vec::new();
    // Who calls comes first, so that the layouts put it on the left.
    for bundle in bundles.iter().filter(|bundle| bundle.end.is_caller()) {
        callers.push((bundle, chart.node(None, place(bundle))));
    }
    let servers: Vec<(usize, Vec<usize>)> = graph
        .groups
        .iter()
        .map(|group| {
            let frame = chart.frame(frame(group));
            let nodes = group.nodes.iter();
            let nodes = nodes.map(|node| chart.node(Some(frame), server(node)));
            (frame, nodes.collect())
        })
        .collect();
    let called = bundles.iter().filter(|bundle| !bundle.end.is_caller());
    let called: Vec<_> = called
        .map(|bundle| (bundle, chart.node(None, place(bundle))))
        .collect();
    let end_of = |group: usize, node: Option<usize>| {
        let (frame, nodes) = servers.get(group)?;
        Some(match node {
            Some(node) => End::Node(*nodes.get(node)?),
            None => End::Frame(*frame),
        })
    };
    for (bundle, node) in callers.into_iter().chain(called) {
        for side in bundle.sides(graph) {
            let (end, members) = match side {
                Side::Group(group, members) => (end_of(group, None), members),
                Side::Node(member) => (
                    end_of(member.id.0, Some(member.id.1)),
                    std::slice::from_ref(member),
                ),
            };
            if let Some(end) = end {
                chart.arrow(arrow(bundle, members, (End::Node(node), end)));
            }
        }
    }
    stores(graph, &mut chart, &end_of);
    chart
}

/// The arrow between `other` and the servers at `own`.
fn arrow(bundle: &Bundle<'_>, members: &[Member<'_>], (other, own): (End, End)) -> Arrow {
    let (from, to) = if bundle.end.is_caller() {
        (other, own)
    } else {
        (own, other)
    };
    let said = ports(members.iter().flat_map(|member| &member.ports));
    let label = std::iter::once(said).chain(over(members, bundle.is_open));
    Arrow {
        from,
        to,
        label: label.collect(),
        stroke: if bundle.is_open {
            Stroke::Solid
        } else {
            Stroke::Crossed
        },
    }
}

/// Which store gives which server what.
fn stores(graph: &Graph, chart: &mut Chart, end_of: &impl Fn(usize, Option<usize>) -> Option<End>) {
    for (index, group) in graph.groups.iter().enumerate() {
        for (position, node) in group.nodes.iter().enumerate() {
            for secret in &node.secrets {
                if let (Some(store), Some(to)) = (&secret.store, end_of(index, Some(position))) {
                    let from = End::Node(chart.node(None, vec![store.clone()]));
                    chart.arrow(Arrow {
                        from,
                        to,
                        label: secret.values.clone(),
                        stroke: Stroke::Dotted,
                    });
                }
            }
        }
    }
}

fn place(bundle: &Bundle<'_>) -> Vec<String> {
    let title = std::iter::once(bundle.end.title());
    title
        .chain(bundle.who.iter().copied())
        .map(str::to_owned)
        .collect()
}

fn frame(group: &Group) -> String {
    let title = format!("MCP servers: {} in {}", group.name, group.namespace);
    match rest(group) {
        Some(rest) => format!("{title}, {rest}"),
        None => title,
    }
}

/// What becomes of all that no policy opens.
pub fn rest(group: &Group) -> Option<String> {
    let is_isolated = group.nodes.iter().any(|node| !node.policies.is_empty());
    let closing: Vec<&str> = group.closed_by.iter().map(String::as_str).collect();
    match (closing.is_empty(), is_isolated) {
        (false, _) => Some(format!("the rest closed by {}", closing.join(", "))),
        (true, true) => None,
        (true, false) => Some("no network policy".into()),
    }
}

fn server(node: &Node) -> Vec<String> {
    let called = node.links.iter().filter(|link| link.end.is_caller());
    let called = ports(called.map(|link| &link.port));
    let account = format!("ServiceAccount {}", node.account);
    let role = node
        .role
        .as_ref()
        .map(|role| format!("IAM role {}", role_name(role)));
    let secrets = node.secrets.iter();
    let secrets = secrets.map(|secret| format!("Secret {}", secret.name));
    let policies = node.policies.iter().cloned();
    [node.name.clone(), called]
        .into_iter()
        .chain(policies)
        .chain([account])
        .chain(role)
        .chain(node.rights.iter().cloned())
        .chain(secrets)
        .collect()
}

/// The role, and what gives it to the server.
pub fn role_name(role: &Role) -> String {
    match role {
        Role::Token(arn) => arn.clone(),
        Role::PodIdentity(Some(name)) => format!("{name} by EKS Pod Identity"),
        Role::PodIdentity(None) => "by EKS Pod Identity".into(),
    }
}
