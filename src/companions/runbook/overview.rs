//! What runs where.

use super::page::Page;
use crate::markdown;
use crate::mermaid::Graph;
use crate::model::{Destination, POD_IDENTITY, Set};

/// The page's beginning.
pub fn write(page: &mut Page, set: &Set, source: &[String]) {
    page.heading(
        1,
        &format!("MCP servers: {} in {}", set.name, set.namespace),
    );
    page.paragraph(&format!(
        "Made by mcpset of {}; change that file, and make this page again.",
        markdown::code(source.first().map_or("", String::as_str))
    ));
    page.paragraph(
        "The commands are for bash. `export AWS_PAGER=` first: the pager of `aws` swallows what is pasted behind it.",
    );
    page.heading(2, "What runs where");
    page.table(
        &["Server", "Offers", "Image", "Endpoint", "Pods"],
        set.servers.iter().map(|server| {
            vec![
                server.names.workload.to_string(),
                markdown::text(&server.description),
                markdown::code(&server.image.to_string()),
                markdown::code(&server.litellm.url),
                server.scale.to_string(),
            ]
        }),
    );
    page.paragraph(if set.platform.network.is_some() {
        "Who may call whom, by the network policies:"
    } else {
        "Who calls whom; no network policy keeps others out:"
    });
    page.block("mermaid", &graph(set));
}

/// The proxy calls the servers, Prometheus reads their metrics, and they call what their policies open.
fn graph(set: &Set) -> String {
    let mut graph = Graph::default();
    let caller = format!("LiteLLM in {}", set.platform.proxy.namespace);
    let proxy = graph.node(&caller);
    let prometheus = format!("Prometheus in {}", set.platform.monitoring.namespace);
    for server in &set.servers {
        let node = graph.node(server.names.workload.as_str());
        graph.arrow(proxy, node);
        if server.metrics.is_some() {
            let prometheus = graph.node(&prometheus);
            graph.arrow(prometheus, node);
        }
        for egress in &server.traffic.egress {
            let destination = graph.node(&match &egress.to {
                Destination::Internet => "the internet".into(),
                Destination::Cidr(range) if POD_IDENTITY.contains(&range.to_string().as_str()) => {
                    "EKS Pod Identity".into()
                }
                Destination::Cidr(range) => range.to_string(),
                // Where it fetches the keys for users' tokens.
                Destination::Pods(peer) if *peer == set.platform.proxy => caller.clone(),
                Destination::Pods(peer) => format!("pods in {}", peer.namespace),
            });
            graph.arrow(node, destination);
        }
        for rule in &server.traffic.hosts {
            let destination = graph.node(rule.host.as_str());
            graph.arrow(node, destination);
        }
    }
    graph.text()
}
