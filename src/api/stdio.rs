//! `servers[].stdio`: what calls a server that reads standard input and writes standard output.

use schemars::JsonSchema;
use serde::Deserialize;

use super::field::{Field, List};
use super::{from, pattern};

/// How a server of `transport: stdio` is called, and how much it takes.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Stdio {
    /// The program between HTTP and the server.
    #[schemars(extend("examples" = [{"program": "agentgateway", "image": "agentgateway:1.4.1-musl"}]))]
    pub bridge: Field<Bridge>,
    /// Sessions at once, each a process of its own; only for programs that start one a session.
    #[schemars(range(min = 1))]
    #[schemars(extend("default" = 10, "x-default-from" = from::USUAL))]
    #[schemars(extend("examples" = [4]))]
    pub sessions: Field<i64>,
    /// Memory of one process of the server.
    #[schemars(extend("default" = "64Mi", "x-default-from" = from::USUAL, "examples" = ["128Mi"]))]
    pub session_memory: Field<String>,
}

impl Stdio {
    /// Takes from `defaults` what this one leaves open.
    pub(super) fn inherit(&mut self, defaults: &Self) {
        self.bridge.or(&defaults.bridge);
        self.sessions.or(&defaults.sessions);
        self.session_memory.or(&defaults.session_memory);
    }
}

/// The program between HTTP and the server.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("required" = ["program"]))]
pub struct Bridge {
    /// Which program it is.
    #[schemars(extend("examples" = ["agentgateway"]))]
    pub program: Field<Program>,
    /// Image that hands its static binary over, held to the same rules as the server's. Default: the
    /// program is in the server's own image.
    #[schemars(regex(pattern = pattern::WORD), extend("examples" = ["agentgateway:1.4.1-musl"]))]
    pub image: Field<String>,
    /// How the program is started in the server's own image. Default: by its name.
    #[schemars(extend("examples" = [["/opt/agentgateway"]]))]
    pub command: Field<List<String>>,
}

/// A program that speaks streamable HTTP and starts a server of standard input and output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Program {
    /// `agentgateway`, from 1.4: a process a session; its musl image can hand it over.
    Agentgateway,
    /// `supergateway` of npm, from 4.0: a process a session, started by a shell.
    Supergateway,
    /// `mcp-proxy` of npm, from 6.0: one process for all sessions.
    McpProxyNode,
    /// `mcp-proxy` of PyPI, from 0.8: one process for all sessions.
    McpProxyPython,
}
