//! LiteLLM's `config.yaml`, as far as it is about MCP servers. Keys are LiteLLM's own
//! (`MCPServerConfig`, 1.106).

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::{ProxyHeader, REFERENCE, Server, Set, TOKEN_AUDIENCE};

/// The keys of `config.yaml` that are written.
#[derive(Debug, Clone, Serialize)]
pub struct Config {
    /// The servers by their names. The list form would start, and register nothing.
    pub mcp_servers: BTreeMap<String, McpServer>,
    /// What happens to calls.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub guardrails: Vec<Guardrail>,
}

/// One server.
#[derive(Debug, Clone, Serialize)]
pub struct McpServer {
    /// Its identity in grants and logs: by default a hash that changes with the URL.
    pub server_id: String,
    /// Reference to the variable with its URL.
    pub url: String,
    /// `http` or `sse`.
    pub transport: &'static str,
    /// The one version that is spoken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub protocol_version: Option<&'static str>,
    /// How long a call may take, in seconds: as long as a pod that is going waits for it.
    pub timeout: u32,
    /// What it offers.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Groups by which teams are granted access.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub access_groups: Vec<String>,
    /// Whether every key may use it.
    pub allow_all_keys: bool,
    /// Whether clients outside private networks see it; LiteLLM's default is true.
    pub available_on_public_internet: bool,
    /// The only tools that are offered.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allowed_tools: Vec<String>,
    /// Tools that are not offered.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub disallowed_tools: Vec<String>,
    /// How LiteLLM shows itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth_type: Option<&'static str>,
    /// Reference to the variable with the credential.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authentication_token: Option<String>,
    /// Further headers.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub static_headers: BTreeMap<String, String>,
}

/// A guardrail.
#[derive(Debug, Clone, Serialize)]
pub struct Guardrail {
    /// Its name.
    pub guardrail_name: &'static str,
    /// Its settings.
    pub litellm_params: GuardrailParams,
}

/// Settings of `mcp_jwt_signer`.
#[derive(Debug, Clone, Serialize)]
pub struct GuardrailParams {
    /// Its kind.
    pub guardrail: &'static str,
    /// When it acts; the signer takes no other.
    pub mode: &'static str,
    /// Whether it acts without being asked for.
    pub default_on: bool,
    /// `iss` of its tokens.
    pub issuer: String,
    /// `aud` of its tokens.
    pub audience: &'static str,
}

impl Config {
    /// The config for the servers of `set`.
    #[must_use]
    pub fn new(set: &Set) -> Self {
        let servers = set.servers.iter();
        Self {
            mcp_servers: servers
                .map(|server| (server.litellm.name.clone(), McpServer::new(server)))
                .collect(),
            guardrails: signer(set).into_iter().collect(),
        }
    }
}

impl McpServer {
    fn new(server: &Server) -> Self {
        let registration = &server.litellm;
        let auth = registration.auth.as_ref();
        Self {
            server_id: server.names.workload.to_string(),
            url: format!("{REFERENCE}{}", registration.endpoint),
            transport: registration.transport,
            protocol_version: registration.protocol_version,
            timeout: server.drain.longest_call,
            description: server.description.clone(),
            access_groups: texts(&registration.access_groups),
            allow_all_keys: false,
            available_on_public_internet: registration.public,
            allowed_tools: texts(&registration.allowed_tools),
            disallowed_tools: texts(&registration.disallowed_tools),
            auth_type: auth.map(|auth| auth.kind.as_str()),
            authentication_token: auth.map(|auth| auth.token.reference()),
            static_headers: registration
                .headers
                .iter()
                .map(|(name, value)| (name.to_string(), header(value)))
                .collect(),
        }
    }
}

fn texts(words: &[impl ToString]) -> Vec<String> {
    words.iter().map(ToString::to_string).collect()
}

fn header(value: &ProxyHeader) -> String {
    match value {
        ProxyHeader::Literal(text) => text.clone(),
        ProxyHeader::Variable(variable) => variable.reference(),
    }
}

/// The signer of users' identities, when a server of `set` asks for it.
fn signer(set: &Set) -> Option<Guardrail> {
    let issuer = set.platform.litellm.issuer.clone()?;
    set.servers
        .iter()
        .any(|server| server.litellm.signs_users)
        .then_some(Guardrail {
            guardrail_name: "mcp-jwt-signer",
            litellm_params: GuardrailParams {
                guardrail: "mcp_jwt_signer",
                mode: "pre_mcp_call",
                default_on: true,
                issuer,
                audience: TOKEN_AUDIENCE,
            },
        })
}
