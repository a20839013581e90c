//! What an API server refuses, or accepts to everybody's later regret, and no type can express.
//!
//! Sources: `pkg/apis/*/validation` of Kubernetes, and `facts/kubernetes-security.md` §3 for what
//! the API server lets pass. Each rule comes with a change that breaks it.

mod containers;
pub mod dashboard;
mod files;
mod monitoring;
mod names;
mod network;
pub mod prometheus_rule;
mod reach;
mod references;
mod texts;

use super::Rule;

/// All of them.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    [
        names::RULES,
        texts::RULES,
        containers::RULES,
        files::RULES,
        references::RULES,
        monitoring::RULES,
        prometheus_rule::RULES,
        dashboard::RULES,
        network::RULES,
        reach::RULES,
    ]
    .into_iter()
    .flatten()
}

/// The items that stand in `items` more than once.
fn repeated<T: Ord + Clone + std::fmt::Debug>(items: impl IntoIterator<Item = T>) -> Vec<String> {
    let mut seen = std::collections::BTreeSet::new();
    items
        .into_iter()
        .filter(|item| !seen.insert(item.clone()))
        .map(|item| format!("{item:?} stands there twice"))
        .collect()
}
