//! The programs that speak HTTP for a server on standard input and output: each is a row, and its
//! arguments are a function. What stands here was read in their source or seen when they ran.

use super::agentgateway;
use crate::api;
use crate::model::{HttpPath, Port};
use crate::shell;

/// A program.
pub struct Program {
    /// Its name in the config.
    pub name: &'static str,
    /// Its name in the image that holds it.
    pub executable: &'static str,
    /// What it starts.
    pub processes: Processes,
    /// Where it says whether it is well.
    pub health: Health,
    /// What it takes without any process of the server, in MiB.
    pub memory: u64,
    /// The one path that it serves MCP at; `None` where it is told.
    pub only_path: Option<&'static str>,
    /// Ports that it listens on besides the one that it is told.
    pub ports: &'static [u16],
    /// Whether it passes on the protocol that has no sessions.
    pub is_modern: bool,
    /// A word of the server's command line that it would lose.
    pub loses: Option<&'static str>,
    /// The option by which its static binary copies itself; `None` where it is none.
    pub copies_itself: Option<&'static str>,
    /// Its own configuration.
    pub file: Option<File>,
    /// Its arguments.
    pub args: fn(&Callee<'_>) -> Vec<String>,
}

/// What a program starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Processes {
    /// A process for each session.
    EachSession,
    /// One for all sessions, which share what it keeps in memory.
    One,
}

/// Where a program says whether it is well.
pub struct Health {
    /// The path.
    pub path: &'static str,
    /// A port other than the one for calls.
    pub port: Option<i64>,
}

/// A file that a program reads.
pub struct File {
    /// Its name.
    pub name: &'static str,
    /// What is in it.
    pub text: fn(&Callee<'_>) -> String,
}

/// The server behind a program, and how the program is called itself.
pub struct Callee<'a> {
    /// The server's own command line.
    pub words: &'a [String],
    /// The port to listen on, at every address.
    pub port: Port,
    /// The path to serve MCP at.
    pub path: &'a HttpPath,
    /// Whether any process answers any request.
    pub is_stateless: bool,
    /// What a call may take, in seconds.
    pub longest_call: u32,
}

/// The row of `program`.
pub fn program(program: api::Program) -> &'static Program {
    match program {
        api::Program::Agentgateway => &AGENTGATEWAY,
        api::Program::Supergateway => &SUPERGATEWAY,
        api::Program::McpProxyNode => &MCP_PROXY_NODE,
        api::Program::McpProxyPython => &MCP_PROXY_PYTHON,
    }
}

/// agentgateway 1.4. The server inherits its environment. Nobody measured its memory here.
static AGENTGATEWAY: Program = Program {
    name: "agentgateway",
    executable: "agentgateway",
    processes: Processes::EachSession,
    health: Health {
        path: "/healthz/ready",
        port: Some(15021),
    },
    memory: 128,
    only_path: None,
    ports: &[15000, 15020, 15021],
    is_modern: true,
    loses: None,
    copies_itself: Some("--copy-self"),
    file: Some(File {
        name: agentgateway::FILE,
        text: agentgateway::config,
    }),
    args: |_| vec!["-f".into(), agentgateway::path()],
};

/// supergateway 4.0 (npm): 126 MiB on Node 20. The server inherits its environment.
static SUPERGATEWAY: Program = Program {
    name: "supergateway",
    executable: "supergateway",
    processes: Processes::EachSession,
    health: Health {
        path: "/healthz",
        port: None,
    },
    memory: 192,
    only_path: None,
    ports: &[],
    is_modern: true,
    loses: None,
    copies_itself: None,
    file: None,
    args: supergateway,
};

/// mcp-proxy 6.7 (npm): 109 MiB on Node 20. The server inherits its environment.
static MCP_PROXY_NODE: Program = Program {
    name: "mcp-proxy-node",
    executable: "mcp-proxy",
    processes: Processes::One,
    health: Health {
        path: "/ping",
        port: None,
    },
    memory: 192,
    only_path: None,
    ports: &[],
    is_modern: true,
    loses: None,
    copies_itself: None,
    file: None,
    args: mcp_proxy_node,
};

/// mcp-proxy 0.13 (PyPI): 55 MiB on Python 3.11.
static MCP_PROXY_PYTHON: Program = Program {
    name: "mcp-proxy-python",
    executable: "mcp-proxy",
    processes: Processes::One,
    health: Health {
        path: "/status",
        port: None,
    },
    memory: 96,
    only_path: Some("/mcp"),
    ports: &[],
    is_modern: false,
    // Python's argparse takes it for its own.
    loses: Some("--"),
    copies_itself: None,
    file: None,
    args: mcp_proxy_python,
};

fn supergateway(callee: &Callee<'_>) -> Vec<String> {
    let mut args = texts(&["--outputTransport", "streamableHttp"]);
    args.extend(["--port".into(), callee.port.to_string()]);
    args.extend(["--streamableHttpPath".into(), callee.path.to_string()]);
    args.extend(texts(&["--healthEndpoint", SUPERGATEWAY.health.path]));
    if !callee.is_stateless {
        args.push("--stateful".into());
    }
    // A shell reads the command. `exec` leaves no shell between the two, and keeps the program from
    // taking a first and a last quote for its own.
    let words: Vec<String> = callee.words.iter().map(|word| shell::quote(word)).collect();
    args.extend(["--stdio".into(), format!("exec {}", words.join(" "))]);
    args
}

fn mcp_proxy_node(callee: &Callee<'_>) -> Vec<String> {
    let mut args = texts(&["--host", "0.0.0.0"]);
    args.extend(["--port".into(), callee.port.to_string()]);
    args.extend(texts(&["--server", "stream"]));
    args.extend(["--streamEndpoint".into(), callee.path.to_string()]);
    // In milliseconds; by default no call takes longer than five minutes.
    args.extend([
        "--requestTimeout".into(),
        (u64::from(callee.longest_call) * 1000).to_string(),
    ]);
    if callee.is_stateless {
        args.push("--stateless".into());
    }
    args.push("--".into());
    args.extend_from_slice(callee.words);
    args
}

fn mcp_proxy_python(callee: &Callee<'_>) -> Vec<String> {
    let mut args = texts(&["--host", "0.0.0.0"]);
    args.extend(["--port".into(), callee.port.to_string()]);
    // Otherwise the server has no variables.
    args.push("--pass-environment".into());
    if callee.is_stateless {
        args.push("--stateless".into());
    }
    args.push("--".into());
    args.extend_from_slice(callee.words);
    args
}

fn texts(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}
