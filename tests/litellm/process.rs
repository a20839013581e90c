//! The real programs: MCP servers and LiteLLM's proxy, on loopback, and HTTP to ask them.
//!
//! No program outlives its test, however that ends: each is killed when the standard input of its
//! shell closes, and the test process holds the other end.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support;
use crate::support::run::{Ended, run};

/// How long a program may take until it answers: the proxy took 8 s on two idle cores.
const START: Duration = Duration::from_mins(2);
/// How long one answer may take.
const ANSWER: Duration = Duration::from_mins(1);
/// The key that may do everything.
pub const MASTER: &str = "sk-test";

/// Runs a program until standard input closes, and then removes its folder.
const UNTIL_STDIN_CLOSES: &str =
    "folder=$1; shift; \"$@\" & read -r _; kill -9 $!; wait; rm -rf \"$folder\"";

/// Nobody listens on this port: a program that asks for more than loopback gets an error.
const NOWHERE: &str = "http://127.0.0.1:9";

/// A real MCP server, tests/litellm/mcp_server.py.
pub struct Server {
    /// Holds the standard input that keeps it running.
    _process: Child,
}

impl Server {
    /// Starts one that speaks `transport`, `http` or `sse`, at `address` and under the name `host` of
    /// `names`, with `env`, and waits until it says that it is ready.
    pub fn start(
        transport: &str,
        (host, address): (&str, SocketAddr),
        names: &Names,
        env: &[(String, String)],
    ) -> Self {
        let folder = folder();
        let script = support::root().join("tests/litellm/mcp_server.py");
        let mut command = program(&folder, names, "mcp-python");
        command
            .arg(script)
            .args([transport, host, &address.port().to_string()])
            .envs(env.iter().cloned());
        let process = spawn(&mut command, &folder);
        wait_for(host, &folder, address, "/ready");
        Self { _process: process }
    }
}

/// A real proxy without a database.
pub struct Proxy {
    /// Holds the standard input that keeps it running.
    _process: Child,
    address: SocketAddr,
}

impl Proxy {
    /// Starts one at `address` that knows `names`, with `files` in its folder, `config.yaml` among
    /// them, and `env` beside the master key; and waits until it answers.
    pub fn start(
        address: SocketAddr,
        names: &Names,
        files: &[(&str, &str)],
        env: &[(String, String)],
    ) -> Self {
        let folder = folder();
        for (name, text) in files {
            fs::write(folder.join(name), text).unwrap();
        }
        let mut command = program(&folder, names, "litellm");
        command
            .args(["--config", "config.yaml", "--host"])
            .arg(address.ip().to_string())
            .args(["--port", &address.port().to_string()])
            .env("LITELLM_MASTER_KEY", MASTER)
            .env("LITELLM_LOCAL_MODEL_COST_MAP", "True")
            .envs(env.iter().cloned());
        let process = spawn(&mut command, &folder);
        wait_for("the proxy", &folder, address, "/health/liveliness");
        Self {
            _process: process,
            address,
        }
    }

    /// Status and body of the answer to a GET with `key`.
    pub fn get(&self, path: &str, key: Option<&str>) -> (u16, Value) {
        let authorization = key.map(|key| format!("Authorization: Bearer {key}"));
        self.ask(&request("GET", path, authorization.as_slice(), ""))
    }

    /// Status and body of the answer when `key` calls a tool, with `headers` beside it.
    pub fn call(&self, key: &str, call: &Value, headers: &[String]) -> (u16, Value) {
        let mut all = vec![
            format!("Authorization: Bearer {key}"),
            "Content-Type: application/json".to_owned(),
        ];
        all.extend_from_slice(headers);
        let request = request("POST", "/mcp-rest/tools/call", &all, &call.to_string());
        self.ask(&request)
    }

    fn ask(&self, request: &str) -> (u16, Value) {
        let (status, body) = exchange(TcpStream::connect(self.address).unwrap(), request);
        let body = serde_json::from_str(&body);
        (status, body.unwrap_or_else(|error| panic!("{error}")))
    }
}

/// Makes a key to sign with: PEM, as LiteLLM takes it, and what a JWK says of it.
const MAKE_KEY: &str = "\
import json
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm
key = rsa.generate_private_key(65537, 2048)
forms = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
print(json.dumps([key.private_bytes(*forms).decode(), RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)]))
";

/// A new key in PEM, and its public half as a JWK.
pub fn signing_key() -> (String, Value) {
    let mut python = Command::new(support::peer("mcp-python"));
    let made = run(python.args(["-c", MAKE_KEY]), b"").done();
    serde_json::from_str(&made).unwrap()
}

/// What the programs of a cluster take for its DNS: each has an `/etc/hosts` of its own.
pub struct Names(String);

impl Names {
    /// `names` and their addresses.
    pub fn new<'n>(names: impl IntoIterator<Item = (&'n str, Ipv4Addr)>) -> Self {
        let lines = names
            .into_iter()
            .map(|(name, address)| format!("{address} {name}\n"));
        Self(format!(
            "127.0.0.1 localhost\n{}",
            lines.collect::<String>()
        ))
    }
}

/// Runs what follows with the file that it is given for `/etc/hosts`, as nobody else sees.
const WITH_NAMES: [&str; 7] = [
    "unshare",
    "--map-root-user",
    "--mount",
    "sh",
    "-c",
    "mount --bind \"$1\" /etc/hosts && shift && exec \"$@\"",
    "sh",
];

/// A folder that its program's shell removes.
fn folder() -> PathBuf {
    let folder = tempfile::Builder::new().prefix("litellm").tempdir();
    folder.unwrap().keep()
}

/// What `line` of a shell prints where `names` are known.
pub fn shell(names: &Names, line: &str) -> Ended {
    let folder = tempfile::tempdir().unwrap();
    let hosts = folder.path().join("hosts");
    fs::write(&hosts, &names.0).unwrap();
    let mut command = Command::new(WITH_NAMES[0]);
    command
        .args(&WITH_NAMES[1..])
        .arg(hosts)
        .args(["sh", "-c", line]);
    run(&mut command, b"")
}

/// A peer that knows `names`, to be run in `folder` until this process lets go of it.
pub fn program(folder: &Path, names: &Names, peer: &str) -> Command {
    let hosts = folder.join("hosts");
    fs::write(&hosts, &names.0).unwrap();
    let mut command = Command::new("sh");
    command
        .args(["-c", UNTIL_STDIN_CLOSES, "sh"])
        .arg(folder)
        .args(WITH_NAMES)
        .arg(hosts)
        .arg(support::peer(peer))
        .current_dir(folder)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("HOME", folder)
        .env("HTTP_PROXY", NOWHERE)
        .env("HTTPS_PROXY", NOWHERE)
        .env("NO_PROXY", "127.0.0.1,.svc.cluster.local");
    command
}

/// Starts `command`, whose output goes to `out` and `log` in `folder`.
fn spawn(command: &mut Command, folder: &Path) -> Child {
    let file = |name: &str| fs::File::create(folder.join(name)).unwrap();
    command
        .stdin(Stdio::piped())
        .stdout(file("out"))
        .stderr(file("log"))
        .spawn()
        .unwrap()
}

/// Waits until `what` answers a GET of `path` at `address` with 200.
fn wait_for(what: &str, folder: &Path, address: SocketAddr, path: &str) {
    let started = Instant::now();
    let is_ready = || {
        let connection = TcpStream::connect(address).ok()?;
        let (status, _) = exchange(connection, &request("GET", path, &[], ""));
        (status == 200).then_some(())
    };
    while is_ready().is_none() {
        let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap_or_default();
        let is_patient = started.elapsed() < START;
        assert!(is_patient, "no {what}: {}{}", read("out"), read("log"));
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// HTTP 1.0 needs no more than a socket: an answer ends where the connection ends.
fn request(method: &str, path: &str, headers: &[String], body: &str) -> String {
    let mut lines = vec![
        format!("{method} {path} HTTP/1.0"),
        format!("Content-Length: {}", body.len()),
    ];
    lines.extend_from_slice(headers);
    format!("{}\r\n\r\n{body}", lines.join("\r\n"))
}

/// Status and body of the answer.
fn exchange(mut connection: TcpStream, request: &str) -> (u16, String) {
    connection.set_read_timeout(Some(ANSWER)).unwrap();
    connection.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, body.to_owned())
}
