//! mcpset: a few lines of `McpServerSet` in, the complete, checked Kubernetes bundle out.
//!
//! The data takes one way through the house, and a module imports only what stands before it:
//!
//! ```text
//! text ──► read ──► parse ──► resolve ──► generate ──► check ──► write ──► text
//! hosts    yaml      api       model       resources   check     yaml      hosts
//! ```
//!
//! Between model and resources stand the texts that objects may hold ([`documents`], [`dashboard`],
//! [`promql`]); beside the resources, what is no object ([`companions`]).
//!
//! [`hosts`] take a host's framing apart and put it together again; [`expand`] is all that lies
//! between.

pub mod api;
pub mod check;
pub mod cli;
pub mod companions;
pub mod credential;
pub mod dashboard;
pub mod documents;
pub mod hosts;
pub mod import;
pub mod init;
pub mod manifest;
pub mod markdown;
pub mod mermaid;
pub mod model;
pub mod nearest;
pub mod overrides;
pub mod problem;
pub mod profiles;
pub mod promql;
pub mod report;
pub mod resolve;
pub mod resources;
pub mod schema;
pub mod shell;
pub mod source;
pub mod xml;
pub mod yaml;

use model::Set;
use overrides::Overrides;
use problem::Problems;
use yaml::{Dialect, Node};

/// Reads the McpServerSet in `document`, changes what `overrides` say, and decides everything about it. `None` when `problems`
/// has an error; [`resources::objects`] makes the bundle of what is returned, and cannot fail.
pub fn expand(
    document: &Node,
    dialect: Dialect,
    overrides: &Overrides,
    problems: &mut Problems,
) -> Option<Set> {
    hosts::require_kind(document, problems)?;
    check::require_rules(document, "spec.platform.policy.exceptions", problems);
    let mut written: api::McpServerSet = yaml::decode(document, dialect, problems)?;
    overrides.apply(&mut written);
    let set = resolve::resolve(&written, document.place, problems);
    let patches = resolve::patches(document, dialect, problems);
    check::credentials(document, problems);
    let mut set = set?;
    for (server, patches) in set.servers.iter_mut().zip(patches) {
        server.patches = patches;
    }
    check::patches(&set, problems);
    let servers = written.spec.value().and_then(|spec| spec.servers.place());
    let place = servers.unwrap_or(document.place);
    check::dashboard(&set, place, problems);
    check::litellm(&set, place, problems);
    if !problems.has_errors() {
        check::bundle(&set, document, problems);
    }
    (!problems.has_errors()).then_some(set)
}

/// Reads the McpServerSetCheck in `document`. `None` when `problems` has an error.
pub fn check_config(
    document: &Node,
    dialect: Dialect,
    problems: &mut Problems,
) -> Option<model::CheckConfig> {
    check::require_rules(document, "spec.exceptions", problems);
    let written: api::McpServerSetCheck = yaml::decode(document, dialect, problems)?;
    resolve::check(&written, problems)
}

/// Decides the IAM roles of `set`, which [`expand`] made of `document`. `None` when `problems` has an
/// error.
pub fn roles<'s>(
    document: &Node,
    set: &'s Set,
    wanted: resolve::Wanted,
    problems: &mut Problems,
) -> Option<Vec<model::iam::Role<'s>>> {
    let written: api::McpServerSet = yaml::decode(document, Dialect::Written, problems)?;
    let roles = resolve::roles(&written, set, document.place, wanted, problems)?;
    check::iam(&roles, wanted, problems);
    Some(roles.into_iter().map(|(role, _)| role).collect())
}
