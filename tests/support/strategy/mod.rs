//! Configs that a person could write, over all fields, with texts that nobody should.
//!
//! Each field is drawn from what is right for it, so that most configs are accepted; which ones
//! are not is for mcpset to say. Names come from small pools where things may collide, and wide
//! ones where they may not.

mod platform;
mod server;
mod stdio;
mod texts;

use proptest::option;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use texts::{label_map, matching, some_of, text_map};

const ECR: &str = "123456789012.dkr.ecr.us-east-1.amazonaws.com";
const DIGEST: &str = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// Whole configs.
pub fn config() -> impl Strategy<Value = Value> {
    (
        metadata(),
        option::of(prefix()),
        option::of(platform::platform()),
        server::servers(),
        option::of(server::fields()),
    )
        .prop_map(|(metadata, prefix, platform, mut servers, defaults)| {
            let mut platform = platform.unwrap_or_else(|| json!({}));
            if platform.get("registry").is_none() {
                platform["registry"] = json!(ECR);
            }
            if platform.get("approvedRegistries").is_none() {
                platform["approvedRegistries"] = json!([ECR]);
            }
            if platform["policy"]["requireDigest"] == true {
                servers.as_array_mut().unwrap().iter_mut().for_each(pin);
            }
            servers
                .as_array_mut()
                .unwrap()
                .iter_mut()
                .for_each(without_promises);
            let mut defaults = defaults;
            let all = servers.as_array_mut().unwrap().iter_mut();
            all.chain(&mut defaults).for_each(scaled_once);
            let all = servers.as_array_mut().unwrap().iter_mut();
            all.for_each(stdio::agreeing);
            defaults.iter_mut().for_each(stdio::without);
            if platform["policy"]["exceptions"].is_array() {
                platform["policy"]["exceptions"][0]["server"] = servers[0]["name"].clone();
            }
            let mut spec = Map::from_iter([("platform".into(), platform)]);
            spec.extend(prefix.map(|prefix| ("namePrefix".into(), prefix)));
            spec.extend(defaults.map(|defaults| ("defaults".into(), defaults)));
            spec.insert("servers".into(), servers);
            json!({
                "apiVersion": "mcpset.dev/v1alpha1",
                "kind": "McpServerSet",
                "metadata": metadata,
                "spec": spec,
            })
        })
}

/// Takes the objectives of a server that has no metrics: mostly, that is a mistake of its own.
fn without_promises(server: &mut Value) {
    if server["metrics"] == false {
        server.as_object_mut().unwrap().remove("objectives");
    }
}

/// Takes the replicas of a server that has an autoscaler.
fn scaled_once(server: &mut Value) {
    if !server["autoscaling"].is_null() {
        server.as_object_mut().unwrap().remove("replicas");
    }
}

/// Gives the server's image a digest, if it has none.
fn pin(server: &mut Value) {
    let image = server["image"].as_str().unwrap();
    if !image.contains('@') {
        server["image"] = json!(format!("{image}@{DIGEST}"));
    }
}

fn metadata() -> BoxedStrategy<Value> {
    let name = prop_oneof![
        8 => "[a-z]([a-z0-9-]{0,12}[a-z0-9])?",
        1 => "[a-z][a-z0-9-]{47}[a-z0-9]",
    ];
    let own = some_of(vec![("labels", label_map()), ("annotations", text_map())]);
    (name, "[a-z0-9]([a-z0-9-]{0,12}[a-z0-9])?", own)
        .prop_map(|(name, namespace, mut own)| {
            own["name"] = json!(name);
            own["namespace"] = json!(namespace);
            own
        })
        .boxed()
}

fn prefix() -> BoxedStrategy<Value> {
    prop_oneof![
        Just(json!("")),
        Just(json!("mcp-")),
        matching("[a-z][a-z0-9-]{0,6}")
    ]
    .boxed()
}
