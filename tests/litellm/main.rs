//! A real LiteLLM in front of two real MCP servers: what the proxy makes of the registration, whom it
//! lets in, and what a server learns of the user. `./test --all` installs it and runs these.
//!
//! Three proxies, each started once: as the set registers its servers; with teams and identity; and
//! with the list that LiteLLM's users wrote before it knew MCP.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod process;
#[path = "../support/mod.rs"]
mod support;

use std::sync::LazyLock;

use process::{MASTER, Proxy, Server};
use serde_json::{Value, json};

/// What each proxy needs to start, and no more.
const PROXY: &str = "\
model_list: []
general_settings:
  master_key: os.environ/LITELLM_MASTER_KEY
";

/// The same, with the keys of `keys.py`: groups stand on teams, and teams in a database.
const PROXY_WITH_TEAMS: &str = "\
model_list: []
general_settings:
  master_key: os.environ/LITELLM_MASTER_KEY
  custom_auth: keys.authenticate
";

/// Two servers, registered.
fn config() -> &'static str {
    "\
mcp_servers:
  mcp_github:
    server_id: mcp-github
    url: os.environ/MCP_GITHUB_ENDPOINT
    transport: http
    description: GitHub repository and issue access
    access_groups: [litellm-developers, litellm-admins]
    allow_all_keys: false
    available_on_public_internet: false
  mcp_wiki:
    server_id: mcp-wiki
    url: os.environ/MCP_WIKI_ENDPOINT
    transport: sse
    description: The wiki
    access_groups: [litellm-admins]
    allow_all_keys: false
    available_on_public_internet: false
"
}

/// The guardrail that tells servers who calls, signed by the proxy at `issuer`.
fn signer(issuer: &str) -> String {
    format!(
        "\
guardrails:
- guardrail_name: mcp_jwt_signer
  litellm_params:
    guardrail: mcp_jwt_signer
    mode: pre_mcp_call
    default_on: true
    issuer: {issuer}
    audience: mcp
    ttl_seconds: 60
"
    )
}

/// The form of the guide, from before LiteLLM knew MCP.
fn obsolete(url: &str) -> String {
    format!(
        "\
litellm_settings:
  mcp_servers:
  - server_name: github
    endpoint: {url}
    transport: http
    description: GitHub repository and issue access
    allowed_user_groups: [litellm-developers, litellm-admins]
"
    )
}

struct Servers {
    github: Server,
    wiki: Server,
}

impl Servers {
    fn env(&self) -> [(&str, &str); 2] {
        [
            ("MCP_GITHUB_ENDPOINT", &self.github.endpoint),
            ("MCP_WIKI_ENDPOINT", &self.wiki.endpoint),
        ]
    }
}

static SERVERS: LazyLock<Servers> = LazyLock::new(|| Servers {
    github: Server::start("http"),
    wiki: Server::start("sse"),
});

static PLAIN: LazyLock<Proxy> =
    LazyLock::new(|| Proxy::start(|_| format!("{PROXY}{}", config()), &SERVERS.env()));

static WITH_TEAMS: LazyLock<Proxy> = LazyLock::new(|| {
    let config = |url: &str| format!("{PROXY_WITH_TEAMS}{}{}", config(), signer(url));
    Proxy::start(config, &SERVERS.env())
});

/// The servers that `key` sees, by name.
fn servers(proxy: &Proxy, key: &str) -> Vec<Value> {
    let (status, mut answer) = proxy.get("/v1/mcp/server", Some(key));
    assert_eq!(status, 200, "{answer}");
    let servers = answer.as_array_mut().unwrap();
    servers.sort_by_key(|server| server["server_name"].to_string());
    std::mem::take(servers)
}

/// A call that adds 2 and 40.
fn add(server: &str) -> Value {
    json!({"server_id": server, "name": "add", "arguments": {"a": 2, "b": 40}})
}

/// What the tool `identity` of `server` answers to `key`: an error, or what the caller's token says.
fn identity(proxy: &Proxy, server: &str, key: &str, headers: &[String]) -> Result<Value, Value> {
    let call = json!({
        "server_id": server, "name": "identity", "arguments": {"issuer": proxy.url()},
    });
    let (status, mut answer) = proxy.call(key, &call, headers);
    assert_eq!(status, 200, "{answer}");
    if answer["isError"] == true {
        return Err(answer);
    }
    let text = answer["content"][0]["text"].take();
    Ok(serde_json::from_str(text.as_str().unwrap()).unwrap())
}

#[test]
#[ignore = "needs the real litellm: run ./test --all"]
fn the_proxy_lists_both_servers_as_they_are_registered() {
    let seen: Vec<_> = servers(&PLAIN, MASTER)
        .iter()
        .map(|server| {
            json!([
                server["server_name"],
                server["server_id"],
                server["url"],
                server["transport"],
                server["mcp_access_groups"],
                server["allow_all_keys"],
                server["available_on_public_internet"],
            ])
        })
        .collect();
    let Servers { github, wiki } = &*SERVERS;
    let groups = ["litellm-developers", "litellm-admins"];
    assert_eq!(
        json!(seen),
        json!([
            [
                "mcp_github",
                "mcp-github",
                github.endpoint,
                "http",
                groups,
                false,
                false
            ],
            [
                "mcp_wiki",
                "mcp-wiki",
                wiki.endpoint,
                "sse",
                [groups[1]],
                false,
                false
            ],
        ])
    );
}

#[test]
#[ignore = "needs the real litellm: run ./test --all"]
fn the_proxy_finds_both_servers_healthy() {
    let (status, mut answer) = PLAIN.get("/v1/mcp/server/health", Some(MASTER));
    let servers = answer.as_array_mut().unwrap();
    servers.sort_by_key(|server| server["server_id"].to_string());
    let healthy = |id: &str| json!({"server_id": id, "status": "healthy"});
    let expected = json!([healthy("mcp-github"), healthy("mcp-wiki")]);
    assert_eq!((status, answer), (200, expected));
}

#[test]
#[ignore = "needs the real litellm: run ./test --all"]
fn the_proxy_gets_the_tools_of_both_servers() {
    let (status, answer) = PLAIN.get("/mcp-rest/tools/list", Some(MASTER));
    assert_eq!((status, &answer["error"]), (200, &Value::Null), "{answer}");
    let fine = json!({"status": "ok", "tool_count": 2});
    let outcomes = json!({"mcp_github": fine, "mcp_wiki": fine});
    assert_eq!(answer["server_outcomes"], outcomes);
}

#[test]
#[ignore = "needs the real litellm: run ./test --all"]
fn a_tool_call_through_the_proxy_returns_the_servers_result() {
    for server in ["mcp-github", "mcp-wiki"] {
        let (status, answer) = PLAIN.call(MASTER, &add(server), &[]);
        assert_eq!((status, &answer["isError"]), (200, &json!(false)));
        assert_eq!(answer["content"][0]["text"], "42", "{answer}");
    }
}

#[test]
#[ignore = "needs the real litellm: run ./test --all"]
fn without_a_key_the_proxy_says_401() {
    for path in [
        "/v1/mcp/server",
        "/v1/mcp/server/health",
        "/mcp-rest/tools/list",
    ] {
        let (status, answer) = PLAIN.get(path, None);
        assert_eq!(status, 401, "{path}: {answer}");
    }
}

#[test]
#[ignore = "needs the real litellm: run ./test --all"]
fn a_team_sees_and_calls_the_servers_of_its_group_alone() {
    let key = "sk-developer";
    let seen = servers(&WITH_TEAMS, key);
    assert_eq!(seen.len(), 1, "{seen:?}");
    assert_eq!(seen[0]["server_id"], "mcp-github");
    let (_, answer) = WITH_TEAMS.get("/mcp-rest/tools/list", Some(key));
    let outcomes = json!({"mcp_github": {"status": "ok", "tool_count": 2}});
    assert_eq!(answer["server_outcomes"], outcomes);

    let (status, answer) = WITH_TEAMS.call(key, &add("mcp-github"), &[]);
    assert_eq!((status, &answer["content"][0]["text"]), (200, &json!("42")));
    let (status, answer) = WITH_TEAMS.call(key, &add("mcp-wiki"), &[]);
    assert_eq!(status, 403, "{answer}");
    assert_eq!(answer["detail"]["error"], "access_denied");
}

#[test]
#[ignore = "needs the real litellm: run ./test --all"]
fn a_key_without_a_group_sees_and_calls_nothing() {
    let key = "sk-guest";
    assert_eq!(servers(&WITH_TEAMS, key), Vec::<Value>::new());
    let (_, answer) = WITH_TEAMS.get("/mcp-rest/tools/list", Some(key));
    assert_eq!(answer["tools"], json!([]), "{answer}");
    for server in ["mcp-github", "mcp-wiki"] {
        let (status, answer) = WITH_TEAMS.call(key, &add(server), &[]);
        assert_eq!(status, 403, "{answer}");
        assert_eq!(answer["detail"]["error"], "access_denied");
    }
}

#[test]
#[ignore = "needs the real litellm: run ./test --all"]
fn with_the_signer_a_server_can_verify_who_calls() {
    let proxy = &*WITH_TEAMS;
    let claims = identity(proxy, "mcp-github", "sk-developer", &[]).unwrap();
    let of = |name: &str| claims[name].clone();
    assert_eq!(of("iss"), proxy.url());
    assert_eq!(of("aud"), "mcp");
    assert_eq!(of("sub"), "alice");
    assert_eq!(of("email"), "alice@example.com");
    assert_eq!(of("act"), json!({"sub": "developers"}));
    let seconds = |name: &str| claims[name].as_u64().unwrap();
    assert_eq!(seconds("exp") - seconds("iat"), 60);

    // Without the signer there is nothing to verify.
    let none = identity(&PLAIN, "mcp-github", MASTER, &[]);
    assert_eq!(none.unwrap(), json!({}));
}

/// LiteLLM lets a client put a header of its own in the place of the signer's. So a server must refuse
/// a call whose token does not verify, and one that has none.
#[test]
#[ignore = "needs the real litellm: run ./test --all"]
fn a_client_can_take_the_signers_token_away_but_what_it_sends_does_not_verify() {
    let asked = |header: &str| {
        let headers = [format!("{header}: Bearer forged")];
        identity(&WITH_TEAMS, "mcp-github", "sk-developer", &headers)
    };
    assert_eq!(asked("x-unrelated").unwrap()["sub"], "alice");
    asked("x-mcp-mcp_github-authorization").unwrap_err();
    assert_eq!(asked("x-mcp-auth").unwrap(), json!({}));
}

#[test]
#[ignore = "needs the real litellm: run ./test --all"]
fn the_guides_list_of_servers_registers_none() {
    let config = |_: &str| format!("{PROXY}{}", obsolete(&SERVERS.github.endpoint));
    let proxy = Proxy::start(config, &[]);
    assert_eq!(servers(&proxy, MASTER), Vec::<Value>::new());
}
