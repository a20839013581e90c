//! Names, and who may not share one.

use std::collections::HashMap;

use super::scope::{Reported, Scope};
use crate::api::Field;
use crate::model::{ObjectName, ServerNames, ServiceName, Set, SetNames};
use crate::problem::{Code, Problem};
use crate::source::Place;

/// `spec.namePrefix` when it is absent.
const PREFIX: &str = "mcp-";
/// Longest name of any object: each must also do as a label value and as a DNS label.
const LONGEST: usize = 63;

/// `spec.namePrefix`. What it may hold is checked on the names that it makes.
pub fn prefix(scope: &mut Scope<'_>, field: &Field<String>) -> Result<String, Reported> {
    scope.or(field, PREFIX, |text| Ok(text.to_owned()))
}

/// The names of the objects that exist once a set.
pub fn set_names(
    scope: &mut Scope<'_>,
    set: &ServiceName,
    place: Place,
) -> Result<SetNames, Reported> {
    let mut derived = |suffix: &str| derived(scope, set.as_str(), suffix, place);
    let default_deny = derived("-default-deny");
    let monitor = derived("-servers");
    let allowed_repos = derived("-allowed-repos");
    Ok(SetNames {
        default_deny: default_deny?,
        monitor: monitor?,
        allowed_repos: allowed_repos?,
    })
}

/// The names of one server's objects.
pub fn server_names(
    scope: &mut Scope<'_>,
    prefix: &str,
    name: &str,
    place: Place,
) -> Result<ServerNames, Reported> {
    let full = format!("{prefix}{name}");
    let workload = scope.valid(ServiceName::parse(&full), Code::InvalidValue, place)?;
    let mut derived = |suffix: &str| derived(scope, &full, suffix, place);
    let secrets = derived("-secrets");
    let service_account = derived("-sa");
    let config = derived("-config");
    Ok(ServerNames {
        workload,
        service_account: service_account?,
        secrets: secrets?,
        config: config?,
    })
}

fn derived(
    scope: &mut Scope<'_>,
    name: &str,
    suffix: &str,
    place: Place,
) -> Result<ObjectName, Reported> {
    let full = format!("{name}{suffix}");
    if full.len() > LONGEST {
        return scope.report(
            Problem::error(
                Code::InvalidValue,
                place,
                format!("`{full}` has {} characters", full.len()),
            )
            .help(format!(
                "object names have at most {LONGEST}: shorten the name by {}",
                full.len() - LONGEST
            )),
        );
    }
    scope.valid(ObjectName::parse(&full), Code::InvalidValue, place)
}

/// The server names met so far, as LiteLLM spells them.
#[derive(Debug, Default)]
pub struct SeenNames(HashMap<String, (String, Place)>);

impl SeenNames {
    /// Refuses a second server of one name, also where only LiteLLM cannot tell them apart: it
    /// takes no `-` in names, so `a-b` becomes `a_b` there.
    pub fn check(&mut self, scope: &mut Scope<'_>, name: &Field<String>) {
        let Some(name) = name.given() else { return };
        let mapped = name.value.replace('-', "_").to_lowercase();
        let Some((first, place)) = self.0.get(&mapped) else {
            self.0.insert(mapped, (name.value.clone(), name.place));
            return;
        };
        let message = if *first == name.value {
            format!("two servers are called `{first}`")
        } else {
            format!(
                "`{first}` and `{}` are both `{mapped}` to LiteLLM",
                name.value
            )
        };
        scope.note(
            Problem::error(Code::NameCollision, name.place, message)
                .related(*place, "the first one")
                .help("give each server a name of its own"),
        );
    }
}

/// Refuses a server whose policy would be called as the set's own.
pub fn refuse_reserved(scope: &mut Scope<'_>, set: &Set, place: Place) -> Result<(), Reported> {
    let reserved = set.names.default_deny.as_str();
    let taken = set
        .servers
        .iter()
        .any(|server| server.names.workload.as_str() == reserved);
    if taken {
        return scope.report(
            Problem::error(
                Code::NameCollision,
                place,
                format!("the server `{reserved}` and the set's own NetworkPolicy share a name"),
            )
            .help("rename the server"),
        );
    }
    Ok(())
}
