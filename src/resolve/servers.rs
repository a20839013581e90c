//! The servers of a set, and what only all of them together show.
//!
//! Each server is resolved by itself, so thousands are resolved on all cores. Their problems come
//! together in the order of the servers, as if one had been resolved after the other.

use std::convert::Infallible;

use super::litellm::Authorizations;
use super::names::{self, SeenNames};
use super::scope::{Reported, Scope, all};
use super::server::{self, Context};
use super::written::places;
use super::{Written, monitoring, profile, stdio};
use crate::api::{self, Field, Placed};
use crate::model::Server;
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
    let servers = written.servers();
    let mut seen = SeenNames::default();
    let known = scope.problems().clone();
    let defaults = defaults.map(|defaults| &defaults.value);
    let mut authorizations = Authorizations::default();
    let mut resolved = Ok(Vec::with_capacity(servers.len()));
    let parts: Vec<&[Node]> = servers.chunks(SOME).collect();
    let Ok(()) = parallel::each(
        true,
        &parts,
        |servers| Part::of(servers, written, defaults, context, known.clone()),
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

/// Some of the servers.
struct Part {
    servers: Result<Vec<Server>, Reported>,
    names: Vec<Field<String>>,
    authorizations: Authorizations,
    problems: Problems,
}

impl Part {
    /// Of `servers`, of whose set `problems` are known before.
    fn of(
        servers: &[Node],
        written: Written<'_>,
        defaults: Option<&api::Server>,
        context: &Context<'_>,
        mut problems: Problems,
    ) -> Self {
        let mut authorizations = Authorizations::default();
        let mut names = Vec::with_capacity(servers.len());
        let servers = servers.iter().map(|node| {
            if node.is_null() {
                // This has been reported when the list was read.
                return Err(Reported);
            }
            let Placed {
                value: mut server,
                place,
            } = written.read(node, &mut problems).ok_or(Reported)?;
            names.push(server.name.clone());
            let scope = &mut Scope::new(&mut problems);
            names::refuse_reserved(scope, context.set, context.prefix, &server.name);
            let objectives = server.objectives.place();
            let known = profile::inherit(scope, &mut server, defaults);
            stdio::watch(&mut server);
            monitoring::refuse_unmeasured(scope, &server.metrics, objectives);
            authorizations.note(&server);
            let resolved = server::server(scope, &server, place, context);
            Ok(Server {
                places: places(node),
                known: known?.map(Box::new),
                ..resolved?
            })
        });
        Self {
            servers: all(servers.collect::<Vec<_>>()),
            names,
            authorizations,
            problems,
        }
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
