//! `stdio`, and what a server says beside it.

use proptest::option;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::texts::{list, number, one_of, some_of, text};
use super::{DIGEST, ECR};

/// Bridges, each with what goes with it.
pub fn stdio() -> BoxedStrategy<Value> {
    let handed_over = one_of(&["agentgateway:1.4.1-musl", "a/b:1.10"]).prop_map(|image| {
        let image = image.as_str().unwrap();
        json!({"program": "agentgateway", "image": format!("{ECR}/{image}@{DIGEST}")})
    });
    let programs = one_of(&[
        "agentgateway",
        "supergateway",
        "mcp-proxy-node",
        "mcp-proxy-python",
    ]);
    let installed = (programs, option::of(list(text(), 0..3)));
    let installed = installed.prop_map(|(program, command)| match command {
        Some(command) => json!({"program": program, "command": command}),
        None => json!({"program": program}),
    });
    let room = some_of(vec![
        ("sessions", number(1..=20)),
        ("sessionMemory", one_of(&["64Mi", "100M", "0.125Gi"])),
    ]);
    (prop_oneof![handed_over, installed], room)
        .prop_map(|(bridge, mut room)| {
            if bridge["program"].as_str().unwrap().starts_with("mcp-proxy") {
                room.as_object_mut().unwrap().remove("sessions");
            }
            room["bridge"] = bridge;
            room
        })
        .boxed()
}

/// Makes a server with `stdio` one that is accepted: mostly, anything else is a mistake of its own.
pub fn agreeing(server: &mut Value) {
    if server["stdio"].is_null() {
        server["stdio"].take();
        server.as_object_mut().unwrap().remove("stdio");
        if server["session"] == "stateless" {
            server["transport"] = json!("http");
        }
        return;
    }
    server["transport"] = json!("stdio");
    let words = server["command"]
        .as_array()
        .is_some_and(|words| !words.is_empty());
    if !words {
        server["command"] = json!(["node", "/a b/it's.js", "$(HOME)", "$HOME"]);
    }
    server["resources"] = json!({"limits": {"memory": "4Gi"}});
    if server["session"] != "stateless" {
        server["replicas"] = json!(1);
        server.as_object_mut().unwrap().remove("autoscaling");
    }
    if server["stdio"]["bridge"]["program"] == "mcp-proxy-python" {
        server["path"] = json!("/mcp");
        server["protocol"] = json!("legacy");
    }
    if server["metrics"].is_null() {
        server["metrics"] = json!({"port": 3011});
    }
}

/// Takes what only a server can have that says it all.
pub fn without(defaults: &mut Value) {
    defaults.as_object_mut().unwrap().remove("stdio");
}
