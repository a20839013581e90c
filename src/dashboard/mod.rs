//! The Grafana dashboard of a set: typed, from the panel down to the label matcher.
//!
//! Its size does not depend on the number of servers but for one table of text: the panels ask for
//! whatever the variables choose.

mod charts;
pub mod grafana;
mod layout;
mod panels;
mod servers;
mod variables;

use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::model::Set;
use crate::promql::{Matcher, Metrics, SET, Selector};
use crate::yaml::Encoded;

use charts::Charts;
use grafana::{Annotations, Dashboard, DataLink, SCHEMA_VERSION, TimeRange};

/// Bytes of the hash in a dashboard's uid, which may have 40 characters.
const UID_BYTES: usize = 10;

/// The dashboard of `set`.
#[must_use]
pub fn dashboard(set: &Set) -> Dashboard {
    let monitoring = &set.platform.monitoring;
    let of_set = Matcher::is(SET, set.name.as_str());
    let chosen = variables::TARGET.map(|(label, _)| variables::chosen(label, label));
    let chosen: Vec<Matcher> = [of_set.clone()].into_iter().chain(chosen).collect();
    let targets = Selector::new("up", chosen.clone());
    let metrics = Metrics::new(monitoring.profile, chosen).of_chosen();
    let charts = Charts {
        interval: grafana_duration(monitoring.interval.as_millis()),
        links: links(set),
    };
    let mut sections = panels::sections(&charts, &metrics, &targets);
    sections.push(servers::section(set));
    Dashboard {
        uid: uid(set),
        id: None,
        title: format!("MCP servers: {} in {}", set.name, set.namespace),
        description: format!(
            "What the MCP servers of {} in the namespace {} serve, how well and how fast.",
            set.name, set.namespace
        ),
        tags: vec!["mcp".into(), "mcpset".into()],
        schema_version: SCHEMA_VERSION,
        editable: false,
        graph_tooltip: 1,
        refresh: "30s",
        timezone: "browser",
        time: TimeRange {
            from: "now-1h",
            to: "now",
        },
        templating: variables::variables(&metrics, of_set, set.namespace.as_str()),
        annotations: Annotations::default(),
        panels: layout::placed(sections),
    }
}

/// `dashboard` as JSON on one line.
#[must_use]
pub fn compact(dashboard: &Dashboard) -> String {
    // Maps of a Dashboard have text for keys, and nothing else of it can fail.
    serde_json::to_string(&Encoded::of(dashboard)).unwrap_or_default()
}

/// `dashboard` as JSON that people read.
#[must_use]
pub fn pretty(dashboard: &Dashboard) -> String {
    serde_json::to_string_pretty(&Encoded::of(dashboard)).unwrap_or_default()
}

/// Links from a point of a server's series: to its traces, where the platform says how to see them.
fn links(set: &Set) -> Vec<DataLink> {
    let link = set.platform.tracing_ui().map(|ui| DataLink {
        title: "Traces",
        url: servers::traces(ui, "${__field.labels.job}"),
        target_blank: true,
    });
    link.into_iter().collect()
}

/// A duration as Grafana writes it, in one unit.
fn grafana_duration(millis: u64) -> String {
    match (millis / 1000, millis % 1000) {
        (seconds, 0) => format!("{seconds}s"),
        _ => format!("{millis}ms"),
    }
}

/// The same for the same set, and another for every other: part of the dashboard's address.
fn uid(set: &Set) -> String {
    let hash = Sha256::digest(format!("{}/{}", set.namespace, set.name));
    let mut uid = String::from("mcp-");
    for byte in hash.iter().take(UID_BYTES) {
        // Writing to a String cannot fail.
        let _ = write!(uid, "{byte:02x}");
    }
    uid
}
