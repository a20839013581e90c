//! Where everything is decided: defaults, names, what follows from what.
//!
//! A function here takes the config as written and returns either a part of the model or
//! [`Reported`], which says that the problem has been told already. Nobody stops at the first
//! one: the parts of a server are resolved one after the other, and only then put together.

mod addresses;
mod allowed_hosts;
mod api_access;
mod aws;
mod check;
mod env;
mod exposed;
mod files;
mod health;
mod home;
mod image;
mod litellm;
mod literal;
mod monitoring;
mod names;
mod network;
mod patches;
mod platform;
mod profile;
mod quantities;
mod roles;
mod scaling;
mod scheduling;
mod scope;
mod secrets;
mod server;
mod servers;
mod sessions;
mod stdio;
mod written;

pub use check::check;
pub use patches::of as patches;
pub use roles::{Wanted, roles};

use crate::api;
use crate::model::{NamespaceName, ServiceName, Set};
use crate::problem::Problems;

use scope::{Reported, Scope};
use servers::servers;
pub use written::Written;

/// Decides everything about `set`, which was read of `written`. `None` when `problems` has an error.
pub fn resolve(
    set: &api::McpServerSet,
    written: Written<'_>,
    problems: &mut Problems,
) -> Option<Set> {
    let mut scope = Scope::new(problems);
    let resolved = resolve_set(&mut scope, set, written).ok();
    exposed::refuse_beside_servers(written.document, problems);
    resolved
}

fn resolve_set(
    scope: &mut Scope<'_>,
    set: &api::McpServerSet,
    written: Written<'_>,
) -> Result<Set, Reported> {
    let place = written.document.place;
    let metadata = scope.required(
        &set.metadata,
        "metadata",
        "with `name` and `namespace`",
        place,
    );
    let identity = metadata.and_then(|metadata| {
        let at = metadata.place;
        let name = scope.required_text(
            &metadata.value.name,
            "metadata.name",
            "such as `mcp`",
            at,
            ServiceName::parse,
        );
        let namespace = scope.required_text(
            &metadata.value.namespace,
            "metadata.namespace",
            "the namespace in which the servers run, such as `litellm`: URLs and network policies contain it, so a kustomization cannot add it later",
            at,
            NamespaceName::parse,
        );
        Ok((name?, namespace?))
    });
    let spec = scope.required(&set.spec, "spec", "with `platform` and `servers`", place)?;
    // Servers are looked at even when the set has no name: their mistakes are told as well.
    let (name, namespace) = match &identity {
        Ok((name, namespace)) => (Ok(name.clone()), Ok(namespace.clone())),
        Err(Reported) => (
            ServiceName::parse("unnamed"),
            NamespaceName::parse("unnamed"),
        ),
    };
    let (Ok(name), Ok(namespace)) = (name, namespace) else {
        return Err(Reported);
    };
    let prefix = names::prefix(scope, &spec.value.name_prefix);
    let registries = platform::registries(scope, &spec.value.platform);
    let platform = platform::platform(scope, &spec.value.platform, &name, &namespace);
    let context = server::Context {
        set: &name,
        namespace: &namespace,
        prefix: prefix.as_deref().unwrap_or_default(),
        registries: registries.as_ref().map_err(|reported| *reported),
        platform: platform.as_ref().map_err(|reported| *reported),
    };
    let servers = servers(scope, spec, written, &context);
    let name_place = metadata
        .ok()
        .and_then(|metadata| metadata.value.name.place());
    let names = names::set_names(scope, &name, name_place.unwrap_or(place));
    identity?;
    prefix?;
    Ok(Set {
        places: written.places(),
        names: names?,
        registries: registries?.approved,
        platform: platform?.platform,
        servers: servers?,
        name,
        namespace,
    })
}
