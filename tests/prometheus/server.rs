//! A real Prometheus and its HTTP API.

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

use serde_json::{Value, json};

use super::discovery::INTERVAL;
use crate::support;

/// How long it may take until it listens, and until it has scraped often enough.
const PATIENCE: Duration = Duration::from_mins(1);
/// How long one answer may take.
const ANSWER: Duration = Duration::from_secs(10);

/// Runs a program until standard input closes, which it does when the test ends, however it ends,
/// and then removes its folder.
const UNTIL_STDIN_CLOSES: &str =
    "folder=$1; shift; \"$@\" & read -r _; kill -9 $!; wait; rm -rf \"$folder\"";

/// A running Prometheus.
pub struct Prometheus {
    /// Holds the standard input that keeps it running.
    _process: Child,
    address: SocketAddr,
    started: SystemTime,
}

impl Prometheus {
    /// Starts one that scrapes as `scrape_configs` say and evaluates `groups` of rules, and waits
    /// until every target has been scraped `scrapes` times.
    pub fn start(scrape_configs: &[Value], groups: &[Value], scrapes: u32) -> Self {
        let folder = tempfile::Builder::new().prefix("prometheus").tempdir();
        let folder = folder.unwrap().keep();
        // YAML is read by Prometheus, and JSON is YAML.
        let config = json!({
            "global": {"evaluation_interval": INTERVAL},
            "scrape_configs": scrape_configs,
            "rule_files": ["rules.json"],
        });
        let write = |name: &str, value: &Value| {
            fs::write(folder.join(name), value.to_string()).unwrap();
        };
        write("prometheus.json", &config);
        write("rules.json", &json!({"groups": groups}));
        let log = fs::File::create(folder.join("log")).unwrap();
        let started = SystemTime::now();
        let process = Command::new("sh")
            .args(["-c", UNTIL_STDIN_CLOSES, "sh"])
            .arg(&folder)
            .arg(support::peer("prometheus"))
            .arg("--config.file=prometheus.json")
            .arg("--storage.tsdb.path=data")
            .arg("--web.listen-address=127.0.0.1:0")
            .arg("--enable-feature=exemplar-storage")
            .current_dir(&folder)
            .stdin(Stdio::piped())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        let server = Self {
            _process: process,
            address: listening(&folder.join("log")),
            started,
        };
        server.wait_for(scrapes, &folder.join("log"));
        server
    }

    /// Waits until every target that discovery found has been scraped `scrapes` times.
    fn wait_for(&self, scrapes: u32, log: &Path) {
        let waited = Instant::now();
        while !self.has_scraped(scrapes) {
            let is_patient = waited.elapsed() < PATIENCE;
            assert!(is_patient, "{}", fs::read_to_string(log).unwrap());
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    fn has_scraped(&self, scrapes: u32) -> bool {
        let (head, _) = self.exchange("/-/ready");
        if !head.contains(" 200 ") {
            return false;
        }
        let targets = self.data("/api/v1/targets", &[("state", "active")]);
        let targets = targets["activeTargets"]
            .as_array()
            .unwrap()
            .len()
            .to_string();
        let enough = format!("count(count_over_time(up[10m]) >= {scrapes})");
        let answer = self.query(&enough);
        answer["data"]["result"][0]["value"][1] == targets
    }

    /// Data that it must answer with.
    pub fn data(&self, path: &str, parameters: &[(&str, &str)]) -> Value {
        let mut answer = self.get(path, parameters);
        assert_eq!(
            answer["status"], "success",
            "{path} {parameters:?}: {answer}"
        );
        answer["data"].take()
    }

    /// What it answers to an expression for now.
    pub fn query(&self, expression: &str) -> Value {
        self.get("/api/v1/query", &[("query", expression)])
    }

    /// What it answers to an expression for every second since its start.
    pub fn query_range(&self, expression: &str) -> Value {
        let [start, end] = [self.started, SystemTime::now()].map(|time| {
            let since = time.duration_since(SystemTime::UNIX_EPOCH);
            since.unwrap().as_secs().to_string()
        });
        let parameters = [
            ("query", expression),
            ("start", &start),
            ("end", &end),
            ("step", "1"),
        ];
        self.get("/api/v1/query_range", &parameters)
    }

    /// The answer to a GET, errors included.
    fn get(&self, path: &str, parameters: &[(&str, &str)]) -> Value {
        let parameters: Vec<String> = parameters
            .iter()
            .map(|(key, value)| format!("{}={}", percent_encoded(key), percent_encoded(value)))
            .collect();
        let (head, body) = self.exchange(&format!("{path}?{}", parameters.join("&")));
        serde_json::from_str(&body).unwrap_or_else(|error| panic!("{error} in {head}\n{body}"))
    }

    /// Head and body of the answer to a GET. HTTP 1.0 needs no more than a socket: an answer ends
    /// where the connection ends.
    fn exchange(&self, target: &str) -> (String, String) {
        let mut connection = TcpStream::connect(self.address).unwrap();
        connection.set_read_timeout(Some(ANSWER)).unwrap();
        write!(connection, "GET {target} HTTP/1.0\r\n\r\n").unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.to_owned(), body.to_owned())
    }
}

/// The address in the log, which is written when the server listens.
fn listening(log: &Path) -> SocketAddr {
    let waited = Instant::now();
    loop {
        let text = fs::read_to_string(log).unwrap();
        let line = text
            .lines()
            .find(|line| line.contains("msg=\"Listening on\""));
        if let Some((_, address)) = line.and_then(|line| line.split_once("address=")) {
            let address = address.split(' ').next().unwrap();
            return address.parse().unwrap();
        }
        assert!(waited.elapsed() < PATIENCE, "no Prometheus: {text}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Text as it may stand in a query of a URL.
fn percent_encoded(text: &str) -> String {
    let encoded = text.bytes().map(|byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    });
    encoded.collect()
}
