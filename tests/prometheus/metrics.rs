//! What the servers of the test measure, in both vocabularies.
//!
//! Every number follows from the time since the server's start, so counters move by themselves and
//! one scrape never contradicts itself.

use std::fmt::Write;
use std::time::{Duration, SystemTime};

use super::exporter::Format;

/// Upper bounds of the recommended buckets, in seconds.
const BUCKETS: [&str; 14] = [
    "0.01", "0.02", "0.05", "0.1", "0.2", "0.5", "1", "2", "5", "10", "30", "60", "120", "300",
];

/// What the servers' metrics are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// The guide's names.
    Guide,
    /// OpenTelemetry's.
    Otel,
}

impl Profile {
    /// As a config says it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Guide => "guide",
            Self::Otel => "otel",
        }
    }
}

/// How a server fares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fares {
    /// All goes well, and scrapes show exemplars. There has never been an error, so there is no
    /// series of errors.
    Well,
    /// Half of its calls fail, it is slow and busy, and its quota is used up.
    Badly,
    /// Nobody calls it; its counters are there, and zero.
    Idle,
    /// Its pods do not answer.
    Down,
    /// It has no pods.
    Gone,
}

/// The name of a tool, which a server is free to choose, with all that anybody might read in it.
const HOSTILE: &str = "list \"all\" \\ {{tool}} ${job} | <b>\nétc";

/// Calls of one tool.
struct Calls {
    tool: &'static str,
    /// Calls a second.
    rate: u64,
    /// Of ten calls: how many fail, each type of error.
    fail: &'static [(&'static str, u64)],
    /// They take between these buckets, each as often as the others.
    fastest: usize,
    slowest: usize,
}

impl Fares {
    fn calls(self) -> &'static [Calls] {
        match self {
            Self::Well => &[
                Calls {
                    tool: "search_repos",
                    rate: 20,
                    fail: &[],
                    fastest: 1,
                    slowest: 5,
                },
                Calls {
                    tool: "list_issues",
                    rate: 10,
                    fail: &[],
                    fastest: 0,
                    slowest: 4,
                },
            ],
            Self::Badly => &[
                Calls {
                    tool: "get_object",
                    rate: 20,
                    fail: &[("api_error", 4), ("timeout", 2)],
                    fastest: 5,
                    slowest: 12,
                },
                Calls {
                    tool: HOSTILE,
                    rate: 10,
                    fail: &[("api_error", 3)],
                    fastest: 3,
                    slowest: 11,
                },
            ],
            Self::Idle => &[Calls {
                tool: "ask",
                rate: 0,
                fail: &[("api_error", 1)],
                fastest: 0,
                slowest: 0,
            }],
            Self::Down | Self::Gone => &[],
        }
    }

    /// Endpoint of an external API, calls of it a second, calls left, requests in flight.
    fn resources(self) -> (&'static str, u64, u64, u64) {
        match self {
            Self::Well => ("repos/search", 20, 4200, 2),
            Self::Badly => ("objects/get", 20, 0, 10),
            Self::Idle | Self::Down | Self::Gone => ("answers", 0, 5000, 0),
        }
    }
}

/// The metrics of one pod of `server`, `up` after its start; `None` when it does not answer.
pub fn scrape(
    profile: Profile,
    server: &str,
    fares: Fares,
    up: Duration,
    best: Format,
) -> Option<(Format, String)> {
    let format = match fares {
        Fares::Well => best,
        Fares::Badly | Fares::Idle => Format::Text,
        Fares::Down | Fares::Gone => return None,
    };
    let mut page = Page {
        text: String::new(),
        format,
    };
    match profile {
        Profile::Guide => guide(&mut page, server, fares, up),
        Profile::Otel => otel(&mut page, server, fares, up),
    }
    if format == Format::OpenMetrics {
        page.text.push_str("# EOF\n");
    }
    Some((format, page.text))
}

fn guide(page: &mut Page, server: &str, fares: Fares, up: Duration) {
    let of_tool = |calls: &Calls| vec![("server", server), ("tool", calls.tool)];
    page.counter("mcp_requests");
    for calls in fares.calls() {
        let all = counted(calls.rate, up);
        let failed: u64 = calls.fail.iter().map(|(_, of_ten)| all * of_ten / 10).sum();
        for (status, count) in [("success", all - failed), ("error", failed)] {
            if status == "success" || !calls.fail.is_empty() {
                let labels = [of_tool(calls), vec![("status", status)]].concat();
                page.sample("mcp_requests_total", &labels, count);
            }
        }
    }
    page.family("mcp_request_duration_seconds", "histogram");
    for calls in fares.calls() {
        let all = counted(calls.rate, up);
        page.histogram("mcp_request_duration_seconds", &of_tool(calls), calls, all);
    }
    page.counter("mcp_errors");
    for calls in fares.calls() {
        for (error_type, of_ten) in calls.fail {
            let labels = [of_tool(calls), vec![("error_type", *error_type)]].concat();
            let count = counted(calls.rate, up) * of_ten / 10;
            page.sample("mcp_errors_total", &labels, count);
        }
    }
    let (endpoint, api_calls, left, in_flight) = fares.resources();
    let labels = [("server", server), ("endpoint", endpoint)];
    page.counter("mcp_api_calls");
    page.sample("mcp_api_calls_total", &labels, counted(api_calls, up));
    for (gauge, value) in [
        ("mcp_api_rate_limit_remaining", left),
        ("mcp_concurrent_requests", in_flight),
    ] {
        page.family(gauge, "gauge");
        page.sample(gauge, &[("server", server)], value);
    }
}

/// As the Prometheus exporter of an OpenTelemetry SDK writes it: a series begins with its first
/// measurement. So even the idle server has been called some time ago, and LiteLLM has asked each
/// for its tools.
fn otel(page: &mut Page, server: &str, fares: Fares, up: Duration) {
    const DURATION: &str = "mcp_server_operation_duration_seconds";
    const EARLIER: u64 = 4;
    let scope = [("otel_scope_name", "mcp"), ("otel_scope_version", "")];
    page.family("target_info", "gauge");
    page.sample("target_info", &[("service_name", server)], 1);
    page.family(DURATION, "histogram");
    for method in ["initialize", "tools/list"] {
        let labels = [&scope[..], &[("mcp_method_name", method)]].concat();
        let quick = Calls {
            tool: "",
            rate: 0,
            fail: &[],
            fastest: 0,
            slowest: 0,
        };
        page.histogram(DURATION, &labels, &quick, 3);
    }
    for calls in fares.calls() {
        let all = EARLIER + counted(calls.rate, up);
        let method = [
            ("gen_ai_tool_name", calls.tool),
            ("mcp_method_name", "tools/call"),
        ];
        let labels = [&scope[..], &method].concat();
        let mut succeeded = all;
        for (error_type, of_ten) in calls.fail {
            let failed = all * of_ten / 10;
            succeeded -= failed;
            if failed > 0 {
                let labels = [&labels[..], &[("error_type", *error_type)]].concat();
                page.histogram(DURATION, &labels, calls, failed);
            }
        }
        page.histogram(DURATION, &labels, calls, succeeded);
    }
}

/// What a counter shows that grows by `rate` a second, after `up`.
fn counted(rate: u64, up: Duration) -> u64 {
    let milliseconds = u64::try_from(up.as_millis()).unwrap();
    rate * milliseconds / 1000
}

type Label<'a> = (&'a str, &'a str);

/// A page of metrics.
struct Page {
    text: String,
    format: Format,
}

impl Page {
    /// Opens a family of counters. OpenMetrics calls it without the `_total` of its samples.
    fn counter(&mut self, name: &str) {
        match self.format {
            Format::Text => self.family(&format!("{name}_total"), "counter"),
            Format::OpenMetrics => self.family(name, "counter"),
        }
    }

    fn family(&mut self, name: &str, kind: &str) {
        writeln!(self.text, "# TYPE {name} {kind}").unwrap();
    }

    fn sample(&mut self, name: &str, labels: &[Label<'_>], value: u64) {
        self.series(name, labels, value);
        self.text.push('\n');
    }

    fn series(&mut self, name: &str, labels: &[Label<'_>], value: u64) {
        let labels: Vec<String> = labels
            .iter()
            .map(|(name, value)| format!("{name}=\"{}\"", escaped(value)))
            .collect();
        write!(self.text, "{name}{{{}}} {value}", labels.join(",")).unwrap();
    }

    /// `all` calls, spread evenly over their buckets. In OpenMetrics every bucket with calls of its
    /// own names a trace.
    fn histogram(&mut self, name: &str, labels: &[Label<'_>], calls: &Calls, all: u64) {
        let used = u64::try_from(calls.slowest - calls.fastest + 1).unwrap();
        for (index, bound) in BUCKETS.iter().enumerate() {
            let below = (index + 1).saturating_sub(calls.fastest);
            let below = used.min(u64::try_from(below).unwrap());
            // Clients differ: Go's writes `5`, Python's and everything in OpenMetrics `5.0`.
            let bound = match self.format {
                Format::OpenMetrics if !bound.contains('.') => format!("{bound}.0"),
                _ => (*bound).to_owned(),
            };
            let labels = [labels, &[("le", bound.as_str())]].concat();
            self.series(&format!("{name}_bucket"), &labels, all * below / used);
            if self.format == Format::OpenMetrics
                && (calls.fastest..=calls.slowest).contains(&index)
            {
                self.exemplar(index, &bound);
            }
            self.text.push('\n');
        }
        let infinite = [labels, &[("le", "+Inf")]].concat();
        self.sample(&format!("{name}_bucket"), &infinite, all);
        self.sample(&format!("{name}_sum"), labels, all);
        self.sample(&format!("{name}_count"), labels, all);
    }

    /// A trace of this second, as long as the bucket allows.
    fn exemplar(&mut self, bucket: usize, seconds: &str) {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let now = now.unwrap().as_secs();
        let trace = u128::from(now) << 64 | u128::try_from(bucket).unwrap();
        write!(
            self.text,
            " # {{trace_id=\"{trace:032x}\"}} {seconds} {now}.0"
        )
        .unwrap();
    }
}

/// A label's value between quotes.
fn escaped(value: &str) -> String {
    value
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}
