//! agentgateway's own configuration, as kmcp writes it: one port, one route, one server.

use serde_json::json;

use super::programs::Callee;
use crate::model::CONFIG_FOLDER;
use crate::yaml;

/// Its name under [`CONFIG_FOLDER`].
pub const FILE: &str = "agentgateway.yaml";

/// Where it is mounted.
pub fn path() -> String {
    format!("{CONFIG_FOLDER}/{FILE}")
}

/// What is in it.
pub fn config(callee: &Callee<'_>) -> String {
    let words: Vec<String> = callee.words.iter().map(|word| literal(word)).collect();
    let (command, args) = words.split_first().unzip();
    let mode = if callee.is_stateless {
        "stateless"
    } else {
        "stateful"
    };
    let backend = json!({
        "statefulMode": mode,
        "targets": [{ "name": "server", "stdio": { "cmd": command, "args": args } }],
    });
    let route = json!({
        "name": "mcp",
        "matches": [{ "path": { "pathPrefix": literal(&callee.path.to_string()) } }],
        "backends": [{ "mcp": backend }],
    });
    let listener = json!({ "name": "default", "protocol": "HTTP", "routes": [route] });
    let config = json!({
        "config": {},
        "binds": [{ "port": callee.port.number(), "listeners": [listener] }],
    });
    let mut text = String::new();
    // Texts, lists and mappings of texts can always be written.
    let _ = yaml::document(&mut text, &config);
    text
}

/// `text` written so that the expansion of variables, which the whole file goes through (agentgateway,
/// `NormalizedLocalConfig::from`), yields it again.
fn literal(text: &str) -> String {
    text.replace('$', "$$")
}
