//! `mcpset runbook`: one page with the set's real names, from the image to the alert at night.
//!
//! It follows the platform guide, section by section. Whatever the bundle already proves is ticked;
//! what only the live cluster can show has the command that shows it.

mod alerts;
mod checklist;
mod connection;
mod delivery;
mod overview;
mod page;
mod troubleshooting;

use crate::companions::ask::Deployed;
use crate::model::Set;
use crate::shell::Command;
use page::Page;

/// The runbook of `set`. `chart` is who talks to whom, in Mermaid; `source` are the words by which other commands of mcpset find it: its file,
/// and what chooses the set where there are several.
#[must_use]
pub fn runbook(set: &Set, chart: &str, source: &[String]) -> String {
    let deployed = &Deployed::of(set, &set.servers);
    let mut page = Page::default();
    overview::write(&mut page, set, chart, source);
    delivery::write(&mut page, set, deployed, source);
    connection::write(&mut page, set, deployed, source);
    checklist::write(&mut page, set, deployed);
    if set.platform.monitoring.alerts.is_some() {
        alerts::write(&mut page, set);
    }
    troubleshooting::write(&mut page, set, deployed);
    page.text()
}

/// What selects the objects of `set`.
fn part_of(set: &Set) -> String {
    format!("app.kubernetes.io/part-of={}", set.name)
}

/// `mcpset <command> <source>`.
fn mcpset(command: &str, source: &[String]) -> Command {
    let source: Vec<&str> = source.iter().map(String::as_str).collect();
    Command::new(&["mcpset", command]).words(&source)
}
