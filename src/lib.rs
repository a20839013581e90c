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
//!
//! # As a library
//!
//! A [`Bundle`] is a text's sets, decided and checked, and their objects:
//!
//! ```
//! use mcpset::{Bundle, Report};
//!
//! fn main() -> Result<(), Report> {
//!     let text = "\
//! apiVersion: mcpset.dev/v1alpha1
//! kind: McpServerSet
//! metadata: {name: mcp, namespace: litellm}
//! spec:
//!   platform: {registry: registry.example.com}
//!   servers:
//!   - {name: github, image: mcp-github:1.0.0}
//! ";
//!     let bundle = Bundle::read("mcp.yaml", text)?;
//!
//!     // What was decided, with names and types of the field.
//!     let server = &bundle.sets()[0].servers[0];
//!     assert_eq!(server.names.workload.as_str(), "mcp-github");
//!
//!     // The typed objects, and their text.
//!     let kinds: Vec<&str> = bundle.objects().map(|object| object.kind()).collect();
//!     assert!(kinds.contains(&"NetworkPolicy"));
//!     let mut yaml = Vec::new();
//!     bundle.write(&mut yaml).expect("memory takes every write");
//!     assert!(yaml.starts_with(b"---\napiVersion: "));
//!
//!     // All problems at once, each with its place and what to do, as the program shows them.
//!     let wrong = text.replace("{name: git", "{replica: 3, name: git");
//!     let report = Bundle::read("mcp.yaml", &wrong).expect_err("a field that there is not");
//!     assert!(report.to_string().contains(" --> mcp.yaml:7:6"));
//!     assert_eq!(report.problems()[0].help, "did you mean `replicas`?");
//!     Ok(())
//! }
//! ```
//!
//! [`schema`] has the config's schema, [`companions`] what is no object: LiteLLM's values, IAM roles, the
//! runbook. Modules that are not shown here are the program's own and may change in any version.

pub mod api;
mod bundle;
#[doc(hidden)]
pub mod chart;
pub mod check;
#[doc(hidden)]
pub mod cli;
pub mod companions;
#[doc(hidden)]
pub mod credential;
pub mod dashboard;
pub mod diff;
pub mod documents;
#[doc(hidden)]
pub mod dot;
pub mod hosts;
pub mod import;
pub mod init;
#[doc(hidden)]
pub mod json;
#[doc(hidden)]
pub mod manifest;
#[doc(hidden)]
pub mod markdown;
#[doc(hidden)]
pub mod mermaid;
pub mod model;
#[doc(hidden)]
pub mod nearest;
pub mod overrides;
#[doc(hidden)]
pub mod parallel;
pub mod problem;
pub mod profiles;
pub mod promql;
pub mod report;
pub mod resolve;
pub mod resources;
pub mod schema;
#[doc(hidden)]
pub mod shell;
pub mod source;
mod streams;
#[doc(hidden)]
pub mod xml;
pub mod yaml;

pub use bundle::{Bundle, Report};

use model::Set;
use overrides::Overrides;
use problem::Problems;
use yaml::{Dialect, Node};

/// Reads the McpServerSet in `document`, changes what `overrides` say, and decides and checks everything
/// about it. `None` when `problems` has an error; [`resources::objects`] makes the bundle of what is
/// returned, and cannot fail.
pub fn expand(
    document: &Node,
    dialect: Dialect,
    overrides: &Overrides,
    problems: &mut Problems,
) -> Option<Set> {
    let set = decide(document, dialect, overrides, problems)?;
    checked(set, problems)
}

/// The same without the rules for objects, for who checks the objects with others.
pub fn decide(
    document: &Node,
    dialect: Dialect,
    overrides: &Overrides,
    problems: &mut Problems,
) -> Option<Set> {
    decide_written(
        resolve::Written {
            document,
            rows: None,
            dialect,
            overrides,
        },
        problems,
    )
}

/// The same of a set whose servers need not be there at once. Of what is wrong with rows, nothing is said.
pub fn decide_written(written: resolve::Written<'_>, problems: &mut Problems) -> Option<Set> {
    let document = written.document;
    hosts::require_kind(document, problems)?;
    check::require_rules(document, "spec.platform.policy.exceptions", problems);
    let mut read: api::McpServerSet = yaml::decode(document, written.dialect, problems)?;
    written.overrides.apply(&mut read);
    let set = resolve::resolve(&read, written, problems)?;
    check::patches(&set, problems);
    let servers = read.spec.value().and_then(|spec| spec.servers.place());
    let place = servers.unwrap_or(document.place);
    check::dashboard(&set, place, problems);
    check::litellm(&set, place, problems);
    (!problems.has_errors()).then_some(set)
}

/// `set`, unless `problems` has an error, or gets one of what its objects break.
pub fn checked(set: Set, problems: &mut Problems) -> Option<Set> {
    check::bundle(&set, problems);
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
    let dialect = Dialect::Written;
    let written: api::McpServerSet = yaml::decode(document, dialect, problems)?;
    let read = resolve::Written {
        document,
        rows: None,
        dialect,
        overrides: &Overrides::default(),
    };
    let roles = resolve::roles(&written.spec, read, set, wanted, problems)?;
    check::iam(&roles, wanted, problems);
    Some(roles.into_iter().map(|(role, _)| role).collect())
}
