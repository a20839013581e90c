//! What LiteLLM is told of a server: its words, each with its rule.
//!
//! LiteLLM replaces any value of its config that begins with `os.environ/` by an environment
//! variable of its own, the master key included. So the words here hold no `/`, and texts are refused
//! where they begin like this.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::env_name::EnvName;
use super::invalid::Invalid;
use super::wording::{contains_offender, too_long};

/// What LiteLLM reads as a reference to an environment variable.
pub const REFERENCE: &str = "os.environ/";
/// `aud` of the tokens that say who calls: LiteLLM's own default.
pub const TOKEN_AUDIENCE: &str = "mcp";
/// Characters of an access group or tool at most (MCP specification 2025-11-25, "Tool Names").
pub const WORD_MAX: usize = 128;

/// Name of an access group: it is also a team's name and stands in URLs.
///
/// 1 to 128 letters, digits, `-`, `_` and `.`. Example: `litellm-developers`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AccessGroup(SmolStr);
text_value!(AccessGroup.0);

impl AccessGroup {
    /// Reads the name of an access group.
    ///
    /// # Errors
    /// Names the first character or the length that breaks the rule.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match word_problem(text, "access group") {
            None => Ok(Self(text.into())),
            Some(problem) => Err(Invalid::new(
                problem,
                "use letters, digits, `-`, `_` and `.`, such as `litellm-developers`",
            )),
        }
    }
}

/// Name of a tool.
///
/// 1 to 128 letters, digits, `-`, `_` and `.`. Example: `search_issues`. Source: MCP specification
/// 2025-11-25, "Tool Names".
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ToolName(SmolStr);
text_value!(ToolName.0);

impl ToolName {
    /// Reads the name of a tool.
    ///
    /// # Errors
    /// Names the first character or the length that breaks the rule.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match word_problem(text, "tool") {
            None => Ok(Self(text.into())),
            Some(problem) => Err(Invalid::new(
                problem,
                "use letters, digits, `-`, `_` and `.`, as the server names its tools, such as `search_issues`",
            )),
        }
    }
}

/// Variables with the proxy's own credentials, which no server may get (LiteLLM 1.106, both charts).
const OWN: [&str; 9] = [
    "DATABASE_HOST",
    "DATABASE_PASSWORD",
    "DATABASE_URL",
    "DATABASE_USERNAME",
    "DIRECT_URL",
    "MCP_ENABLED",
    "MCP_JWT_SIGNING_KEY",
    "PROXY_MASTER_KEY",
    "REDIS_PASSWORD",
];

/// An environment variable of the proxy: an [`EnvName`] in upper case, so that no credential passes
/// for one, and none of the proxy's own.
///
/// Example: `MCP_GITHUB_TOKEN`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ProxyVariable(EnvName);

impl ProxyVariable {
    /// Whether `text` is a name in upper case, whosever variable it is.
    #[must_use]
    pub fn is_name(text: &str) -> bool {
        let is_upper = !text.contains(|c: char| c.is_ascii_lowercase());
        is_upper && EnvName::parse(text).is_ok()
    }

    /// Reads the name of a variable.
    ///
    /// # Errors
    /// Refuses anything else, without repeating it: it may be a credential.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let is_endpoint = text.starts_with("MCP_") && text.ends_with("_ENDPOINT");
        if text.starts_with("LITELLM_") || OWN.contains(&text) || is_endpoint {
            return Err(Invalid::new(
                format!("`{text}` is the proxy's own, and the server would get its value"),
                "name a variable with a credential of this server, such as `MCP_GITHUB_TOKEN`",
            ));
        }
        match EnvName::parse(text) {
            Ok(name) if Self::is_name(text) => Ok(Self(name)),
            _ => Err(Invalid::new(
                "this is no name of an environment variable in upper case",
                "name the proxy's variable that holds the value, such as `MCP_GITHUB_TOKEN`: the value itself belongs into a Secret",
            )),
        }
    }

    /// Its name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The reference that LiteLLM replaces by its value.
    #[must_use]
    pub fn reference(&self) -> String {
        format!("{REFERENCE}{}", self.0)
    }
}

/// Name of an HTTP header: a token of RFC 9110 §5.6.2, but none that frames the message.
///
/// Example: `X-Tenant`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HeaderName(SmolStr);
text_value!(HeaderName.0);

/// Headers that the client library writes itself: HTTP's, and MCP's (2025-11-25, "Transports").
const FRAMING: [&str; 12] = [
    "accept",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "host",
    "last-event-id",
    "mcp-protocol-version",
    "mcp-session-id",
    "te",
    "transfer-encoding",
    "upgrade",
];

/// Endings of the names of headers that carry credentials.
const SECRET: [&str; 8] = [
    "authorization",
    "cookie",
    "api-key",
    "apikey",
    "token",
    "secret",
    "password",
    "access-key",
];

impl HeaderName {
    /// Reads the name of a header.
    ///
    /// # Errors
    /// Names the first character or the length that breaks the rule; also refuses a header that
    /// frames the message.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
        let problem = if text.is_empty() {
            Some("the header's name is empty".to_owned())
        } else {
            contains_offender(text, is_token).or_else(|| too_long(text, WORD_MAX))
        };
        if let Some(problem) = problem {
            return Err(Invalid::new(
                problem,
                "use letters, digits and `-`, such as `X-Tenant`",
            ));
        }
        if FRAMING.contains(&text.to_ascii_lowercase().as_str()) {
            return Err(Invalid::new(
                format!("`{text}` is written by LiteLLM itself"),
                "use a header of your own, such as `X-Tenant`",
            ));
        }
        Ok(Self(text.into()))
    }

    /// Whether its value is a credential, by its name.
    #[must_use]
    pub fn is_secret(&self) -> bool {
        let name = self.0.to_ascii_lowercase();
        SECRET.iter().any(|ending| name.ends_with(ending))
    }

    /// Whether it is `other`, in any case.
    #[must_use]
    pub fn is(&self, other: &str) -> bool {
        self.0.eq_ignore_ascii_case(other)
    }
}

/// How `text` breaks the rule of a word, as a clause.
fn word_problem(text: &str, what: &str) -> Option<String> {
    if text.is_empty() {
        return Some(format!("the {what}'s name is empty"));
    }
    contains_offender(text, |c| c.is_ascii_alphanumeric() || "-_.".contains(c))
        .or_else(|| too_long(text, WORD_MAX))
}

/// The proxy and its chart.
#[derive(Debug, Clone)]
pub struct LiteLlm {
    /// The chart whose values are written.
    pub chart: ProxyChart,
    /// Who signs users' identities, `http://service.namespace.svc.cluster.local:4000`; `None` when
    /// the proxy's Service is unknown.
    pub issuer: Option<String>,
    /// Whether the values are a ConfigMap of the bundle.
    pub has_config_map: bool,
}

/// A Helm chart of LiteLLM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProxyChart {
    /// `litellm-helm`: one deployment.
    Single,
    /// `litellm`: gateway, backend and pages apart.
    Components,
}

/// Port of what calls the servers, and of its Service, in both charts.
pub const PROXY_PORT: u16 = 4000;

impl ProxyChart {
    /// The component that calls the servers; `None` where there are none.
    #[must_use]
    pub fn caller(self) -> Option<&'static str> {
        (self == Self::Components).then_some("gateway")
    }

    /// The component that administers teams and keys; `None` where there are none.
    #[must_use]
    pub fn administration(self) -> Option<&'static str> {
        (self == Self::Components).then_some("backend")
    }

    /// Port of what administers teams and keys.
    #[must_use]
    pub fn administration_port(self) -> u16 {
        match self {
            Self::Single => PROXY_PORT,
            Self::Components => 4001,
        }
    }
}

/// What LiteLLM is told of a server.
#[derive(Debug, Clone)]
pub struct Registration {
    /// Its name in LiteLLM, which takes no `-`: `mcp_github`.
    pub name: String,
    /// The variable that holds its URL: `MCP_GITHUB_ENDPOINT`.
    pub endpoint: EnvName,
    /// The URL, the path of the MCP endpoint included.
    pub url: String,
    /// The URL as a pod's variable; `$` escaped.
    pub url_in_pod: String,
    /// `http` or `sse`.
    pub transport: &'static str,
    /// The one version that is spoken; `None` where LiteLLM and the server agree on one.
    pub protocol_version: Option<&'static str>,
    /// Groups by which teams are granted access.
    pub access_groups: Vec<AccessGroup>,
    /// The only tools that are offered; empty for all.
    pub allowed_tools: Vec<ToolName>,
    /// Tools that are not offered.
    pub disallowed_tools: Vec<ToolName>,
    /// How LiteLLM shows itself; `None` for not at all.
    pub auth: Option<ProxyAuth>,
    /// Further headers.
    pub headers: BTreeMap<HeaderName, ProxyHeader>,
    /// Whether clients outside private networks see it.
    pub public: bool,
    /// Whether each call carries a token that says who calls.
    pub signs_users: bool,
}

/// LiteLLM's `auth_type`, as far as it is a token in a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthKind {
    /// `X-API-Key: <token>`.
    ApiKey,
    /// `Authorization: Bearer <token>`.
    BearerToken,
    /// `Authorization: Basic <token>`.
    Basic,
    /// `Authorization: <token>`.
    Authorization,
    /// `Authorization: token <token>`.
    Token,
}

impl AuthKind {
    /// LiteLLM's word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ApiKey => "api_key",
            Self::BearerToken => "bearer_token",
            Self::Basic => "basic",
            Self::Authorization => "authorization",
            Self::Token => "token",
        }
    }

    /// The header that it takes.
    #[must_use]
    pub fn header(self) -> &'static str {
        match self {
            Self::ApiKey => "X-API-Key",
            Self::BearerToken | Self::Basic | Self::Authorization | Self::Token => AUTHORIZATION,
        }
    }
}

/// The header that most credentials take, the users' tokens among them.
pub const AUTHORIZATION: &str = "Authorization";

/// How LiteLLM shows itself to a server.
#[derive(Debug, Clone)]
pub struct ProxyAuth {
    /// In which form.
    pub kind: AuthKind,
    /// The variable with the credential.
    pub token: ProxyVariable,
}

/// Value of a header.
#[derive(Debug, Clone)]
pub enum ProxyHeader {
    /// The value itself.
    Literal(String),
    /// The variable that holds it.
    Variable(ProxyVariable),
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn groups_and_tools_are_words() {
        for good in ["litellm-developers", "a", "A.b_C-1", &"a".repeat(128)] {
            assert_eq!(AccessGroup::parse(good).unwrap().as_str(), good);
            assert_eq!(ToolName::parse(good).unwrap().as_str(), good);
        }
        for (text, problem) in [
            ("", "the access group's name is empty"),
            ("a b", "`a b` contains a space (character 2)"),
            ("a/b", "`a/b` contains `/` (character 2)"),
            ("*", "`*` contains `*` (character 1)"),
            ("é", "`é` contains `é` (character 1)"),
        ] {
            assert_eq!(AccessGroup::parse(text).unwrap_err().problem, problem);
            ToolName::parse(text).unwrap_err();
        }
        AccessGroup::parse(&"a".repeat(129)).unwrap_err();
    }

    #[test]
    fn a_refused_variable_is_not_repeated() {
        let name = ProxyVariable::parse("MCP_GITHUB_TOKEN").unwrap();
        assert_eq!(name.reference(), "os.environ/MCP_GITHUB_TOKEN");
        for bad in ["hunter2", "", "os.environ/X", "MCP-TOKEN", "1A", "A B"] {
            let told = ProxyVariable::parse(bad).unwrap_err().to_string();
            assert!(
                bad.is_empty() || bad == "A B" || !told.contains(bad),
                "{told}"
            );
        }
    }

    #[test]
    fn headers_are_tokens_that_frame_nothing() {
        for good in ["X-Tenant", "authorization", "x_1"] {
            assert_eq!(HeaderName::parse(good).unwrap().as_str(), good);
        }
        for bad in [
            "",
            "X Tenant",
            "X:",
            "X\r\nY",
            "Host",
            "content-LENGTH",
            "é",
        ] {
            HeaderName::parse(bad).unwrap_err();
        }
    }

    proptest! {
        #[test]
        fn no_word_is_a_reference(text in any::<String>(), near in "os.environ/?[A-Z]{0,3}") {
            for text in [text, near] {
                let group = AccessGroup::parse(&text).is_ok_and(|name| name.as_str().starts_with(REFERENCE));
                let tool = ToolName::parse(&text).is_ok_and(|name| name.as_str().starts_with(REFERENCE));
                let _ = (ProxyVariable::parse(&text), HeaderName::parse(&text));
                prop_assert!(!group && !tool);
            }
        }
    }
}
