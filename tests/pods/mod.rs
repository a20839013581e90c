//! Real MCP servers from npm, PyPI and Go modules, started exactly as the rendered Deployments say: probed as
//! the kubelet probes them, called as LiteLLM would call them, ended as the kubelet ends them. `./test --all`
//! installs them.
//!
//! Another server is a row of [`served`], a set beside it or a profile's, and an image in `image.rs`.

mod client;
mod image;
mod kubelet;
mod pod;
mod sandbox;
mod volume;

use std::time::{Duration, Instant};

use crate::support::bundle;
use client::{Call, call, list, tool};
use pod::Deployed;
use sandbox::{End, Sandbox};
use serde_json::Value;

/// How long a server may take to let go of what it started for a client.
const LETTING_GO: Duration = Duration::from_secs(10);

/// The set in `examples/profiles` that uses the profile `$name`.
macro_rules! profile {
    ($name:literal) => {
        include_str!(concat!("../../examples/profiles/", $name, ".yaml"))
    };
}

/// What the secret store holds for gitlab's server, and what its callers send.
const GITLAB: &[(&str, &str)] = &[
    ("mcp/gitlab#token", "glpat-0123456789abcdefghij"),
    ("mcp/gitlab#callers", "0123456789abcdefghij"),
];
const CALLER: &[(&str, &str)] = &[("Authorization", "Bearer 0123456789abcdefghij")];
/// What it holds for grafana's.
const GRAFANA: &[(&str, &str)] = &[("mcp/grafana/token", "glsa_s3cret")];

/// A server, and what is known of it.
struct Served {
    /// The set with it alone.
    set: &'static str,
    /// What the secret store holds: values by `path#property`.
    stored: &'static [(&'static str, &'static str)],
    /// What a client asks.
    call: Call,
    /// What is in the answer: of the tool, or in the list of all.
    says: &'static str,
    /// How it ends.
    end: End,
}

impl Served {
    /// All that can happen to a pod whose server is well.
    fn serves(&self) {
        let deployed = Deployed::of(self.set, self.stored);
        let mut sandbox = Sandbox::start(&deployed);
        kubelet::until_ready(&sandbox, &deployed);
        let scraped = kubelet::is_scraped(&sandbox, &deployed);
        assert!(matches!(scraped, None | Some(Ok(200))), "{scraped:?}");

        let before = sandbox.processes();
        let seen = call(&sandbox, &deployed, self.call);
        let seen = seen.unwrap_or_else(|why| panic!("{why}\n{}", sandbox.log()));
        assert!(self.is_said(&seen), "{seen:#}");

        let left = Instant::now();
        let mut beside = others(&sandbox, &before);
        while !beside.is_empty() && left.elapsed() < LETTING_GO {
            std::thread::sleep(Duration::from_millis(100));
            beside = others(&sandbox, &before);
        }
        assert_eq!(beside, Vec::<String>::new(), "the client is gone");

        assert_eq!(sandbox.end(&deployed, self.end), self.end);
    }

    fn is_said(&self, seen: &Value) -> bool {
        if self.call.tool.is_empty() {
            let tools = seen["tools"].as_array().unwrap();
            tools.iter().any(|tool| tool == self.says)
        } else {
            seen["text"].as_str().unwrap().contains(self.says)
        }
    }
}

/// The processes in the container that were not there `before`.
fn others(sandbox: &Sandbox, before: &[String]) -> Vec<String> {
    let mut now = sandbox.processes();
    now.retain(|process| !before.contains(process));
    now
}

/// A test for each server, that needs what its reason says.
macro_rules! served {
    ($($name:ident, $needs:literal: $served:expr;)+) => {$(
        #[test]
        #[ignore = $needs]
        fn $name() {
            $served.serves();
        }
    )+};
}

served! {
    server_everything_serves, "needs the real mcp-servers: run ./test --all": Served {
        set: include_str!("everything.yaml"),
        stored: &[("mcp/everything/token", "s3cret")],
        call: tool("get-sum", r#"{"a": 2, "b": 40}"#),
        says: "42",
        // It has no handler for the signal, and the kernel spares process 1 the default.
        end: End::Unheard,
    };
    gitlab_mcp_serves, "needs the real mcp-servers: run ./test --all": Served {
        set: include_str!("gitlab.yaml"),
        stored: GITLAB,
        call: list(CALLER),
        says: "get_merge_request",
        end: End::OnTerm(0),
    };
    prometheus_mcp_server_serves, "needs the real mcp-servers: run ./test --all": Served {
        set: profile!("prometheus"),
        stored: &[],
        call: tool("health_check", "{}"),
        says: "'prometheus.monitoring.svc.cluster.local'",
        end: End::OnTerm(0),
    };
    mcp_atlassian_serves, "needs the real mcp-servers: run ./test --all": Served {
        set: profile!("atlassian"),
        stored: &[("mcp/jira/token", "s3cret")],
        call: list(&[]),
        says: "jira_get_issue",
        end: End::OnTerm(0),
    };
    postgres_mcp_serves, "needs the real mcp-servers and postgres-mcp: run ./test --all": Served {
        set: profile!("postgres"),
        stored: &[("mcp/postgres/uri", "postgresql://reader:s3cret@127.0.0.1/reports")],
        call: list(&[]),
        says: "explain_query",
        end: End::OnTerm(143),
    };
    mcp_grafana_serves, "needs the real mcp-servers and mcp-grafana: run ./test --all": Served {
        set: profile!("grafana"),
        stored: GRAFANA,
        call: list(&[]),
        says: "search_dashboards",
        end: End::OnTerm(0),
    };
    mcp_server_kubernetes_serves, "needs the real mcp-servers: run ./test --all": Served {
        set: include_str!("mcp-server-kubernetes.yaml"),
        stored: &[],
        call: list(&[]),
        says: "kubectl_get",
        end: End::OnTerm(0),
    };
    kubernetes_mcp_server_serves, "needs the real mcp-servers: run ./test --all": Served {
        set: profile!("kubernetes"),
        stored: &[],
        call: list(&[]),
        says: "pods_list",
        end: End::OnTerm(0),
    };
    slack_mcp_server_serves, "needs the real mcp-servers: run ./test --all": Served {
        set: profile!("slack"),
        // The one token with which it does not ask slack.com before it serves.
        stored: &[("mcp/slack/token", "demo"), ("mcp/slack/key", "0123456789abcdefghij")],
        call: list(CALLER),
        says: "channels_list",
        end: End::OnTerm(2),
    };
    supergateway_serves, "needs the real mcp-servers: run ./test --all": Served {
        set: include_str!("supergateway.yaml"),
        stored: &[],
        call: tool("get-sum", r#"{"a": 2, "b": 40}"#),
        says: "42",
        end: End::OnTerm(0),
    };
    mcp_proxy_of_python_serves, "needs the real mcp-servers: run ./test --all": Served {
        set: include_str!("mcp-proxy-python.yaml"),
        stored: &[],
        call: tool("get_current_time", r#"{"timezone": "Europe/Berlin"}"#),
        says: "Europe/Berlin",
        end: End::OnTerm(0),
    };
    mcp_proxy_of_node_serves, "needs the real mcp-servers: run ./test --all": Served {
        set: include_str!("mcp-proxy-node.yaml"),
        stored: &[],
        call: tool("get_current_time", r#"{"timezone": "Europe/Berlin"}"#),
        says: "Europe/Berlin",
        end: End::OnTerm(0),
    };
}

#[test]
#[ignore = "needs the real mcp-servers: run ./test --all"]
fn a_servers_environment_is_what_its_deployment_says() {
    let stored = [("mcp/everything/token", "s3cret")];
    let deployed = Deployed::of(include_str!("everything.yaml"), &stored);
    let sandbox = Sandbox::start(&deployed);
    kubelet::until_ready(&sandbox, &deployed);
    let seen = call(&sandbox, &deployed, tool("get-env", "{}")).unwrap();
    let env: Value = serde_json::from_str(seen["text"].as_str().unwrap()).unwrap();
    let name = deployed.pod_name();
    for (variable, value) in [
        ("API_TOKEN", "s3cret"),
        ("LITERAL", "$(PORT)"),
        ("PORT", "3001"),
        ("HOME", "/tmp"),
        ("NPM_CONFIG_CACHE", "/tmp/.npm"),
        ("POD_NAME", &name),
        ("POD_NAMESPACE", "tools"),
        ("OTEL_SERVICE_NAME", "mcp-everything"),
    ] {
        assert_eq!(env[variable], value, "{variable}");
    }
    let attributes = env["OTEL_RESOURCE_ATTRIBUTES"].as_str().unwrap();
    assert!(
        attributes.contains(&format!("k8s.pod.name={name},")),
        "{attributes}"
    );
    // Nothing of the test's own environment, and nothing of the cluster's other Services.
    assert_eq!(env["CARGO_MANIFEST_DIR"], Value::Null);
    assert_eq!(env["MCP_EVERYTHING_SERVICE_HOST"], Value::Null);
}

/// What `sandbox.yaml` prints.
const TOLD: &str = "\
user 1234, groups 2345, home /tmp, process 1
CapEff:0000000000000000
CapBnd:0000000000000000
NoNewPrivs:1
echo text >/file: no
echo text >/etc/mcp/file: no
echo text >/opt/file: no
echo text >/dev/file: no
echo text >/tmp/file: yes
echo text >/var/cache/mcp/file: yes
head -c 60M /dev/zero >/tmp/large: yes
head -c 70M /dev/zero >/tmp/large: no
networks lo, host mcp-shell-5d4f8c7b9-x2x7q
{\"question\": 42}s3cret";

#[test]
#[ignore = "needs the real mcp-servers: run ./test --all"]
fn a_container_can_write_only_where_its_deployment_says() {
    let deployed = Deployed::of(
        include_str!("sandbox.yaml"),
        &[("mcp/shell#token", "s3cret")],
    );
    let sandbox = Sandbox::start(&deployed);
    let started = Instant::now();
    while sandbox.ended().is_none() {
        assert!(started.elapsed() < LETTING_GO, "{}", sandbox.log());
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!((sandbox.ended(), sandbox.log().as_str()), (Some(0), TOLD));
}

#[test]
#[ignore = "needs the real mcp-servers: run ./test --all"]
fn a_server_that_guards_its_hosts_refuses_the_services_name_unless_it_is_told() {
    let told = include_str!("gitlab.yaml");
    let untold = format!("{told}    allowedHostsEnv: NOBODY_READS_THIS\n");
    let deployed = Deployed::of(&untold, GITLAB);
    let sandbox = Sandbox::start(&deployed);
    kubelet::until_ready(&sandbox, &deployed);
    let refusal = call(&sandbox, &deployed, list(CALLER)).unwrap_err();
    assert!(refusal.contains("statuses: [403"), "{refusal}");
}

#[test]
#[ignore = "needs the real mcp-servers: run ./test --all"]
fn a_server_of_fastmcp_reads_the_hosts_that_it_is_told() {
    let told = format!(
        "{}    allowedHostsEnv: FASTMCP_HTTP_ALLOWED_HOSTS\n",
        profile!("prometheus")
    );
    let deployed = Deployed::of(&told, &[]);
    let sandbox = Sandbox::start(&deployed);
    kubelet::until_ready(&sandbox, &deployed);
    call(&sandbox, &deployed, list(&[])).unwrap();
}

/// The guard of this server is before all paths.
#[test]
#[ignore = "needs the real mcp-servers and mcp-grafana: run ./test --all"]
fn a_server_that_guards_its_hosts_refuses_probes_by_address() {
    let named = profile!("grafana");
    // What the profile says of them, and not that the Service is named.
    let probes = "    port: 8000\n    probes: {liveness: /healthz, readiness: /healthz}\n";
    let unnamed = named.replace("    profile: grafana\n", probes);
    assert_ne!(unnamed, named);
    let deployed = Deployed::of(named, GRAFANA);
    let sandbox = Sandbox::start(&deployed);
    kubelet::until_ready(&sandbox, &deployed);
    let probe = |deployed: &Deployed| {
        let probe = deployed.container().readiness_probe.as_ref().unwrap();
        kubelet::probe_once(&sandbox, deployed, probe)
    };
    assert_eq!(probe(&deployed), Ok(200));
    let refusal = "HTTP probe failed with statuscode: 403";
    assert_eq!(probe(&Deployed::of(&unnamed, GRAFANA)), Err(refusal.into()));
}

/// The bridge would wait for half an hour whether the client comes back; the pod's end does not.
#[test]
#[ignore = "needs the real mcp-servers: run ./test --all"]
fn a_session_that_its_client_left_ends_with_the_pod() {
    let deployed = Deployed::of(include_str!("supergateway.yaml"), &[]);
    let mut sandbox = Sandbox::start(&deployed);
    kubelet::until_ready(&sandbox, &deployed);
    let before = sandbox.processes();
    let asked = Call {
        vanishes: true,
        ..list(&[])
    };
    call(&sandbox, &deployed, asked).unwrap();
    assert!(!others(&sandbox, &before).is_empty(), "{}", sandbox.log());
    assert_eq!(sandbox.end(&deployed, End::OnTerm(0)), End::OnTerm(0));
}

/// The bridge itself is in no registry from which `./test` installs: `handed-over` has what stands in for it.
#[test]
#[ignore = "needs the real mcp-servers: run ./test --all"]
fn a_bridge_is_handed_over_and_started_where_nobody_can_change_it() {
    let deployed = Deployed::of(include_str!("agentgateway.yaml"), &[]);
    let sandbox = Sandbox::start(&deployed);
    kubelet::until_ready(&sandbox, &deployed);
    let told: Value = serde_json::from_str(&sandbox.log()).unwrap();
    assert_eq!(told["program"], "/opt/mcp-bridge/agentgateway");
    assert_eq!(told["itself"], "EROFS");
    assert_eq!(told["option"], "-f");
    let config = bundle::read(told["config"].as_str().unwrap()).remove(0);
    assert!(
        config.to_string().contains("mcp-server-everything"),
        "{config}"
    );
}
