//! What runs where.

use super::page::Page;
use crate::markdown;
use crate::model::Set;

/// The page's beginning.
pub fn write(page: &mut Page, set: &Set, chart: &str, source: &[String]) {
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
    page.block("mermaid", chart);
}
