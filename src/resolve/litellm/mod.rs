//! `spec.platform.litellm`, and what LiteLLM is told of each server.

mod credentials;

use std::collections::BTreeSet;

use super::literal::kubelet_literal;
use super::platform::Defaults;
use super::scope::{Reported, Scope, all, group, items, setting};
use crate::api::{self, Field, List};
use crate::model::{
    AccessGroup, EnvName, HttpPath, Invalid, LiteLlm, NamespaceName, PROXY_PORT, Port, ProxyChart,
    REFERENCE, Registration, ServerNames, ServiceName, ToolName, service_host,
};
use crate::problem::{Code, Problem};
use crate::source::Place;
pub use credentials::Authorizations;
use credentials::credentials;

/// The proxy's Service in the guide.
const SERVICE: &str = "litellm-proxy";
/// What LiteLLM calls the era without sessions; `auto` would never choose it (`MCPUpstreamProtocol`).
const MODERN: &str = "2026-07-28";
/// The first part of every variable that the guide asks for.
const VARIABLE_PREFIX: &str = "MCP_";

/// Resolves `spec.platform.litellm` for a proxy in `namespace`, who may call apart.
pub fn proxy(
    scope: &mut Scope<'_>,
    written: &api::LiteLlm,
    namespace: &NamespaceName,
) -> Result<LiteLlm, Reported> {
    let service = scope.optional(&written.service, ServiceName::parse);
    let object = setting(&written.registration, api::RegistrationObject::ConfigMap);
    let chart = match setting(&written.chart, api::ProxyChart::LiteLlmHelm)? {
        api::ProxyChart::LiteLlmHelm => ProxyChart::Single,
        api::ProxyChart::LiteLlm => ProxyChart::Components,
    };
    let service = match (service?, chart) {
        (None, ProxyChart::Single) => {
            Some(scope.valid(ServiceName::parse(SERVICE), Code::InvalidValue, None)?)
        }
        (service, _) => service,
    };
    Ok(LiteLlm {
        chart,
        issuer: service
            .map(|service| format!("http://{}:{PROXY_PORT}", service_host(&service, namespace))),
        has_config_map: object? == api::RegistrationObject::ConfigMap,
    })
}

/// What of a server is known before LiteLLM is told of it.
pub struct Known<'a> {
    /// Its names.
    pub names: Result<&'a ServerNames, Reported>,
    /// Its namespace.
    pub namespace: &'a NamespaceName,
    /// `spec.namePrefix`.
    pub prefix: &'a str,
    /// Its port.
    pub port: Result<Port, Reported>,
    /// The platform.
    pub platform: Result<&'a Defaults, Reported>,
}

/// Resolves where the MCP endpoint of `server` is, and its `litellm`.
pub fn registration(
    scope: &mut Scope<'_>,
    server: &api::Server,
    known: &Known<'_>,
) -> Result<Registration, Reported> {
    let endpoint = endpoint(scope, server);
    let described = refuse_reference(scope, &server.description);
    let written = group(&server.litellm)?;
    let access_groups = words(scope, &written.access_groups, AccessGroup::parse);
    let allowed = words(scope, &written.allowed_tools, ToolName::parse);
    let disallowed = words(scope, &written.disallowed_tools, ToolName::parse);
    let tools = refuse_both(scope, &written, &allowed, &disallowed);
    let credentials = credentials(scope, &written);
    let public = setting(&written.public, false);
    let issuer = match (signs_users(&written), written.user_identity.place()) {
        (Ok(true), Some(place)) => require_issuer(scope, place, known.platform),
        _ => Ok(()),
    };
    let names = known.names?;
    let (transport, protocol_version, path) = endpoint?;
    let (auth, headers) = credentials?;
    described?;
    tools?;
    issuer?;
    let host = service_host(&names.workload, known.namespace);
    let url = format!("http://{host}:{}{path}", known.port?);
    Ok(Registration {
        name: names.workload.as_str().replace('-', "_"),
        endpoint: endpoint_variable(scope, names, known.prefix)?,
        url_in_pod: kubelet_literal(&url),
        url,
        transport,
        protocol_version,
        access_groups: access_groups?,
        allowed_tools: allowed?,
        disallowed_tools: disallowed?,
        auth,
        headers,
        public: public?,
        signs_users: signs_users(&written)?,
    })
}

/// `MCP_GITHUB_ENDPOINT`. Whether `MCP_` is put before the name follows from the prefix, which is
/// the same for all servers, so that no two of them share a variable.
fn endpoint_variable(
    scope: &mut Scope<'_>,
    names: &ServerNames,
    prefix: &str,
) -> Result<EnvName, Reported> {
    let name = names.workload.as_str().replace('-', "_").to_uppercase();
    let before = if prefix.starts_with("mcp-") {
        ""
    } else {
        VARIABLE_PREFIX
    };
    let variable = EnvName::parse(&format!("{before}{name}_ENDPOINT"));
    scope.valid(variable, Code::InvalidValue, None)
}

/// LiteLLM's transport and protocol version, and the path of the MCP endpoint.
fn endpoint(
    scope: &mut Scope<'_>,
    server: &api::Server,
) -> Result<(&'static str, Option<&'static str>, HttpPath), Reported> {
    let transport = setting(&server.transport, api::Transport::Http);
    let protocol = setting(&server.protocol, api::Protocol::Auto);
    let (transport, default) = match transport? {
        // What calls a server on standard input speaks HTTP.
        api::Transport::Http | api::Transport::Stdio => ("http", "/mcp"),
        api::Transport::Sse => ("sse", "/sse"),
    };
    let path = scope.or(&server.path, default, HttpPath::parse);
    // LiteLLM and the server agree on a version of the era with sessions by themselves; one that is
    // fixed would refuse servers of any other.
    let version = (protocol? == api::Protocol::Modern).then_some(MODERN);
    if version.is_some() && transport == "sse" {
        return scope.report(
            Problem::error(
                Code::Contradiction,
                server.transport.place(),
                "the modern protocol is not spoken over `sse`",
            )
            .help("write `transport: http`, or `protocol: legacy`"),
        );
    }
    Ok((transport, version, path?))
}

/// Words of a list, each once.
fn words<T: Ord + Clone>(
    scope: &mut Scope<'_>,
    field: &Field<List<String>>,
    parse: impl Fn(&str) -> Result<T, Invalid>,
) -> Result<Vec<T>, Reported> {
    let items = items(field)?;
    let mut seen = BTreeSet::new();
    all(items.into_iter().map(|item| {
        let word = scope.parse(item, &parse)?;
        if seen.insert(word.clone()) {
            return Ok(word);
        }
        scope.report(
            Problem::error(
                Code::NameCollision,
                item.place,
                format!("`{}` stands here twice", item.value),
            )
            .help("write it once"),
        )
    }))
}

/// Refuses a tool that is both offered and not.
fn refuse_both(
    scope: &mut Scope<'_>,
    written: &api::Registration,
    allowed: &Result<Vec<ToolName>, Reported>,
    disallowed: &Result<Vec<ToolName>, Reported>,
) -> Result<(), Reported> {
    let (Ok(allowed), Ok(disallowed)) = (allowed, disallowed) else {
        return Err(Reported);
    };
    let Some(both) = disallowed.iter().find(|tool| allowed.contains(tool)) else {
        return Ok(());
    };
    scope.report(
        Problem::error(
            Code::Contradiction,
            written.disallowed_tools.place(),
            format!("`{both}` is in `allowedTools` as well"),
        )
        .help("keep it in one of the two lists"),
    )
}

/// Refuses a description that LiteLLM would replace: everybody who lists servers sees it.
fn refuse_reference(scope: &mut Scope<'_>, field: &Field<String>) -> Result<(), Reported> {
    match field.given() {
        Some(text) if text.value.starts_with(REFERENCE) => scope.report(
            Problem::error(
                Code::InvalidValue,
                text.place,
                "LiteLLM would show an environment variable of its own in place of this description",
            )
            .help("say what the server offers, in one sentence"),
        ),
        _ => Ok(()),
    }
}

/// Whether calls of a server carry a token that says who calls.
pub fn signs_users(written: &api::Registration) -> Result<bool, Reported> {
    Ok(setting(&written.user_identity, api::UserIdentity::None)? == api::UserIdentity::Jwt)
}

/// Refuses users' tokens of a proxy whose address nobody knows.
fn require_issuer(
    scope: &mut Scope<'_>,
    place: Place,
    platform: Result<&Defaults, Reported>,
) -> Result<(), Reported> {
    if platform?.platform.litellm.issuer.is_some() {
        return Ok(());
    }
    scope.report(
        Problem::error(
            Code::MissingField,
            place,
            "the server needs the address of the proxy to check users' tokens, and `chart: litellm` names its Services after the release",
        )
        .help("add the gateway's Service, such as `platform.litellm.service: litellm-gateway`"),
    )
}
