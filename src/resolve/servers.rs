//! The servers of a set, and what only all of them together show.
//!
//! Each server is resolved by itself, so thousands are resolved on all cores. Their problems come
//! together in the order of the servers, as if one had been resolved after the other.

use std::convert::Infallible;

use super::litellm::Authorizations;
use super::names::{self, SeenNames};
use super::scope::{Reported, Scope, all, items};
use super::server::{self, Context};
use super::{monitoring, profile, stdio};
use crate::api::{self, Placed};
use crate::model::Server;
use crate::parallel::{self, SOME};
use crate::problem::{Code, Problem, Problems};

/// The servers in `spec`.
pub fn servers(
    scope: &mut Scope<'_>,
    spec: &Placed<api::Spec>,
    context: &Context<'_>,
) -> Result<Vec<Server>, Reported> {
    let written = scope.required(
        &spec.value.servers,
        "spec.servers",
        "a list such as `[{name: github, image: mcp-github:1.0.0}]`",
        spec.place,
    )?;
    if written.value.is_empty() {
        return scope.report(
            Problem::error(Code::MissingField, written.place, "the set has no servers")
                .help("add one: `- {name: github, image: mcp-github:1.0.0}`"),
        );
    }
    let defaults = spec.value.defaults.given();
    if let Some(defaults) = defaults {
        refuse_identity(scope, &defaults.value);
    }
    let servers = items(&spec.value.servers)?;
    let mut seen = SeenNames::default();
    for server in &servers {
        seen.check(scope, &server.value.name);
    }
    let known = scope.problems().clone();
    let defaults = defaults.map(|defaults| &defaults.value);
    let mut authorizations = Authorizations::default();
    let mut resolved = Ok(Vec::with_capacity(servers.len()));
    let parts: Vec<&[&Placed<api::Server>]> = servers.chunks(SOME).collect();
    let Ok(()) = parallel::each(
        true,
        &parts,
        |servers| Part::of(servers, defaults, context, known.clone()),
        |part| {
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
    authorizations: Authorizations,
    problems: Problems,
}

impl Part {
    /// Of `servers`, of which `problems` are known before.
    fn of(
        servers: &[&Placed<api::Server>],
        defaults: Option<&api::Server>,
        context: &Context<'_>,
        mut problems: Problems,
    ) -> Self {
        let mut authorizations = Authorizations::default();
        let scope = &mut Scope::new(&mut problems);
        let servers = servers.iter().map(|written| {
            let mut server = written.value.clone();
            names::refuse_reserved(scope, context.set, context.prefix, &server.name);
            let objectives = server.objectives.place();
            let known = profile::inherit(scope, &mut server, defaults);
            stdio::watch(&mut server);
            monitoring::refuse_unmeasured(scope, &server.metrics, objectives);
            authorizations.note(&server);
            let resolved = server::server(scope, &server, written.place, context);
            Ok(Server {
                known: known?,
                ..resolved?
            })
        });
        Self {
            servers: all(servers.collect::<Vec<_>>()),
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
