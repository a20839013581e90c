//! A real MCP client, client.py, which calls the server by the name that the cluster's DNS would know.

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Value, json};

use super::image::client_python;
use super::pod::{ADDRESS, Deployed, script};
use super::sandbox::Sandbox;
use crate::support::run::{Ended, run};

/// Runs what follows with the file that it is given for `/etc/hosts`, as nobody else sees.
const WITH_NAMES: &str = "mount --bind \"$0\" /etc/hosts && exec \"$@\"";

/// What a client asks of a server.
#[derive(Debug, Clone, Copy)]
pub struct Call {
    /// Headers that it sends with every request, as LiteLLM passes them on from its users.
    pub headers: &'static [(&'static str, &'static str)],
    /// The tool that it calls after it has listed all; none where it is empty.
    pub tool: &'static str,
    /// Its arguments, as JSON.
    pub arguments: &'static str,
    /// Whether it goes without ending its session.
    pub vanishes: bool,
}

/// A call of `tool`, with arguments in JSON.
pub const fn tool(tool: &'static str, arguments: &'static str) -> Call {
    Call {
        headers: &[],
        tool,
        arguments,
        vanishes: false,
    }
}

/// A list of all tools, asked for with `headers`.
pub const fn list(headers: &'static [(&'static str, &'static str)]) -> Call {
    Call {
        headers,
        ..tool("", "{}")
    }
}

/// What the client sees: the server's name, its tools, and what the tool says; or why it saw nothing.
pub fn call(sandbox: &Sandbox, deployed: &Deployed, call: Call) -> Result<Value, String> {
    let endpoint = deployed.endpoint();
    let folder = tempfile::tempdir().unwrap();
    let hosts = folder.path().join("hosts");
    let names = endpoint.hosts.join(" ");
    fs::write(&hosts, format!("127.0.0.1 localhost\n{ADDRESS} {names}\n")).unwrap();
    let headers: BTreeMap<_, _> = call.headers.iter().copied().collect();
    let arguments: Value = serde_json::from_str(call.arguments).unwrap();
    let call = json!({
        "url": endpoint.url,
        "transport": endpoint.transport,
        "headers": headers,
        "tool": call.tool,
        "arguments": arguments,
        "vanishes": call.vanishes,
    });
    let mut command = sandbox.network("unshare");
    command
        .args(["--mount", "sh", "-c", WITH_NAMES])
        .arg(hosts)
        .arg(client_python())
        .arg("-I")
        .arg(script("client.py"))
        .arg(call.to_string())
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap());
    let Ended {
        status,
        stdout,
        stderr,
    } = run(&mut command, b"");
    match status {
        Some(0) => Ok(serde_json::from_str(&stdout).unwrap()),
        _ => Err(stderr),
    }
}
