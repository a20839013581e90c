//! The real programs: MCP servers and LiteLLM's proxy, on loopback, and HTTP to ask them.
//!
//! No program outlives its test, however that ends: each is killed when the standard input of its
//! shell closes, and the test process holds the other end.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::support;

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
    /// Where it speaks MCP.
    pub endpoint: String,
}

impl Server {
    /// Starts one that speaks `transport`, `http` or `sse`.
    pub fn start(transport: &str) -> Self {
        let folder = folder();
        let script = support::root().join("tests/litellm/mcp_server.py");
        let mut command = program(&folder, "mcp-python");
        command.arg(script).arg(transport);
        let process = spawn(&mut command, &folder);
        let port = wait_for("the MCP server", &folder, || {
            let port = fs::read_to_string(folder.join("out")).unwrap();
            port.strip_suffix('\n').map(str::to_owned)
        });
        let path = if transport == "sse" { "sse" } else { "mcp" };
        Self {
            _process: process,
            endpoint: format!("http://127.0.0.1:{port}/{path}"),
        }
    }
}

/// A real proxy without a database.
pub struct Proxy {
    /// Holds the standard input that keeps it running.
    _process: Child,
    address: SocketAddr,
}

impl Proxy {
    /// Starts one that reads the YAML that `config` makes of the proxy's own address, with `env`
    /// beside the master key in its environment, and waits until it answers.
    pub fn start(config: impl FnOnce(&str) -> String, env: &[(&str, &str)]) -> Self {
        let folder = folder();
        // The issuer stands in the config, so the port is chosen before the proxy starts.
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap();
        drop(free);
        let config = config(&format!("http://{address}"));
        fs::write(folder.join("config.yaml"), config).unwrap();
        let keys = support::root().join("tests/litellm/keys.py");
        fs::copy(keys, folder.join("keys.py")).unwrap();

        let mut command = program(&folder, "litellm");
        command
            .args(["--config", "config.yaml", "--host", "127.0.0.1", "--port"])
            .arg(address.port().to_string())
            .env("LITELLM_MASTER_KEY", MASTER)
            .env("LITELLM_LOCAL_MODEL_COST_MAP", "True")
            .envs(env.iter().copied());
        let proxy = Self {
            _process: spawn(&mut command, &folder),
            address,
        };
        wait_for("the proxy", &folder, || {
            let connection = TcpStream::connect(address).ok()?;
            let (status, _) = exchange(connection, &request("GET", "/health/liveliness", &[], ""));
            (status == 200).then_some(())
        });
        proxy
    }

    /// Where it listens, as a URL without a path.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
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

/// A folder that its program's shell removes.
fn folder() -> std::path::PathBuf {
    let folder = tempfile::Builder::new().prefix("litellm").tempdir();
    folder.unwrap().keep()
}

/// A peer, to be run in `folder` until this process lets go of it.
fn program(folder: &Path, peer: &str) -> Command {
    let mut command = Command::new("sh");
    command
        .args(["-c", UNTIL_STDIN_CLOSES, "sh"])
        .arg(folder)
        .arg(support::peer(peer))
        .current_dir(folder)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("HOME", folder)
        .env("HTTP_PROXY", NOWHERE)
        .env("HTTPS_PROXY", NOWHERE)
        .env("NO_PROXY", "127.0.0.1");
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

/// What `ready` gives when it gives something.
fn wait_for<T>(what: &str, folder: &Path, mut ready: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(value) = ready() {
            return value;
        }
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
