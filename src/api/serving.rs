//! How a server is called and watched: the protocol, probes, metrics, promises.

use schemars::JsonSchema;
use serde::Deserialize;

use super::field::{Field, Off, Placed};
use super::{from, pattern};
use crate::source::Place;

/// How the server speaks MCP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Transport {
    /// Streamable HTTP.
    Http,
    /// The older HTTP with server-sent events.
    Sse,
    /// Standard input and output, behind the bridge that `stdio` names.
    Stdio,
}

/// Whether a session must stay on one pod.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Session {
    /// `stateless` for `protocol: modern` or a single pod, `sticky` otherwise, and wherever several
    /// pods speak `sse`.
    Auto,
    /// Sessions live in a pod's memory: clients stay on one pod.
    Sticky,
    /// Any pod answers any request.
    Stateless,
}

/// Which era of the protocol the server speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Protocol {
    /// Unknown: sessions are assumed.
    Auto,
    /// Up to 2025-11-25, with sessions.
    Legacy,
    /// From 2026-07-28, without sessions.
    Modern,
    /// Both.
    Dual,
}

/// How the kubelet asks whether a pod is well.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename = "$shape")]
#[schemars(rename = "Probes", untagged)]
pub enum Probes {
    /// The word `tcp`.
    #[serde(rename = "text")]
    Word(ProbesWord),
    /// HTTP GET requests, or `tcp: true` with settings.
    #[serde(rename = "mapping")]
    Http(Box<HttpProbes>),
}

impl Probes {
    /// The settings that it stands for; those of a word at `place`.
    #[must_use]
    pub fn settings(&self, place: Place) -> HttpProbes {
        match self {
            Self::Word(ProbesWord::Tcp) => HttpProbes {
                tcp: Field::Given(Placed { value: true, place }),
                ..HttpProbes::default()
            },
            Self::Http(settings) => (**settings).clone(),
        }
    }
}

/// Probes without settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum ProbesWord {
    /// A connection to the port is enough.
    Tcp,
}

/// Probes by HTTP GET.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct HttpProbes {
    /// Whether a connection to the port is enough, as with the word `tcp`.
    #[schemars(extend("default" = false, "x-default-from" = from::GUIDE_OBSERVABILITY))]
    #[schemars(extend("examples" = [true]))]
    pub tcp: Field<bool>,
    /// Path that says the process lives.
    #[schemars(regex(pattern = pattern::PATH))]
    #[schemars(extend("default" = "/health", "x-default-from" = from::GUIDE_OBSERVABILITY))]
    #[schemars(extend("examples" = ["/healthz"]))]
    pub liveness: Field<String>,
    /// Path that says it can serve.
    #[schemars(regex(pattern = pattern::PATH))]
    #[schemars(extend("default" = "/ready", "x-default-from" = from::GUIDE_OBSERVABILITY))]
    #[schemars(extend("examples" = ["/healthz"]))]
    pub readiness: Field<String>,
    /// Port of the probes. Default: the server's.
    #[schemars(range(min = 1, max = 65535), extend("examples" = [9000]))]
    pub port: Field<i64>,
    /// `Host` header of the request, for servers that refuse unknown hosts.
    #[schemars(regex(pattern = pattern::WORD), extend("examples" = ["github.example.com"]))]
    pub host: Field<String>,
    /// How long a start may take, in seconds.
    #[schemars(range(min = 1, max = 3600))]
    #[schemars(extend("default" = 60, "x-default-from" = from::USUAL))]
    #[schemars(extend("examples" = [300]))]
    pub startup_seconds: Field<i64>,
}

impl HttpProbes {
    /// Takes what is not set from `defaults`. Who connects has no paths, who has a path asks for it.
    pub(super) fn inherit(&mut self, defaults: &Self) {
        if self.tcp.value() != Some(&true) && defaults.tcp.value() != Some(&true) {
            self.liveness.or(&defaults.liveness);
            self.readiness.or(&defaults.readiness);
            self.host.or(&defaults.host);
        }
        if self.liveness.is_absent() && self.readiness.is_absent() && self.host.is_absent() {
            self.tcp.or(&defaults.tcp);
        }
        self.port.or(&defaults.port);
        self.startup_seconds.or(&defaults.startup_seconds);
    }
}

/// Where Prometheus finds metrics.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename = "$shape")]
#[schemars(rename = "Metrics", untagged)]
pub enum Metrics {
    /// Nowhere: the server is not scraped.
    #[serde(rename = "false")]
    Off(Off),
    /// At a path and port.
    #[serde(rename = "mapping")]
    At(MetricsEndpoint),
}

/// Path and port of the metrics.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct MetricsEndpoint {
    /// Path.
    #[schemars(regex(pattern = pattern::PATH))]
    #[schemars(extend("default" = "/metrics", "x-default-from" = from::GUIDE_OBSERVABILITY))]
    #[schemars(extend("examples" = ["/prometheus"]))]
    pub path: Field<String>,
    /// Port. Default: the server's.
    #[schemars(range(min = 1, max = 65535), extend("examples" = [9090]))]
    pub port: Field<i64>,
}

/// What the server promises.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Objectives {
    /// Percentage of tool calls that succeed, above 0 and below 100. An alert fires when the rest
    /// is used up too fast.
    #[schemars(extend("exclusiveMinimum" = 0, "exclusiveMaximum" = 100))]
    #[schemars(extend("default" = 99.5, "x-default-from" = from::USUAL))]
    #[schemars(extend("examples" = [99.9]))]
    pub availability: Field<f64>,
    /// What 95 of 100 tool calls stay below; less than `5m`, the largest bucket of the histogram.
    #[schemars(extend("default" = "5s", "x-default-from" = from::USUAL, "examples" = ["2s"]))]
    pub latency: Field<String>,
    /// Calls left of an external API's quota, below which an alert fires.
    #[schemars(range(min = 1))]
    #[schemars(extend("default" = 100, "x-default-from" = from::USUAL))]
    #[schemars(extend("examples" = [500]))]
    pub rate_limit_remaining: Field<i64>,
    /// Requests that one pod can serve at once; an alert fires above nine tenths of them. Default:
    /// no such alert.
    #[schemars(range(min = 1), extend("examples" = [20]))]
    pub concurrent_requests: Field<i64>,
}
