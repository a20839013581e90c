//! The names by which a server is called, for its own list of hosts that it answers to.
//!
//! The SDKs refuse a `Host` that they do not know (a guard against DNS rebinding): LiteLLM would be
//! told 421 or 403 by a server that is well.

use super::env::{variable, variable_name};
use super::scope::{Reported, Scope, group};
use crate::api::{self, Field, Placed};
use crate::model::{
    CleanText, EnvName, EnvValue, EnvVar, Invalid, NamespaceName, Port, ServerNames, service_host,
};
use crate::problem::{Code, Problem};

/// Variables of FastMCP, whose settings are read by pydantic: a list is JSON there, and anything else
/// ends the process (pydantic-settings, parsing environment variable values).
const JSON: &str = "FASTMCP_";

/// How a server is told the names by which it is called.
#[derive(Debug, Default)]
pub struct AllowedHosts {
    /// By a variable.
    pub variable: Option<EnvVar>,
    /// By an argument.
    pub argument: Option<String>,
}

impl AllowedHosts {
    /// Whether the server answers to names alone.
    pub fn is_guarded(&self) -> bool {
        self.variable.is_some() || self.argument.is_some()
    }
}

/// Resolves `allowedHostsEnv` and `allowedHostsArg` of `written`.
pub fn allowed_hosts(
    scope: &mut Scope<'_>,
    written: &api::Server,
    names: &ServerNames,
    namespace: &NamespaceName,
    port: Port,
) -> Result<AllowedHosts, Reported> {
    if let (Some(place), true) = (written.allowed_hosts_arg.place(), is_behind_bridge(written)) {
        return scope.report(
            Problem::error(
                Code::Contradiction,
                place,
                "a server on standard input is called by its bridge, which knows no hosts",
            )
            .help("remove it"),
        );
    }
    let argument = scope.optional(&written.allowed_hosts_arg, argument);
    let name = match &written.allowed_hosts_env {
        Field::Wrong(_) => Err(Reported),
        Field::Absent => Ok(None),
        Field::Given(field) => free_name(scope, written, field).map(Some),
    };
    let (argument, name) = (argument?, name?);
    let service = &names.workload;
    let hosts = [
        service.to_string(),
        format!("{service}.{namespace}"),
        format!("{service}.{namespace}.svc"),
        service_host(service, namespace),
    ];
    let hosts = hosts.map(|host| [host.clone(), format!("{host}:{port}")]);
    let hosts = hosts.concat();
    let commas = hosts.join(",");
    let variable = name.map(|name| {
        let value = if name.as_str().starts_with(JSON) {
            serde_json::json!(hosts).to_string()
        } else {
            commas.clone()
        };
        variable(scope, name.as_str(), EnvValue::Literal(value.into()))
    });
    Ok(AllowedHosts {
        variable: variable.transpose()?,
        argument: argument.map(|argument| format!("{argument}={commas}")),
    })
}

fn is_behind_bridge(written: &api::Server) -> bool {
    written.transport.value() == Some(&api::Transport::Stdio)
}

/// An option that takes a value, without `=` and without what the kubelet would expand.
fn argument(text: &str) -> Result<String, Invalid> {
    let clean = CleanText::parse(text)?;
    let is_option = text.starts_with('-')
        && text.len() > 1
        && !text.contains(|c: char| c.is_whitespace() || matches!(c, '=' | '$'));
    is_option.then(|| clean.to_string()).ok_or_else(|| Invalid {
        problem: format!("`{text}` is no option"),
        help: "write it as the server takes it and without a value, such as `--allowed-hosts`"
            .into(),
    })
}

/// The name in `field`, which nothing else of `written` sets.
fn free_name(
    scope: &mut Scope<'_>,
    written: &api::Server,
    field: &Placed<String>,
) -> Result<EnvName, Reported> {
    let name = variable_name(scope, field)?;
    let variables = group(&written.env)?;
    let Some((other, _)) = variables.iter().find(|(key, _)| key.value == field.value) else {
        return Ok(name);
    };
    scope.report(
        Problem::error(
            Code::NameCollision,
            other.place,
            format!("`{name}` is set to the names of the Service"),
        )
        .related(field.place, "by this field")
        .help("keep one of them"),
    )
}
