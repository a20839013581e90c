//! The last row: what each server is for, what it promises, and where its traces are.

use super::charts::{Unplaced, page};
use super::layout::Section;
use crate::markdown;
use crate::model::{HttpEndpoint, Server, Set};

/// Height of a line of the table, and of what stands around it, in units of 30 pixels.
const AROUND: usize = 3;
/// Height at most: a longer table scrolls.
const HIGHEST: usize = 16;

/// The row about the servers of `set`.
pub fn section(set: &Set) -> Section {
    let height = (set.servers.len() + AROUND).min(HIGHEST);
    Section {
        title: "Servers",
        height: u32::try_from(height).unwrap_or(u32::MAX),
        panels: vec![table(set)],
    }
}

fn table(set: &Set) -> Unplaced {
    let mut content =
        String::from("| Server | Offers | Succeed | P95 below |\n| --- | --- | --- | --- |\n");
    for server in set.by_name() {
        let name = markdown::text(&server.name);
        let name = match set.platform.tracing_ui() {
            Some(ui) => format!("[{name}]({})", traces(ui, server.names.workload.as_str())),
            None => name,
        };
        let (succeed, latency) = match &server.metrics {
            Some(_) => (
                format!("{} %", server.objectives.availability),
                server.objectives.latency.to_string(),
            ),
            None => ("not scraped".into(), "–".into()),
        };
        let cells = [name, offers(server), succeed, latency];
        content.push_str("| ");
        content.push_str(&cells.join(" | "));
        content.push_str(" |\n");
    }
    page(
        "What each server is for",
        "What each server is for and what it promises, as the config says.",
        content,
    )
}

fn offers(server: &Server) -> String {
    if server.description.is_empty() {
        "–".into()
    } else {
        markdown::text(&server.description)
    }
}

/// Jaeger's search for the traces of `service`, in the time that the dashboard shows.
pub fn traces(ui: &HttpEndpoint, service: &str) -> String {
    // What a path may hold, and Grafana or Markdown would read.
    let ui = ui.as_str().trim_end_matches('/');
    let ui = ui
        .replace('$', "%24")
        .replace('(', "%28")
        .replace(')', "%29");
    // Grafana's times are milliseconds, Jaeger's microseconds.
    format!("{ui}/search?service={service}&start=${{__from}}000&end=${{__to}}000")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_with_signs_of_grafana_and_markdown_stays_one() {
        let ui = HttpEndpoint::parse("https://j/$__from/(a)/").unwrap();
        assert_eq!(
            traces(&ui, "mcp-a"),
            "https://j/%24__from/%28a%29/search?service=mcp-a&start=${__from}000&end=${__to}000"
        );
    }
}
