//! `spec.platform.litellm`, and what LiteLLM is told of each server.

use std::collections::{BTreeMap, BTreeSet};

use super::literal::kubelet_literal;
use super::platform::Defaults;
use super::scope::{Reported, Scope, all, group, items, setting};
use crate::api::{self, Field, List};
use crate::credential::{credential, exposed};
use crate::model::{
    AccessGroup, CleanText, EnvName, HeaderName, HttpPath, Invalid, LiteLlm, NamespaceName, Port,
    ProxyAuth, ProxyChart, ProxyHeader, ProxyVariable, REFERENCE, Registration, ServerNames,
    ServiceName, ToolName,
};
use crate::problem::{Code, Problem};
use crate::source::Place;

/// The proxy's Service in the guide.
const SERVICE: &str = "litellm-proxy";
/// The proxy's port, of its pods as of its Service.
pub const PORT: i64 = 4000;
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
        (Some(service), _) => Some(service.to_string()),
        (None, ProxyChart::Single) => Some(SERVICE.into()),
        (None, ProxyChart::Components) => None,
    };
    Ok(LiteLlm {
        chart,
        issuer: service
            .map(|service| format!("http://{service}.{namespace}.svc.cluster.local:{PORT}")),
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
    let auth = auth(scope, &written);
    let headers = headers(scope, &written.headers);
    let public = setting(&written.public, false);
    let signs_users = signs_users(&written);
    if let (Ok(true), Some(place)) = (signs_users, written.user_identity.place()) {
        refuse_other_authorization(scope, place, &auth, &headers)?;
        refuse_unknown_issuer(scope, place, known.platform)?;
    }
    if let (Ok(Some(auth)), Ok(headers), Some(place)) = (&auth, &headers, written.headers.place())
        && auth.kind != API_KEY
        && headers.keys().any(|name| name.is(AUTHORIZATION))
    {
        return scope.report(
            Problem::error(
                Code::Contradiction,
                place,
                "the `token` and a header `Authorization` are two credentials in one place",
            )
            .help("keep one of them: `token`, which LiteLLM shows to nobody"),
        );
    }
    let names = known.names?;
    let (transport, protocol_version, path) = endpoint?;
    described?;
    tools?;
    let url = format!(
        "http://{}.{}.svc.cluster.local:{}{path}",
        names.workload, known.namespace, known.port?
    );
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
        auth: auth?,
        headers: headers?,
        public: public?,
        signs_users: signs_users?,
    })
}

const AUTHORIZATION: &str = "authorization";
const API_KEY: &str = "api_key";

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
        api::Transport::Http => ("http", "/mcp"),
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

fn auth(scope: &mut Scope<'_>, written: &api::Registration) -> Result<Option<ProxyAuth>, Reported> {
    let token = variable(scope, &written.token)?;
    let default = match token {
        Some(_) => api::AuthType::BearerToken,
        None => api::AuthType::None,
    };
    let place = written.auth_type.place();
    let kind = match setting(&written.auth_type, default)? {
        api::AuthType::None => {
            return match token {
                None => Ok(None),
                Some(_) => scope.report(
                    Problem::error(
                        Code::Contradiction,
                        place,
                        "`authType: none` sends no `token`",
                    )
                    .help("remove one of the two"),
                ),
            };
        }
        api::AuthType::Oauth2 => {
            return scope.report(
                Problem::error(
                    Code::InvalidValue,
                    place,
                    "`oauth2` needs a flow, with addresses and a client, which mcpset does not write",
                )
                .help("write `bearer_token` with a `token`; or leave `authType` out, and add `auth_type`, `oauth2_flow` and what belongs to it in your own values: LiteLLM's entries merge"),
            );
        }
        api::AuthType::ApiKey => API_KEY,
        api::AuthType::BearerToken => "bearer_token",
        api::AuthType::Basic => "basic",
        api::AuthType::Authorization => "authorization",
        api::AuthType::Token => "token",
    };
    match token {
        Some(token) => Ok(Some(ProxyAuth { kind, token })),
        None => scope.report(
            Problem::error(
                Code::MissingField,
                place,
                format!("`authType: {kind}` needs a `token`"),
            )
            .help("add the proxy's environment variable that holds it, such as `token: MCP_GITHUB_TOKEN`"),
        ),
    }
}

/// A variable of the proxy.
fn variable(
    scope: &mut Scope<'_>,
    field: &Field<String>,
) -> Result<Option<ProxyVariable>, Reported> {
    if let Some(text) = field.given()
        && let Some(what) = credential(&text.value)
    {
        return scope.report(exposed(what, text.place).help(
            "give it to the proxy as an environment variable from a Secret, and write that variable's name; then revoke this one",
        ));
    }
    scope.optional(field, ProxyVariable::parse)
}

fn headers(
    scope: &mut Scope<'_>,
    field: &Field<api::Entries<api::HeaderValue>>,
) -> Result<BTreeMap<HeaderName, ProxyHeader>, Reported> {
    let entries = group(field)?;
    let mut seen: BTreeMap<String, Place> = BTreeMap::new();
    let headers = all(entries.iter().map(|(key, value)| {
        let name = scope.parse(key, HeaderName::parse);
        let value = scope.entry(key, value)?;
        let value = match &value.value {
            api::HeaderValue::Literal(text) => literal(scope, text, value.place),
            api::HeaderValue::From(source) => match variable(scope, &source.env)? {
                Some(variable) => Ok(ProxyHeader::Variable(variable)),
                None => scope.report(
                    Problem::error(Code::MissingField, value.place, "`env` is missing")
                        .help("add the proxy's environment variable, such as `env: MCP_TENANT`"),
                ),
            },
        };
        if let Some(first) = seen.insert(key.value.to_ascii_lowercase(), key.place) {
            return scope.report(
                Problem::error(
                    Code::NameCollision,
                    key.place,
                    format!("`{}` is written twice: headers know no case", key.value),
                )
                .related(first, "the first one")
                .help("keep one of them"),
            );
        }
        Ok((name?, value?))
    }))?;
    Ok(headers.into_iter().collect())
}

/// A header's value as it is: what LiteLLM would replace is refused.
fn literal(scope: &mut Scope<'_>, text: &str, place: Place) -> Result<ProxyHeader, Reported> {
    if let Some(what) = credential(text) {
        return scope.report(exposed(what, place).help(
            "give it to the proxy as an environment variable from a Secret, and write that variable's name as `token`; then revoke this one",
        ));
    }
    let problem = if text.starts_with(REFERENCE) || text.contains("${") {
        "LiteLLM puts an environment variable in the place of this value"
    } else if text.contains(['\r', '\n']) {
        "a header's value has one line"
    } else if text.is_empty() || text.trim() != text {
        "a header's value is not empty and has no blanks around it"
    } else if !text.is_ascii() {
        "a header's value is plain ASCII"
    } else {
        let text = scope.valid(CleanText::parse(text), Code::InvalidValue, place)?;
        return Ok(ProxyHeader::Literal(text.to_string()));
    };
    scope.report(
        Problem::error(Code::InvalidValue, place, problem)
            .help("write a plain text such as `blue`, or {env: NAME} for a variable of the proxy"),
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

/// LiteLLM does not send the user's token where another credential is in its place.
fn refuse_other_authorization(
    scope: &mut Scope<'_>,
    place: Place,
    auth: &Result<Option<ProxyAuth>, Reported>,
    headers: &Result<BTreeMap<HeaderName, ProxyHeader>, Reported>,
) -> Result<(), Reported> {
    let by_token = matches!(auth, Ok(Some(auth)) if auth.kind != API_KEY);
    let by_header = headers
        .as_ref()
        .is_ok_and(|headers| headers.keys().any(|name| name.is(AUTHORIZATION)));
    if !by_token && !by_header {
        return Ok(());
    }
    scope.report(
        Problem::error(
            Code::Contradiction,
            place,
            "the user's token and another credential cannot both be `Authorization`: LiteLLM would leave the user out",
        )
        .help("remove the `token` or the header, since the user's token also proves that LiteLLM calls; or write `authType: api_key`, which has a header of its own"),
    )
}

fn refuse_unknown_issuer(
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
