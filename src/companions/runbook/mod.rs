//! `mcpset runbook`: one page with the set's real names, from the image to the alert at night.
//!
//! It follows the platform guide, section by section. Whatever the bundle already proves is ticked;
//! what only the live cluster can show has the command that shows it.

mod alerts;
mod ask;
mod checklist;
mod connection;
mod delivery;
mod overview;
mod page;
mod troubleshooting;

use crate::model::Set;
use crate::shell::Command;
use page::Page;

/// The runbook of `set`. `source` are the words by which other commands of mcpset find it: its file,
/// and what chooses the set where there are several.
#[must_use]
pub fn runbook(set: &Set, source: &[String]) -> String {
    let mut page = Page::default();
    overview::write(&mut page, set, source);
    delivery::write(&mut page, set, source);
    connection::write(&mut page, set, source);
    checklist::write(&mut page, set);
    if set.platform.monitoring.alerts.is_some() {
        alerts::write(&mut page, set);
    }
    troubleshooting::write(&mut page, set);
    page.text()
}

/// `mcpset <command> <source>`.
fn mcpset(command: &str, source: &[String]) -> Command {
    let source: Vec<&str> = source.iter().map(String::as_str).collect();
    Command::new(&["mcpset", command]).words(&source)
}
