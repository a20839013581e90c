//! A client of the language server that editors run on YAML, as far as the tests need one: JSON-RPC over
//! its standard streams.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::support;

/// No answer takes a tenth of this.
const LIMIT: Duration = Duration::from_mins(1);

/// A running server.
pub struct LanguageServer {
    child: Child,
    stdin: ChildStdin,
    messages: Receiver<Value>,
    requests: u64,
}

impl LanguageServer {
    /// Starts the real one.
    pub fn start() -> Self {
        let mut child = Command::new(support::peer("yaml-language-server"))
            .arg("--stdio")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let (sender, messages) = channel();
        thread::spawn(move || {
            while let Some(message) = read(&mut stdout) {
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        let mut server = Self {
            stdin: child.stdin.take().unwrap(),
            child,
            messages,
            requests: 0,
        };
        let capabilities = json!({"textDocument": {"hover": {"contentFormat": ["plaintext"]}}});
        server.request("initialize", &json!({"capabilities": capabilities}));
        server.send(&json!({"method": "initialized", "params": {}}));
        server
    }

    /// Opens `text` in an editor, as a file that was never opened at `path` before, and returns what is found
    /// wrong with it, a line each.
    pub fn open(&mut self, path: &Path, text: &str) -> Vec<String> {
        let uri = uri(path);
        let document = json!({"uri": uri, "languageId": "yaml", "version": 1, "text": text});
        self.send(&json!({"method": "textDocument/didOpen", "params": {"textDocument": document}}));
        let said = self.wait(|message| {
            message["method"] == "textDocument/publishDiagnostics"
                && message["params"]["uri"] == uri
        });
        let found = said["params"]["diagnostics"].as_array().unwrap();
        let line = |one: &Value| {
            let number = one["range"]["start"]["line"].as_u64().unwrap() + 1;
            format!("{number}: {}", one["message"].as_str().unwrap())
        };
        found.iter().map(line).collect()
    }

    /// What is offered at a line and column, from 0, of an open file.
    pub fn completions(&mut self, path: &Path, line: usize, column: usize) -> Vec<String> {
        let answer = self.request("textDocument/completion", &position(path, line, column));
        let items = answer["items"].as_array().unwrap().iter();
        items
            .map(|item| item["label"].as_str().unwrap().to_owned())
            .collect()
    }

    /// What is shown when the mouse rests at a line and column, from 0, of an open file.
    pub fn hover(&mut self, path: &Path, line: usize, column: usize) -> String {
        let answer = self.request("textDocument/hover", &position(path, line, column));
        answer["contents"]["value"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    fn request(&mut self, method: &str, params: &Value) -> Value {
        self.requests += 1;
        let id = self.requests;
        self.send(&json!({"id": id, "method": method, "params": params}));
        let mut answer =
            self.wait(|message| message["id"] == id && message.get("method").is_none());
        answer["result"].take()
    }

    /// The first message that is `meant`. Of settings, for which the server asks meanwhile, there are none.
    fn wait(&mut self, meant: impl Fn(&Value) -> bool) -> Value {
        loop {
            let message = self.messages.recv_timeout(LIMIT).unwrap();
            if meant(&message) {
                return message;
            }
            if message.get("method").is_some() && message.get("id").is_some() {
                let items = message["params"]["items"].as_array();
                let result = items.map(|items| vec![json!({}); items.len()]);
                self.send(&json!({"id": message["id"], "result": result}));
            }
        }
    }

    fn send(&mut self, message: &Value) {
        let mut message = message.clone();
        message["jsonrpc"] = "2.0".into();
        let body = message.to_string();
        write!(self.stdin, "Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        self.stdin.flush().unwrap();
    }
}

impl Drop for LanguageServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}

fn position(path: &Path, line: usize, column: usize) -> Value {
    json!({"textDocument": {"uri": uri(path)}, "position": {"line": line, "character": column}})
}

/// The next message; nothing when the server has ended.
fn read(from: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if from.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end().split_once(": ") {
            Some(("Content-Length", number)) => length = number.parse().ok()?,
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    from.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}
