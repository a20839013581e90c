//! Names, and who may not share one.

use std::collections::HashMap;

use super::scope::{Reported, Scope};
use crate::api::Field;
use crate::model::{Invalid, ObjectName, ServerNames, ServiceName, SetNames};
use crate::problem::{Code, Problem};
use crate::source::Place;

/// `spec.namePrefix` when it is absent.
const PREFIX: &str = "mcp-";
/// Longest name of any object: each must also do as a label value and as a DNS label.
const LONGEST: usize = 63;
/// The longest suffix of a server's names.
const SECRETS: &str = "-secrets";
/// The longest suffix of a set's names.
const ALLOWED_REPOS: &str = "-allowed-repos";
const DEFAULT_DENY: &str = "-default-deny";

/// `spec.namePrefix`: the beginning of a name, or nothing.
pub fn prefix(scope: &mut Scope<'_>, field: &Field<String>) -> Result<String, Reported> {
    scope.or(field, PREFIX, |text| {
        let problem = if let Some(c) = text.chars().find(|c| !is_name_char(*c)) {
            format!("a name cannot hold the `{c}` of the prefix `{text}`")
        } else if text.starts_with(|c: char| !c.is_ascii_lowercase()) {
            format!("a name cannot begin as the prefix `{text}` does")
        } else {
            return Ok(text.to_owned());
        };
        Err(Invalid {
            problem,
            help: "use lower-case letters, digits and `-`, starting with a letter, such as `mcp-`"
                .into(),
        })
    })
}

fn is_name_char(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'
}

/// The names of the objects that exist once a set, whose own name stands at `place`.
pub fn set_names(
    scope: &mut Scope<'_>,
    set: &ServiceName,
    place: Place,
) -> Result<SetNames, Reported> {
    refuse_too_long(scope, set.as_str(), ALLOWED_REPOS, place)?;
    let mut derived = |suffix: &str| derived(scope, set.as_str(), suffix, place);
    let default_deny = derived(DEFAULT_DENY);
    let monitor = derived("-servers");
    let alerts = derived("-alerts");
    let dashboard = derived("-dashboard");
    let litellm = derived("-litellm");
    let allowed_repos = derived(ALLOWED_REPOS);
    Ok(SetNames {
        default_deny: default_deny?,
        monitor: monitor?,
        alerts: alerts?,
        dashboard: dashboard?,
        litellm: litellm?,
        allowed_repos: allowed_repos?,
    })
}

/// The names of one server's objects. `name` is what stands at `place`, and what advice is about.
pub fn server_names(
    scope: &mut Scope<'_>,
    prefix: &str,
    name: &str,
    place: Place,
) -> Result<ServerNames, Reported> {
    let full = format!("{prefix}{name}");
    let workload = ServiceName::parse(&full).map_err(|whole| {
        // A digit at its beginning is the one fault of a name that a prefix heals.
        match ServiceName::parse(name) {
            Err(own) if !name.starts_with(|c: char| c.is_ascii_digit()) => own,
            _ => whole,
        }
    });
    if workload.is_ok() || full.chars().all(is_name_char) && !name.is_empty() {
        refuse_too_long(scope, &full, SECRETS, place)?;
    }
    let workload = scope.valid(workload, Code::InvalidValue, place)?;
    let mut derived = |suffix: &str| derived(scope, &full, suffix, place);
    let secrets = derived(SECRETS);
    let service_account = derived("-sa");
    let config = derived("-config");
    Ok(ServerNames {
        workload,
        service_account: service_account?,
        secrets: secrets?,
        config: config?,
    })
}

/// Refuses a name that is too long with `suffix`, the longest that it gets.
fn refuse_too_long(
    scope: &mut Scope<'_>,
    name: &str,
    suffix: &str,
    place: Place,
) -> Result<(), Reported> {
    let length = name.len() + suffix.len();
    if length <= LONGEST {
        return Ok(());
    }
    scope.report(
        Problem::error(
            Code::InvalidValue,
            place,
            format!("`{name}{suffix}` has {length} characters"),
        )
        .help(format!(
            "object names have at most {LONGEST}: shorten the name by {}",
            length - LONGEST
        )),
    )
}

fn derived(
    scope: &mut Scope<'_>,
    name: &str,
    suffix: &str,
    place: Place,
) -> Result<ObjectName, Reported> {
    let full = format!("{name}{suffix}");
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
pub fn refuse_reserved(
    scope: &mut Scope<'_>,
    set: &ServiceName,
    prefix: &str,
    name: &Field<String>,
) {
    let Some(name) = name.given() else { return };
    let reserved = format!("{set}{DEFAULT_DENY}");
    if format!("{prefix}{}", name.value) == reserved {
        scope.note(
            Problem::error(
                Code::NameCollision,
                name.place,
                format!("the set's own NetworkPolicy is called `{reserved}`"),
            )
            .help("give the server another name"),
        );
    }
}
