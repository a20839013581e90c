//! How LiteLLM shows itself to a server: a token, headers, or the user's own identity.
//!
//! Several of these take one header, and LiteLLM then sends one of them without a word: so each pair
//! is refused here.

use std::collections::BTreeMap;

use super::super::scope::{Reported, Scope, all, group, setting};
use super::signs_users;
use crate::api::{self, Field};
use crate::credential::{credential, exposed};
use crate::model::{
    AUTHORIZATION, AuthKind, CleanText, HeaderName, ProxyAuth, ProxyHeader, ProxyVariable,
    REFERENCE,
};
use crate::problem::{Code, Problem};
use crate::source::Place;

/// What the servers of one proxy send as `Authorization`.
///
/// LiteLLM's signer acts on the calls of all servers, and puts the user's token in the place of a
/// server's own (seen in 1.106: at `tools/list` and at calls; a static header stays).
#[derive(Debug, Default)]
pub struct Authorizations {
    /// Where a server first asks for users' tokens.
    signer: Option<Place>,
    /// Where servers have a token of their own.
    tokens: Vec<Place>,
}

impl Authorizations {
    /// Notes what `server` says.
    pub fn note(&mut self, server: &api::Server) {
        let Ok(written) = group(&server.litellm) else {
            return;
        };
        if signs_users(&written) == Ok(true) {
            // A token of its own is another contradiction.
            self.signer = self.signer.or(written.user_identity.place());
            return;
        }
        let is_api_key = written.auth_type.value() == Some(&api::AuthType::ApiKey);
        self.tokens
            .extend(written.token.place().filter(|_| !is_api_key));
    }

    /// Takes over what later servers say.
    pub fn extend(&mut self, later: Self) {
        self.signer = self.signer.or(later.signer);
        self.tokens.extend(later.tokens);
    }

    /// Refuses tokens that the signer would displace.
    pub fn refuse_displaced(self, scope: &mut Scope<'_>) -> Result<(), Reported> {
        let Some(signer) = self.signer else {
            return Ok(());
        };
        let displaced = self.tokens.into_iter().map(|place| {
            scope.report(
                Problem::error(
                    Code::Contradiction,
                    place,
                    "LiteLLM would send the user's token in the place of this one: its signer acts on the calls of all servers",
                )
                .related(signer, "this switches the signer on")
                .help("write `authType: api_key`, which has a header of its own; or a header `Authorization: {env: NAME}`, which stays"),
            )
        });
        all(displaced.collect::<Vec<Result<(), Reported>>>()).map(|_| ())
    }
}

type Headers = BTreeMap<HeaderName, ProxyHeader>;

/// The token and the headers of a server, which do not get into each other's way.
pub fn credentials(
    scope: &mut Scope<'_>,
    written: &api::Registration,
) -> Result<(Option<ProxyAuth>, Headers), Reported> {
    let auth = auth(scope, written);
    let headers = headers(scope, &written.headers);
    let (auth, headers) = (auth?, headers?);
    let taken = auth.as_ref().map(|auth| auth.kind.header());
    let is_written = |header: &str| headers.keys().any(|name| name.is(header));
    if let (Ok(true), Some(place)) = (signs_users(written), written.user_identity.place())
        && (taken == Some(AUTHORIZATION) || is_written(AUTHORIZATION))
    {
        return scope.report(
            Problem::error(
                Code::Contradiction,
                place,
                "the user's token and another credential cannot both be `Authorization`: LiteLLM would send one of them",
            )
            .help("remove the `token` or the header, since the user's token also proves that LiteLLM calls; or write `authType: api_key`, which has a header of its own"),
        );
    }
    if let (Some(taken), Some(place)) = (taken, written.headers.place())
        && is_written(taken)
    {
        return scope.report(
            Problem::error(
                Code::Contradiction,
                place,
                format!("the `token` and a header `{taken}` are two credentials in one place"),
            )
            .help("keep one of them: `token`, which LiteLLM shows to nobody"),
        );
    }
    Ok((auth, headers))
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
        api::AuthType::ApiKey => AuthKind::ApiKey,
        api::AuthType::BearerToken => AuthKind::BearerToken,
        api::AuthType::Basic => AuthKind::Basic,
        api::AuthType::Authorization => AuthKind::Authorization,
        api::AuthType::Token => AuthKind::Token,
    };
    match token {
        Some(token) => Ok(Some(ProxyAuth { kind, token })),
        None => scope.report(
            Problem::error(
                Code::MissingField,
                place,
                format!("`authType: {}` needs a `token`", kind.as_str()),
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
    match field.given() {
        // Whatever stands there instead of a name may be the credential itself.
        Some(text) if !ProxyVariable::is_name(&text.value) => {
            match ProxyVariable::parse(&text.value) {
                Ok(variable) => Ok(Some(variable)),
                Err(invalid) => scope.report(
                    Problem::error(Code::InvalidValue, text.place, invalid.problem)
                        .help(invalid.help)
                        .secret(),
                ),
            }
        }
        Some(_) | None => scope.optional(field, ProxyVariable::parse),
    }
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
            api::HeaderValue::Literal(_) if name.as_ref().is_ok_and(HeaderName::is_secret) => scope
                .report(
                    Problem::error(
                        Code::ExposedSecret,
                        value.place,
                        format!(
                            "a header `{}` holds a credential, and a config is no place for one",
                            key.value
                        ),
                    )
                    .help("use `token` for it, or {env: NAME} with a variable of the proxy")
                    .secret(),
                ),
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
