//! Servers on standard input: what the pod is started with reaches the bridge, and the server behind
//! it, as it was written; and what sessions follow from how a server speaks.

use crate::support;
use std::process::Command;

use crate::support::config::{Order, yaml};
use crate::support::kubelet::expand;
use crate::support::{Bundle, mcpset, stdout_of};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

/// A set of one server, `server` beside its name and image.
fn config(server: &Value) -> Value {
    let mut all = json!({"name": "time", "image": "mcp-time:1.0.0"});
    let all_fields = all.as_object_mut().unwrap();
    all_fields.extend(server.as_object().unwrap().clone());
    json!({
        "apiVersion": "mcpset.dev/v1alpha1",
        "kind": "McpServerSet",
        "metadata": {"name": "mcp", "namespace": "litellm"},
        "spec": {"platform": {"registry": "registry.example.com"}, "servers": [all]},
    })
}

fn bundle(server: &Value) -> Bundle {
    let config = yaml(&config(server), Order::Sorted);
    Bundle::of(&config).unwrap_or_else(|problems| panic!("{problems}"))
}

/// A server on standard input behind `program`, with `more`.
fn behind(program: &str, more: &Value) -> Value {
    let mut server = json!({
        "transport": "stdio",
        "command": ["node", "/app/index.js"],
        "args": ["--root=$(HOME)", "it's"],
        "stdio": {"bridge": {"program": program}},
    });
    let fields = server.as_object_mut().unwrap();
    fields.extend(more.as_object().unwrap().clone());
    server
}

fn handed_over() -> Value {
    json!({"bridge": {"program": "agentgateway", "image": "agentgateway:1.4.1-musl"}})
}

fn deployment(bundle: &Bundle) -> &Value {
    bundle.of_kind("Deployment")[0]
}

fn container(bundle: &Bundle) -> &Value {
    &deployment(bundle)["spec"]["template"]["spec"]["containers"][0]
}

/// What the container's process gets, once the kubelet has read it.
fn process(bundle: &Bundle) -> Vec<String> {
    let container = container(bundle);
    let parts = ["command", "args"].iter();
    let words = parts.flat_map(|part| container[part].as_array().unwrap());
    words.map(|word| expand(word.as_str().unwrap()).0).collect()
}

#[test]
fn each_program_is_called_as_its_makers_say() {
    let words = |program: &str, more: &Value| process(&bundle(&behind(program, more))).join(" ");
    assert_eq!(
        words("supergateway", &json!({"port": 9000, "path": "/time"})),
        r"supergateway --outputTransport streamableHttp --port 9000 --streamableHttpPath /time --healthEndpoint /healthz --stateful --stdio exec node /app/index.js '--root=$(HOME)' 'it'\''s'"
    );
    assert_eq!(
        words("mcp-proxy-node", &json!({"longestCall": "10m"})),
        "mcp-proxy --host 0.0.0.0 --port 8080 --server stream --streamEndpoint /mcp --requestTimeout 600000 -- node /app/index.js --root=$(HOME) it's"
    );
    assert_eq!(
        words("mcp-proxy-python", &json!({})),
        "mcp-proxy --host 0.0.0.0 --port 8080 --pass-environment -- node /app/index.js --root=$(HOME) it's"
    );
    assert_eq!(
        words("agentgateway", &json!({"stdio": handed_over()})),
        "/opt/mcp-bridge/agentgateway -f /etc/mcp/agentgateway.yaml"
    );
    assert_eq!(
        words("agentgateway", &json!({})),
        "agentgateway -f /etc/mcp/agentgateway.yaml"
    );
}

#[test]
fn a_server_without_sessions_is_called_so() {
    let stateless = json!({"session": "stateless"});
    for program in ["mcp-proxy-node", "mcp-proxy-python"] {
        let words = process(&bundle(&behind(program, &stateless)));
        assert!(words.contains(&"--stateless".to_owned()), "{words:?}");
    }
    let words = process(&bundle(&behind("supergateway", &stateless)));
    assert!(!words.contains(&"--stateful".to_owned()), "{words:?}");
    let (_, config) = agentgateway(&behind("agentgateway", &stateless));
    assert_eq!(backend(&config)["statefulMode"], "stateless");
}

/// The file that agentgateway reads for `server`, and what it makes of it: variables are expanded
/// before anything is read (the crate shellexpand).
fn agentgateway(server: &Value) -> (String, Value) {
    let bundle = bundle(server);
    let text = bundle.of_kind("ConfigMap")[0]["data"]["agentgateway.yaml"].clone();
    let text = text.as_str().unwrap().to_owned();
    let mut expanded = String::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once('$') {
        expanded.push_str(before);
        expanded.push('$');
        rest = after.strip_prefix('$').unwrap();
    }
    expanded.push_str(rest);
    let config = serde_yaml::from_str(&expanded).unwrap();
    (text, config)
}

fn backend(config: &Value) -> &Value {
    &config["binds"][0]["listeners"][0]["routes"][0]["backends"][0]["mcp"]
}

#[test]
fn agentgateway_reads_one_port_one_route_one_server() {
    let server = behind("agentgateway", &json!({"port": 9000, "path": "/$time"}));
    let (_, config) = agentgateway(&server);
    let bind = &config["binds"][0];
    assert_eq!(bind["port"], 9000);
    let route = &bind["listeners"][0]["routes"][0];
    assert_eq!(
        route["matches"],
        json!([{"path": {"pathPrefix": "/$time"}}])
    );
    assert_eq!(backend(&config)["statefulMode"], "stateful");
}

proptest! {
    #![proptest_config(support::cases(48))]

    #[test]
    fn agentgateway_starts_the_words_that_were_written(words in vec("[ -~é]{1,12}", 1..5)) {
        let server = behind("agentgateway", &json!({"command": words, "args": []}));
        let (_, config) = agentgateway(&server);
        let stdio = &backend(&config)["targets"][0]["stdio"];
        let mut read = vec![stdio["cmd"].clone()];
        read.extend(stdio["args"].as_array().unwrap().clone());
        prop_assert_eq!(json!(read), json!(words));
    }

    #[test]
    fn the_shell_of_supergateway_starts_the_words_that_were_written(words in vec("[ -~é]{0,12}", 0..5)) {
        let server = behind("supergateway", &json!({"command": ["printf", "%s\\n"], "args": words}));
        let command = process(&bundle(&server)).pop().unwrap();
        // What yargs would take for quotes around the whole, or for an option.
        prop_assert!(command.starts_with("exec "));
        let output = Command::new("sh").args(["-c", &command]).output().unwrap();
        let expected: Vec<String> = words.iter().map(|word| format!("{word}\n")).collect();
        let expected = if words.is_empty() { "\n".to_owned() } else { expected.concat() };
        prop_assert_eq!(String::from_utf8(output.stdout).unwrap(), expected);
    }

    #[test]
    fn the_other_programs_start_the_words_that_were_written(words in vec("[ -~é]{3,12}", 1..5)) {
        for program in ["mcp-proxy-node", "mcp-proxy-python"] {
            let server = behind(program, &json!({"command": words, "args": []}));
            let all = process(&bundle(&server));
            let start = all.iter().position(|word| word == "--").unwrap();
            prop_assert_eq!(&all[start + 1..], &words[..]);
        }
    }
}

#[test]
fn what_hands_the_bridge_over_sees_nothing_else() {
    let more = json!({
        "stdio": handed_over(),
        "secrets": {"TOKEN": "mcp/time/token"},
        "config": {"settings.json": "{}"},
    });
    let bundle = bundle(&behind("agentgateway", &more));
    let pod = &deployment(&bundle)["spec"]["template"]["spec"];
    let init = &pod["initContainers"][0];
    assert_eq!(pod["initContainers"].as_array().unwrap().len(), 1);
    assert_eq!(
        init["image"],
        "registry.example.com/agentgateway:1.4.1-musl"
    );
    assert_eq!(
        init["args"],
        json!(["--copy-self", "/opt/mcp-bridge/agentgateway"])
    );
    assert_eq!(init["env"], Value::Null);
    let mounts = json!([{"name": "mcp-bridge", "mountPath": "/opt/mcp-bridge"}]);
    assert_eq!(init["volumeMounts"], mounts);
    assert_eq!(
        init["securityContext"],
        container(&bundle)["securityContext"]
    );
    let read_only = json!({"name": "mcp-bridge", "mountPath": "/opt/mcp-bridge", "readOnly": true});
    let mounts = container(&bundle)["volumeMounts"].as_array().unwrap();
    assert!(mounts.contains(&read_only), "{mounts:?}");
    let volume = json!({"name": "mcp-bridge", "emptyDir": {"sizeLimit": "256Mi"}});
    assert!(pod["volumes"].as_array().unwrap().contains(&volume));
    // The server's own file is still there, and both roll the pods.
    let data = &bundle.of_kind("ConfigMap")[0]["data"];
    assert_eq!(data["settings.json"], "{}");
    for field in ["tty", "stdin"] {
        assert_eq!(container(&bundle)[field], Value::Null);
    }
}

#[test]
fn the_checks_look_at_what_hands_the_bridge_over() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mcp.yaml");
    let bundle = bundle(&behind("agentgateway", &json!({"stdio": handed_over()})));
    let check = |spoil: &dyn Fn(&mut Value)| {
        let mut bundle = bundle.clone();
        let found = bundle.documents.iter_mut();
        let mut found = found.filter(|document| document["kind"] == "Deployment");
        let pod = &mut found.next().unwrap()["spec"]["template"]["spec"];
        spoil(&mut pod["initContainers"][0]);
        let texts = bundle
            .documents
            .iter()
            .map(|document| yaml(document, Order::Sorted));
        std::fs::write(&file, texts.collect::<Vec<_>>().join("---\n")).unwrap();
        let output = mcpset().arg("check").arg(&file).output().unwrap();
        String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap()
    };
    let good = check(&|_| {});
    for (rule, field, value) in [
        (
            "MCP002",
            "image",
            json!("registry.example.com/agentgateway:latest"),
        ),
        ("MCP020", "resources", json!({"requests": {"cpu": "1"}})),
        ("MCP010", "securityContext", json!({"runAsUser": 0})),
        ("MCP014", "securityContext", json!({"runAsUser": 1000})),
    ] {
        let said = check(&|init| init[field] = value.clone());
        assert!(
            !good.contains(rule) && said.contains(rule),
            "{rule}: {said}"
        );
    }
}

#[test]
fn a_change_of_the_command_line_restarts_the_pods() {
    let checksum = |args: &Value| {
        let bundle = bundle(&behind("agentgateway", &json!({"args": args})));
        let annotations = &deployment(&bundle)["spec"]["template"]["metadata"]["annotations"];
        annotations["checksum/config"].as_str().unwrap().to_owned()
    };
    assert_ne!(checksum(&json!(["a"])), checksum(&json!(["b"])));
}

#[test]
fn the_memory_is_that_of_the_bridge_and_its_processes() {
    let memory = |program: &str, more: &Value| {
        let bundle = bundle(&behind(program, more));
        let resources = container(&bundle)["resources"].clone();
        let [request, limit] = ["requests", "limits"].map(|part| resources[part]["memory"].clone());
        (request, limit)
    };
    let both = |amount: &str| (json!(amount), json!(amount));
    assert_eq!(memory("supergateway", &json!({})), both("832Mi"));
    let more = json!({"stdio": {
        "bridge": {"program": "supergateway"}, "sessions": 3, "sessionMemory": "100M",
    }});
    assert_eq!(memory("supergateway", &more), both("480Mi"));
    assert_eq!(memory("mcp-proxy-node", &json!({})), both("256Mi"));
    let more = json!({"resources": {"limits": {"memory": "2Gi"}}});
    assert_eq!(memory("supergateway", &more), both("2Gi"));
}

#[test]
fn the_bridge_says_whether_it_is_well_unless_the_config_says_who() {
    let probe = |program: &str, more: &Value| {
        let bundle = bundle(&behind(program, more));
        container(&bundle)["livenessProbe"].clone()
    };
    let of = |program| {
        let probe = probe(program, &json!({}));
        let get = &probe["httpGet"];
        format!(
            "{} {}",
            get["port"].as_str().unwrap(),
            get["path"].as_str().unwrap()
        )
    };
    assert_eq!(of("agentgateway"), "probes /healthz/ready");
    assert_eq!(of("supergateway"), "http /healthz");
    assert_eq!(of("mcp-proxy-node"), "http /ping");
    assert_eq!(of("mcp-proxy-python"), "http /status");
    let tcp = probe("supergateway", &json!({"probes": "tcp"}));
    assert_eq!(tcp["tcpSocket"]["port"], "http");
    let own = probe("agentgateway", &json!({"probes": {"liveness": "/up"}}));
    assert_eq!(own["httpGet"]["path"], "/up");
    assert_eq!(own["httpGet"]["port"], "http");
    // Whoever says how long a start takes says nothing of paths.
    let bundle = bundle(&behind(
        "agentgateway",
        &json!({"probes": {"startupSeconds": 300}}),
    ));
    let startup = &container(&bundle)["startupProbe"];
    assert_eq!(startup["failureThreshold"], 60);
    assert_eq!(startup["httpGet"]["path"], "/healthz/ready");
}

#[test]
fn nothing_is_scraped_that_is_not_named() {
    let monitors = |more: &Value| {
        bundle(&behind("agentgateway", more))
            .of_kind("ServiceMonitor")
            .len()
    };
    assert_eq!(monitors(&json!({})), 0);
    assert_eq!(monitors(&json!({"metrics": {"port": 15020}})), 1);
}

#[test]
fn litellm_calls_the_bridge_over_http() {
    let config = yaml(
        &config(&behind("supergateway", &json!({"path": "/time"}))),
        Order::Sorted,
    );
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mcp.yaml");
    std::fs::write(&file, config).unwrap();
    let output = mcpset()
        .args(["litellm", "--as", "config"])
        .arg(&file)
        .output();
    let said = stdout_of(output.unwrap());
    let said: Value = serde_yaml::from_str(&said).unwrap();
    assert_eq!(said["mcp_servers"]["mcp_time"]["transport"], "http");
}

#[test]
fn a_bridge_for_all_is_for_those_that_need_one() {
    let mut config = config(&json!({"transport": "stdio", "command": ["time"]}));
    config["spec"]["defaults"] = json!({"stdio": handed_over()});
    let servers = config["spec"]["servers"].as_array_mut().unwrap();
    servers.push(json!({"name": "web", "image": "mcp-web:1.0.0"}));
    let bundle = Bundle::of(&yaml(&config, Order::Sorted)).unwrap();
    let bridges = bundle.of_kind("Deployment").into_iter().map(|deployment| {
        let init = &deployment["spec"]["template"]["spec"]["initContainers"];
        (deployment["metadata"]["name"].clone(), init.is_array())
    });
    let expected = [(json!("mcp-time"), true), (json!("mcp-web"), false)];
    assert_eq!(bridges.collect::<Vec<_>>(), expected);
}

#[test]
fn one_pod_is_no_warning_where_it_must_be_one_and_the_checklist_says_why() {
    let examples = "examples/stdio.yaml";
    let output = mcpset()
        .args(["check", "--deny", "warnings", examples])
        .output();
    stdout_of(output.unwrap());
    let output = mcpset().args(["check", "--checklist", examples]).output();
    let why = "Deployment with 2 or more replicas: one pod: sessions are processes of it";
    let output = String::from_utf8(output.unwrap().stdout).unwrap();
    assert!(output.contains(why), "{output}");
}

#[test]
fn sessions_and_pods_follow_from_how_a_server_speaks() {
    let decided = |server: &Value| {
        let bundle = bundle(server);
        let affinity = bundle.of_kind("Service")[0]["spec"]["sessionAffinity"].clone();
        let replicas = deployment(&bundle)["spec"]["replicas"].clone();
        (replicas.as_i64().unwrap(), affinity == "ClientIP")
    };
    for (server, expected) in [
        (json!({}), (2, true)),
        (json!({"replicas": 1}), (1, false)),
        (json!({"replicas": 1, "session": "sticky"}), (1, true)),
        (json!({"session": "stateless"}), (2, false)),
        (json!({"protocol": "modern"}), (2, false)),
        (json!({"protocol": "dual"}), (2, true)),
        (json!({"transport": "sse"}), (2, true)),
        (
            json!({"transport": "sse", "session": "stateless", "replicas": 1}),
            (1, false),
        ),
        (behind("agentgateway", &json!({})), (1, false)),
        (behind("agentgateway", &json!({"replicas": 1})), (1, false)),
        (
            behind("agentgateway", &json!({"session": "stateless"})),
            (2, false),
        ),
        (
            behind(
                "agentgateway",
                &json!({"session": "stateless", "replicas": 5}),
            ),
            (5, false),
        ),
    ] {
        assert_eq!(decided(&server), expected, "{server}");
    }
}
