//! What MCP servers measure, in each of the two vocabularies.
//!
//! The guide's names are counters and a histogram of their own. OpenTelemetry has one histogram, of
//! which the requests are the count and the errors those with an `error_type`; it knows neither
//! quotas nor concurrency. Dashboards and rules ask for what they need here, and leave out what a
//! vocabulary does not have.

use super::{Expr, Matcher, Selector};
use crate::model::MetricsProfile;

/// The histogram of OpenTelemetry's semantic conventions for MCP, as Prometheus spells it.
const OPERATION_COUNT: &str = "mcp_server_operation_duration_seconds_count";
const OPERATION_BUCKET: &str = "mcp_server_operation_duration_seconds_bucket";
/// Of all that a server does, what the guide calls a request.
const TOOL_CALL: (&str, &str) = ("mcp_method_name", "tools/call");

/// What kind of error it was, in both vocabularies.
pub const ERROR_TYPE: &str = "error_type";
/// Which operation of an external API was called.
pub const ENDPOINT: &str = "endpoint";

/// The metrics of some servers.
#[derive(Debug, Clone)]
pub struct Metrics {
    profile: MetricsProfile,
    scope: Vec<Matcher>,
    tools: Option<Matcher>,
}

impl Metrics {
    /// The metrics of the targets that `scope` lets through.
    #[must_use]
    pub fn new(profile: MetricsProfile, scope: Vec<Matcher>) -> Self {
        Self {
            profile,
            scope,
            tools: None,
        }
    }

    /// The metrics of those servers that Grafana's variable `server` names, and of those tools that
    /// `tool` names.
    #[must_use]
    pub fn of_chosen(mut self) -> Self {
        if self.profile == MetricsProfile::Guide {
            self.scope.push(Matcher::matches(SERVER, "$server"));
        }
        self.tools = Some(Matcher::matches(self.tool(), "$tool"));
        self
    }

    /// The label that names a server to people.
    #[must_use]
    pub fn server(&self) -> &'static str {
        match self.profile {
            MetricsProfile::Guide => SERVER,
            MetricsProfile::Otel => JOB,
        }
    }

    /// The labels that tell the servers of a namespace apart. The target's job is one of them: it
    /// is decided by the cluster, whatever a server says of itself.
    #[must_use]
    pub fn servers(&self) -> &'static [&'static str] {
        match self.profile {
            MetricsProfile::Guide => &[JOB, SERVER],
            MetricsProfile::Otel => &[JOB],
        }
    }

    /// The label that names a tool.
    #[must_use]
    pub fn tool(&self) -> &'static str {
        match self.profile {
            MetricsProfile::Guide => "tool",
            MetricsProfile::Otel => "gen_ai_tool_name",
        }
    }

    /// Counter of requests.
    #[must_use]
    pub fn requests(&self) -> Selector {
        match self.profile {
            MetricsProfile::Guide => self.of_tools("mcp_requests_total"),
            MetricsProfile::Otel => self.tool_calls(OPERATION_COUNT),
        }
    }

    /// Counter of requests that failed.
    #[must_use]
    pub fn errors(&self) -> Selector {
        match self.profile {
            MetricsProfile::Guide => self.of_tools("mcp_errors_total"),
            MetricsProfile::Otel => self
                .tool_calls(OPERATION_COUNT)
                .and(Matcher::is_not(ERROR_TYPE, "")),
        }
    }

    /// Counters of requests by duration in seconds: the buckets of a histogram.
    #[must_use]
    pub fn durations(&self) -> Selector {
        match self.profile {
            MetricsProfile::Guide => self.of_tools("mcp_request_duration_seconds_bucket"),
            MetricsProfile::Otel => self.tool_calls(OPERATION_BUCKET),
        }
    }

    /// Gauge of requests that are served now.
    #[must_use]
    pub fn concurrent_requests(&self) -> Option<Selector> {
        self.of_guide("mcp_concurrent_requests")
    }

    /// Gauge of calls left of an external API's quota.
    #[must_use]
    pub fn rate_limit_remaining(&self) -> Option<Selector> {
        self.of_guide("mcp_api_rate_limit_remaining")
    }

    /// Counter of calls of external APIs.
    #[must_use]
    pub fn api_calls(&self) -> Option<Selector> {
        self.of_guide("mcp_api_calls_total")
    }

    /// The share of requests that failed over `window`, from 0 to 1, for each value of `labels`.
    ///
    /// A server without errors has no error series, so zero stands in for it; an idle one has no
    /// share at all, rather than 0/0.
    #[must_use]
    pub fn error_ratio(&self, labels: &[&str], window: &str) -> Expr {
        let requests = self.requests().rate(window).sum_by(labels);
        let none = Expr::number(0).operate("*", requests.clone());
        let errors = self.errors().rate(window).sum_by(labels);
        let requests = requests.operate(">", Expr::number(0));
        Expr::any([errors, none]).operate("/", requests)
    }

    fn of_tools(&self, metric: &'static str) -> Selector {
        let scope = self.scope.iter().chain(&self.tools);
        Selector::new(metric, scope.cloned().collect())
    }

    fn tool_calls(&self, metric: &'static str) -> Selector {
        self.of_tools(metric)
            .and(Matcher::is(TOOL_CALL.0, TOOL_CALL.1))
    }

    fn of_guide(&self, metric: &'static str) -> Option<Selector> {
        match self.profile {
            MetricsProfile::Guide => Some(Selector::new(metric, self.scope.clone())),
            MetricsProfile::Otel => None,
        }
    }
}

/// The set that a target belongs to: its Service's label `app.kubernetes.io/part-of`, as
/// prometheus-operator spells it.
pub const SET: &str = "app_kubernetes_io_part_of";
/// Which pod it is, by address and port.
pub const INSTANCE: &str = "instance";
/// The target's namespace.
pub const NAMESPACE: &str = "namespace";
/// Which server's target it is: its Service's label `app.kubernetes.io/name`, as the ServiceMonitor
/// says.
pub const JOB: &str = "job";
/// The guide's label for a server's own name.
const SERVER: &str = "server";
