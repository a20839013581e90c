//! A real LiteLLM in front of two real MCP servers: what the proxy makes of the registration, whom it
//! lets in, and what a server learns of the user. `./test --all` installs it and runs these.
//!
//! Three proxies, each started once: one with the config file that `mcpset litellm` writes; one with
//! the values for a chart, teams, and users' identity; and one with the list that LiteLLM's users wrote
//! before it knew MCP.

use crate::support;
mod cluster;
mod process;

use std::net::SocketAddr;
use std::sync::LazyLock;

use crate::support::bundle;
use crate::support::run::run;
use cluster::{Cluster, Installation};
use process::{MASTER, Names, Proxy, signing_key};
use serde_json::{Value, json};

/// The set that is registered.
const SET: &str = include_str!("two-servers.yaml");
/// What the proxy has in its environment for the set.
const WIKI_TOKEN: (&str, &str) = ("MCP_WIKI_TOKEN", "wiki-secret");
const WIKI_REGION: (&str, &str) = ("WIKI_REGION", "eu-1");

/// The form of the guide, from before LiteLLM knew MCP.
const OBSOLETE: &str = "\
litellm_settings:
  mcp_servers:
  - server_name: github
    endpoint: http://127.0.0.1:9/mcp
    transport: http
    description: GitHub repository and issue access
    allowed_user_groups: [litellm-developers, litellm-admins]
";

static PLAIN: LazyLock<Cluster> = LazyLock::new(|| {
    let set = bundle::read(SET).remove(0);
    let secrets = [WIKI_TOKEN, WIKI_REGION];
    Cluster::start((0, &set), "litellm-proxy", Installation::File, &secrets)
});

/// The key with which the proxy below signs.
static KEY: LazyLock<(String, Value)> = LazyLock::new(signing_key);

static WITH_TEAMS: LazyLock<Cluster> = LazyLock::new(|| {
    let mut set = bundle::read(SET).remove(0);
    let service = "litellm-gateway";
    set["spec"]["platform"]["litellm"]["chart"] = json!("litellm");
    set["spec"]["platform"]["litellm"]["service"] = json!(service);
    set["spec"]["servers"][0]["litellm"]["userIdentity"] = json!("jwt");
    set["spec"]["servers"][1]["litellm"]["authType"] = json!("api_key");
    let secrets = [WIKI_TOKEN, WIKI_REGION, ("MCP_JWT_SIGNING_KEY", &KEY.0)];
    Cluster::start((1, &set), service, Installation::Chart, &secrets)
});

/// The servers that `key` sees, by name.
fn servers(proxy: &Proxy, key: &str) -> Vec<Value> {
    let (status, mut answer) = proxy.get("/v1/mcp/server", Some(key));
    assert_eq!(status, 200, "{answer}");
    let servers = answer.as_array_mut().unwrap();
    servers.sort_by_key(|server| server["server_name"].to_string());
    std::mem::take(servers)
}

/// A call of the tool `name` of `server`.
fn tool(server: &str, name: &str, arguments: &Value) -> Value {
    json!({"server_id": server, "name": name, "arguments": arguments})
}

/// A call that adds 2 and 40.
fn add(server: &str) -> Value {
    tool(server, "add", &json!({"a": 2, "b": 40}))
}

/// What `call` returns to `key`.
fn result(proxy: &Proxy, key: &str, call: &Value) -> Value {
    let (status, mut answer) = proxy.call(key, call, &[]);
    assert_eq!(
        (status, &answer["isError"]),
        (200, &json!(false)),
        "{answer}"
    );
    answer["content"][0]["text"].take()
}

/// What the tool `identity` answers to `key`: an error, or what the caller's token says.
fn identity(proxy: &Proxy, key: &str, headers: &[String]) -> Result<Value, Value> {
    let call = tool("mcp-github", "identity", &json!({}));
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
    let seen: Vec<_> = servers(&PLAIN.proxy, MASTER)
        .iter()
        .map(|server| {
            json!([
                server["server_name"],
                server["server_id"],
                server["url"],
                server["transport"],
                server["description"],
                server["mcp_access_groups"],
                server["allow_all_keys"],
                server["available_on_public_internet"],
            ])
        })
        .collect();
    let expected = json!([
        [
            "mcp_github",
            "mcp-github",
            "http://mcp-github.tools.svc.cluster.local:8080/mcp",
            "http",
            "GitHub repository and issue access",
            ["litellm-developers", "litellm-admins"],
            false,
            false
        ],
        [
            "mcp_wiki",
            "mcp-wiki",
            "http://mcp-wiki.tools.svc.cluster.local:9000/sse",
            "sse",
            "The wiki: how we work",
            ["litellm-admins"],
            false,
            false
        ],
    ]);
    assert_eq!(json!(seen), expected);
}

#[test]
#[ignore = "needs the real litellm: run ./test --all"]
fn the_proxy_finds_both_servers_healthy() {
    for (Cluster { proxy, .. }, key) in [(&*PLAIN, MASTER), (&*WITH_TEAMS, ADMIN)] {
        let (status, mut answer) = proxy.get("/v1/mcp/server/health", Some(key));
        let servers = answer.as_array_mut().unwrap();
        servers.sort_by_key(|server| server["server_id"].to_string());
        let healthy = |id: &str| json!({"server_id": id, "status": "healthy"});
        let expected = json!([healthy("mcp-github"), healthy("mcp-wiki")]);
        assert_eq!((status, answer), (200, expected));
    }
}

#[test]
#[ignore = "needs the real litellm: run ./test --all"]
fn the_proxy_gets_the_tools_of_both_servers_but_those_that_are_not_allowed() {
    let (status, answer) = PLAIN.proxy.get("/mcp-rest/tools/list", Some(MASTER));
    assert_eq!((status, &answer["error"]), (200, &Value::Null), "{answer}");
    let outcome = |tools: u8| json!({"status": "ok", "tool_count": tools});
    let outcomes = json!({"mcp_github": outcome(3), "mcp_wiki": outcome(3)});
    assert_eq!(answer["server_outcomes"], outcomes);

    let call = |server: &str| {
        PLAIN
            .proxy
            .call(MASTER, &tool(server, "forget", &json!({})), &[])
    };
    let (status, answer) = call("mcp-github");
    assert_eq!(status, 403, "{answer}");
    let unlisted = tool("mcp-wiki", "identity", &json!({}));
    let (status, answer) = PLAIN.proxy.call(MASTER, &unlisted, &[]);
    assert_eq!(status, 403, "{answer}");
    let (status, answer) = call("mcp-wiki");
    assert_eq!(
        (status, &answer["content"][0]["text"]),
        (200, &json!("forgotten"))
    );
}

#[test]
#[ignore = "needs the real litellm: run ./test --all"]
fn a_tool_call_through_the_proxy_returns_the_servers_result() {
    for server in ["mcp-github", "mcp-wiki"] {
        assert_eq!(result(&PLAIN.proxy, MASTER, &add(server)), "42");
    }
}

#[test]
#[ignore = "needs the real litellm: run ./test --all"]
fn a_server_gets_the_credential_and_the_headers_that_the_set_names() {
    let header = |server: &str, name: &str| {
        result(
            &PLAIN.proxy,
            MASTER,
            &tool(server, "header", &json!({"name": name})),
        )
    };
    assert_eq!(header("mcp-wiki", "authorization"), "Bearer wiki-secret");
    assert_eq!(header("mcp-wiki", "x-tenant"), "1.10");
    assert_eq!(header("mcp-wiki", "x-region"), "eu-1");
    for name in ["authorization", "x-tenant"] {
        assert_eq!(header("mcp-github", name), "");
    }
}

/// The signer acts on the calls of all servers: a token that is no API key would be displaced, which
/// mcpset refuses.
#[test]
#[ignore = "needs the real litellm: run ./test --all"]
fn an_api_key_reaches_its_server_beside_the_users_token() {
    let header = |name: &str| {
        let call = tool("mcp-wiki", "header", &json!({"name": name}));
        let sent = result(&WITH_TEAMS.proxy, ADMIN, &call);
        sent.as_str().unwrap().to_owned()
    };
    assert_eq!(header("x-api-key"), "wiki-secret");
    assert_eq!(header("x-tenant"), "1.10");
    assert!(header("authorization").starts_with("Bearer ey"));
}

#[test]
#[ignore = "needs the real litellm: run ./test --all"]
fn without_a_key_the_proxy_says_401() {
    for path in [
        "/v1/mcp/server",
        "/v1/mcp/server/health",
        "/mcp-rest/tools/list",
    ] {
        let (status, answer) = PLAIN.proxy.get(path, None);
        assert_eq!(status, 401, "{path}: {answer}");
    }
}

/// Keys of the teams that `mcpset litellm --as grants` makes.
const DEVELOPER: &str = "sk-litellm-developers";
const ADMIN: &str = "sk-litellm-admins";

#[test]
#[ignore = "needs the real litellm: run ./test --all"]
fn a_team_sees_and_calls_the_servers_of_its_group_alone() {
    let proxy = &WITH_TEAMS.proxy;
    let seen = servers(proxy, DEVELOPER);
    assert_eq!(seen.len(), 1, "{seen:?}");
    assert_eq!(seen[0]["server_id"], "mcp-github");
    let (_, answer) = proxy.get("/mcp-rest/tools/list", Some(DEVELOPER));
    let outcomes = json!({"mcp_github": {"status": "ok", "tool_count": 3}});
    assert_eq!(answer["server_outcomes"], outcomes);

    assert_eq!(result(proxy, DEVELOPER, &add("mcp-github")), "42");
    let (status, answer) = proxy.call(DEVELOPER, &add("mcp-wiki"), &[]);
    assert_eq!(status, 403, "{answer}");
    assert_eq!(answer["detail"]["error"], "access_denied");

    assert_eq!(servers(proxy, ADMIN).len(), 2);
    assert_eq!(result(proxy, ADMIN, &add("mcp-wiki")), "42");
}

#[test]
#[ignore = "needs the real litellm: run ./test --all"]
fn a_key_without_a_group_sees_and_calls_nothing() {
    let (proxy, key) = (&WITH_TEAMS.proxy, "sk-guest");
    assert_eq!(servers(proxy, key), Vec::<Value>::new());
    let (_, answer) = proxy.get("/mcp-rest/tools/list", Some(key));
    assert_eq!(answer["tools"], json!([]), "{answer}");
    for server in ["mcp-github", "mcp-wiki"] {
        let (status, answer) = proxy.call(key, &add(server), &[]);
        assert_eq!(status, 403, "{answer}");
        assert_eq!(answer["detail"]["error"], "access_denied");
    }
}

#[test]
#[ignore = "needs the real litellm: run ./test --all"]
fn with_the_signer_a_server_can_verify_who_calls() {
    let Cluster { proxy, url, .. } = &*WITH_TEAMS;
    let claims = identity(proxy, DEVELOPER, &[]).unwrap();
    let of = |name: &str| claims[name].clone();
    assert_eq!(of("iss"), url.as_str());
    assert_eq!(of("aud"), "mcp");
    assert_eq!(of("sub"), "alice");
    assert_eq!(of("email"), "alice@example.com");
    assert_eq!(of("act"), json!({"sub": "litellm-developers"}));
    let (_, keys) = proxy.get("/.well-known/jwks.json", None);
    assert_eq!(
        keys["keys"][0]["n"], KEY.1["n"],
        "the key is the one it was given"
    );

    // Without the signer there is nothing to verify.
    assert_eq!(identity(&PLAIN.proxy, MASTER, &[]).unwrap(), json!({}));
}

/// LiteLLM lets a client put a header of its own in the place of the signer's. So a server must refuse
/// a call whose token does not verify, and one that has none.
#[test]
#[ignore = "needs the real litellm: run ./test --all"]
fn a_client_can_take_the_signers_token_away_but_what_it_sends_does_not_verify() {
    let asked = |header: &str| {
        let headers = [format!("{header}: Bearer forged")];
        identity(&WITH_TEAMS.proxy, DEVELOPER, &headers)
    };
    assert_eq!(asked("x-unrelated").unwrap()["sub"], "alice");
    asked("x-mcp-mcp_github-authorization").unwrap_err();
    assert_eq!(asked("x-mcp-auth").unwrap(), json!({}));
}

#[test]
#[ignore = "needs the real litellm: run ./test --all"]
fn what_the_runbook_asks_in_the_proxys_pod_is_answered() {
    let Cluster { names, set, .. } = &*PLAIN;
    let mut command = support::mcpset();
    let page = run(command.args(["runbook", "-"]), set.as_bytes()).done();
    let python = support::peer("mcp-python").display().to_string();
    let answers: Vec<String> = page
        .lines()
        .filter_map(|line| {
            line.trim_start()
                .split_once("exec -n litellm \"$PROXY\" -- python3 ")
        })
        .map(|(_, asked)| process::shell(names, &format!("'{python}' {asked}")).done())
        .collect();
    // Reached, resolved, reached.
    assert_eq!(answers.len(), 6, "{page}");
    let is_address = |answer: &String| answer.starts_with("127.");
    let is_healthy = |answer: &String| answer == "200\n";
    assert!(answers[..2].iter().all(is_healthy), "{answers:?}");
    assert!(answers[2..4].iter().all(is_address), "{answers:?}");
    assert!(answers[4..].iter().all(is_healthy), "{answers:?}");
}

/// Without a database no team can be made, but what is posted gets as far as that.
#[test]
#[ignore = "needs the real litellm: run ./test --all"]
fn the_grants_reach_the_proxys_teams() {
    let Cluster {
        names, set, url, ..
    } = &*PLAIN;
    let mut command = support::mcpset();
    let args = ["litellm", "-", "--as", "grants", "--curl"];
    let script = run(command.args(args), set.as_bytes()).done();
    let post = |key: &str| {
        let env = format!("LITELLM_URL={url} LITELLM_MASTER_KEY={key}");
        process::shell(names, &format!("export {env}\n{script}"))
    };
    let ended = post(MASTER);
    assert_eq!(ended.status, Some(1), "{}", ended.stderr);
    let refusals = ended.stdout.matches("No db connected").count();
    assert_eq!(refusals, 2, "{}{}", ended.stdout, ended.stderr);
    let ended = post("sk-wrong");
    assert!(
        !ended.stdout.contains("No db connected"),
        "{}",
        ended.stdout
    );
}

#[test]
#[ignore = "needs the real litellm: run ./test --all"]
fn the_guides_list_of_servers_registers_none() {
    let place = SocketAddr::from((cluster::address(2, 1), 4000));
    let config = format!("{}{OBSOLETE}", cluster::OWN);
    let names = Names::new([]);
    let proxy = Proxy::start(place, &names, &[("config.yaml", &config)], &[]);
    assert_eq!(servers(&proxy, MASTER), Vec::<Value>::new());
}
