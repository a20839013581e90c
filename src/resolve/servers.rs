//! The servers of a set, and what only all of them together show.
//!
//! Each server is resolved by itself, so thousands are resolved on all cores. Their problems come
//! together in the order of the servers, as if one had been resolved after the other.

use std::convert::Infallible;

use super::litellm::Authorizations;
use super::names::{self, SeenNames};
use super::scope::{Reported, Scope, all};
use super::server::{self, Context};
use super::written::{Part, places};
use super::{Written, exposed, monitoring, patches, profile, stdio};
use crate::api::{self, Field, Placed};
use crate::model::{Patch, Server};
use crate::parallel::{self, SOME};
use crate::problem::{Code, Problem, Problems};
use crate::yaml::Node;

/// The servers in `spec`.
pub fn servers(
    scope: &mut Scope<'_>,
    spec: &Placed<api::Spec>,
    written: Written<'_>,
    context: &Context<'_>,
) -> Result<Vec<Server>, Reported> {
    let mut of_defaults = Problems::default();
    let patches = patches::of_defaults(written.document, written.dialect, &mut of_defaults);
    scope.extend(of_defaults);
    let list = scope.required(
        &spec.value.servers,
        "spec.servers",
        "a list such as `[{name: github, image: mcp-github:1.0.0}]`",
        spec.place,
    )?;
    if list.value.is_empty() {
        return scope.report(
            Problem::error(Code::MissingField, list.place, "the set has no servers")
                .help("add one: `- {name: github, image: mcp-github:1.0.0}`"),
        );
    }
    let defaults = spec.value.defaults.given();
    if let Some(defaults) = defaults {
        refuse_identity(scope, &defaults.value);
    }
    let parts = written.parts();
    let mut seen = SeenNames::default();
    let common = Common {
        written,
        defaults: defaults.map(|defaults| &defaults.value),
        patches: &patches,
        context,
        known: scope.problems().clone(),
    };
    let mut authorizations = Authorizations::default();
    let mut resolved = Ok(Vec::with_capacity(SOME * parts.len()));
    let Ok(()) = parallel::each(
        true,
        &parts,
        |part| Decided::of(part, &common),
        |part| {
            for name in &part.names {
                seen.check(scope, name);
            }
            scope.extend(part.problems);
            authorizations.extend(part.authorizations);
            match (&mut resolved, part.servers) {
                (Ok(resolved), Ok(servers)) => resolved.extend(servers),
                (_, Err(reported)) => resolved = Err(reported),
                (Err(_), Ok(_)) => {}
            }
            Ok::<(), Infallible>(())
        },
    );
    authorizations.refuse_displaced(scope)?;
    resolved
}

/// What all servers have in common.
struct Common<'c> {
    written: Written<'c>,
    defaults: Option<&'c api::Server>,
    /// Those of `defaults`.
    patches: &'c [Patch],
    context: &'c Context<'c>,
    /// What is known of the set before.
    known: Problems,
}

/// Some of the servers.
struct Decided {
    servers: Result<Vec<Server>, Reported>,
    names: Vec<Field<String>>,
    authorizations: Authorizations,
    problems: Problems,
}

impl Decided {
    fn of(part: &Part<'_>, common: &Common<'_>) -> Self {
        let mut decided = Self {
            servers: Err(Reported),
            names: Vec::new(),
            authorizations: Authorizations::default(),
            problems: common.known.clone(),
        };
        // Whoever reads all of the set says what is wrong with rows.
        if let Some(trees) = part.trees() {
            let servers = trees.iter().map(|node| decided.server(node, common));
            let servers: Vec<_> = servers.collect();
            decided.servers = all(servers);
        }
        decided
    }

    /// All of the server at `node`.
    fn server(&mut self, node: &Node, common: &Common<'_>) -> Result<Server, Reported> {
        let server = self.without_patches(node, common);
        let own = patches::of(node, common.written.dialect, &mut self.problems);
        exposed::refuse(node, &mut self.problems);
        let patches = common.patches.iter().cloned().chain(own);
        Ok(Server {
            patches: patches.collect(),
            ..server?
        })
    }

    fn without_patches(&mut self, node: &Node, common: &Common<'_>) -> Result<Server, Reported> {
        let problems = &mut self.problems;
        if node.is_null() {
            // This has been reported when the list was read.
            return Err(Reported);
        }
        let Placed {
            value: mut server,
            place,
        } = common.written.read(node, problems).ok_or(Reported)?;
        self.names.push(server.name.clone());
        let context = common.context;
        let scope = &mut Scope::new(problems);
        names::refuse_reserved(scope, context.set, context.prefix, &server.name);
        let objectives = server.objectives.place();
        let known = profile::inherit(scope, &mut server, common.defaults);
        stdio::watch(&mut server);
        monitoring::refuse_unmeasured(scope, &server.metrics, objectives);
        self.authorizations.note(&server);
        let resolved = server::server(scope, &server, place, context);
        Ok(Server {
            places: places(node),
            known: known?.map(Box::new),
            ..resolved?
        })
    }
}

/// `defaults` holds any server field but the two that tell servers apart.
fn refuse_identity(scope: &mut Scope<'_>, defaults: &api::Server) {
    for (field, name) in [(&defaults.name, "name"), (&defaults.image, "image")] {
        if let Some(Placed { place, .. }) = field.given() {
            scope.note(
                Problem::error(
                    Code::UnknownField,
                    *place,
                    format!("`{name}` has no place in `defaults`"),
                )
                .help("every server has its own: move it there"),
            );
        }
    }
}
