//! The names by which a server is called, for its own list of hosts that it answers to.
//!
//! The SDKs refuse a `Host` that they do not know (a guard against DNS rebinding): LiteLLM would be
//! told 421 or 403 by a server that is well.

use super::env::{variable, variable_name};
use super::scope::{Reported, Scope, group};
use crate::api::{self, Field};
use crate::model::{EnvValue, EnvVar, NamespaceName, Port, ServerNames, service_host};
use crate::problem::{Code, Problem};

/// The variable of `written` with every name of the Service, with and without the port.
pub fn allowed_hosts(
    scope: &mut Scope<'_>,
    written: &api::Server,
    names: &ServerNames,
    namespace: &NamespaceName,
    port: Port,
) -> Result<Option<EnvVar>, Reported> {
    let Some(field) = written.allowed_hosts_env.given() else {
        return match written.allowed_hosts_env {
            Field::Wrong(_) => Err(Reported),
            _ => Ok(None),
        };
    };
    let name = variable_name(scope, field)?;
    let variables = group(&written.env)?;
    if let Some((other, _)) = variables.iter().find(|(key, _)| key.value == field.value) {
        return scope.report(
            Problem::error(
                Code::NameCollision,
                other.place,
                format!("`{name}` is set to the names of the Service"),
            )
            .related(field.place, "by this field")
            .help("keep one of them"),
        );
    }
    let service = &names.workload;
    let hosts = [
        service.to_string(),
        format!("{service}.{namespace}"),
        format!("{service}.{namespace}.svc"),
        service_host(service, namespace),
    ];
    let hosts = hosts.map(|host| format!("{host},{host}:{port}"));
    let value = EnvValue::Literal(hosts.join(","));
    variable(scope, name.as_str(), value).map(Some)
}
