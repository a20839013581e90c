//! `spec.platform.litellm`, and `litellm` of a server: how the proxy learns of the servers.

use schemars::JsonSchema;
use serde::Deserialize;

use super::field::{Entries, Field, List};
use super::{from, pattern};

/// The LiteLLM proxy that calls the servers.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct LiteLlm {
    /// The namespace of the proxy. Default: the set's own.
    #[schemars(length(max = 63), regex(pattern = pattern::DNS_LABEL))]
    #[schemars(extend("examples" = ["litellm"]))]
    pub namespace: Field<String>,
    /// Labels of the proxy's pods. For `chart: litellm` the default is
    /// `app.kubernetes.io/name: litellm`.
    #[schemars(extend("default" = {"app.kubernetes.io/name": "litellm-proxy"}, "x-default-from" = from::GUIDE_NETWORK))]
    #[schemars(extend("examples" = [{"app.kubernetes.io/name": "litellm"}]))]
    pub pod_labels: Field<Entries<String>>,
    /// The Helm chart that installs the proxy: its values are written.
    #[schemars(extend("default" = "litellm-helm", "x-default-from" = from::GUIDE_LITELLM))]
    #[schemars(extend("examples" = ["litellm"]))]
    pub chart: Field<ProxyChart>,
    /// The proxy's Service, on port 4000: what signs users' identities. None for `chart: litellm`,
    /// which names its Services after the release.
    #[schemars(length(max = 63), regex(pattern = pattern::DNS_LABEL))]
    #[schemars(extend("default" = "litellm-proxy", "x-default-from" = from::GUIDE_LITELLM))]
    #[schemars(extend("examples" = ["litellm"]))]
    pub service: Field<String>,
    /// How the values reach the chart.
    #[schemars(extend("default" = "configMap", "x-default-from" = from::GUIDE_LITELLM))]
    #[schemars(extend("examples" = ["none"]))]
    pub registration: Field<RegistrationObject>,
}

/// A Helm chart of LiteLLM.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum ProxyChart {
    /// One deployment for everything.
    #[serde(rename = "litellm-helm")]
    LiteLlmHelm,
    /// Gateway, backend and pages apart.
    #[serde(rename = "litellm")]
    LiteLlm,
}

/// How the values reach the proxy's chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum RegistrationObject {
    /// As a ConfigMap in the proxy's namespace, for `valuesFrom` of Flux.
    ConfigMap,
    /// Not in the bundle; `mcpset litellm` still prints them.
    None,
}

/// What LiteLLM is told of a server.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Registration {
    /// Access groups that the server belongs to: letters, digits, `-`, `_` and `.`. Default: none,
    /// so that only a grant by the server's own name opens it.
    #[schemars(extend("examples" = [["litellm-developers"]]))]
    pub access_groups: Field<List<String>>,
    /// The only tools that are offered. Default: all.
    #[schemars(extend("examples" = [["search_code", "get_issue"]]))]
    pub allowed_tools: Field<List<String>>,
    /// Tools that are not offered.
    #[schemars(extend("examples" = [["delete_repository"]]))]
    pub disallowed_tools: Field<List<String>>,
    /// How LiteLLM shows itself to the server. Default `bearer_token` where there is a `token`,
    /// `none` otherwise.
    #[schemars(extend("examples" = ["api_key"]))]
    pub auth_type: Field<AuthType>,
    /// The proxy's environment variable that holds the credential, in upper case.
    #[schemars(regex(pattern = pattern::PROXY_VARIABLE), extend("examples" = ["GITHUB_MCP_TOKEN"]))]
    pub token: Field<String>,
    /// Further headers of every request.
    #[schemars(extend("examples" = [{"X-Team": "platform"}]))]
    pub headers: Field<Entries<HeaderValue>>,
    /// How the server learns who calls.
    #[schemars(extend("default" = "none", "x-default-from" = from::LEAST, "examples" = ["jwt"]))]
    pub user_identity: Field<UserIdentity>,
    /// Whether clients outside private networks see the server.
    #[schemars(extend("default" = false, "x-default-from" = from::LEAST, "examples" = [true]))]
    pub public: Field<bool>,
}

impl Registration {
    /// Takes from `defaults` what this server leaves open.
    pub(super) fn inherit(&mut self, defaults: &Self) {
        self.access_groups.or(&defaults.access_groups);
        self.allowed_tools.or(&defaults.allowed_tools);
        self.disallowed_tools.or(&defaults.disallowed_tools);
        self.auth_type.or(&defaults.auth_type);
        self.token.or(&defaults.token);
        super::server::merge(&mut self.headers, &defaults.headers);
        self.user_identity.or(&defaults.user_identity);
        self.public.or(&defaults.public);
    }
}

/// How LiteLLM shows itself to a server, in LiteLLM's own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AuthType {
    /// Not at all.
    None,
    /// `X-API-Key: <token>`.
    ApiKey,
    /// `Authorization: Bearer <token>`.
    BearerToken,
    /// `Authorization: Basic <token>`, encoded by LiteLLM.
    Basic,
    /// `Authorization: <token>`.
    Authorization,
    /// `Authorization: token <token>`.
    Token,
    /// Refused: it needs a flow with addresses and a client, which mcpset does not write.
    Oauth2,
}

/// Value of a header.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename = "$shape")]
#[schemars(rename = "HeaderValue", untagged)]
pub enum HeaderValue {
    /// The value itself.
    #[serde(rename = "text")]
    Literal(String),
    /// Where the value comes from.
    #[serde(rename = "mapping")]
    From(HeaderSource),
}

/// Where a header's value comes from.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("required" = ["env"]))]
pub struct HeaderSource {
    /// The proxy's environment variable that holds it, in upper case. LiteLLM shows headers to its
    /// administrators: a credential belongs into `token`.
    #[schemars(regex(pattern = pattern::PROXY_VARIABLE), extend("examples" = ["TENANT"]))]
    pub env: Field<String>,
}

/// How a server learns who calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum UserIdentity {
    /// Not at all.
    None,
    /// By a token that the proxy signs, and the server checks with the keys behind
    /// `MCP_AUTH_JWKS_URI`.
    Jwt,
}
