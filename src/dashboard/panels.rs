//! What the dashboard shows, in reading order.
//!
//! Every expression names the chosen jobs and instances, so that a choice on the dashboard holds
//! for all of it; every rate is over `$__rate_interval`, so that zooming keeps it right.

use super::charts::{ALWAYS_GREEN, Charts, Question, Unplaced, from};
use super::grafana::Threshold;
use super::layout::Section;
use crate::promql::{ENDPOINT, ERROR_TYPE, Expr, Metrics, Selector};

/// Grafana's window for rates: at least four scrapes.
const WINDOW: &str = "$__rate_interval";
/// Grafana's unit of a share from 0 to 1.
const SHARE: &str = "percentunit";
const PER_SECOND: &str = "reqps";
const SECONDS: &str = "s";
const COUNT: &str = "short";
/// The colour of what is bad unless it is large.
const BELOW_RED: Threshold = Threshold {
    color: "red",
    value: None,
};

/// The rows that answer questions about `metrics`; `targets` is 1 for every target that is up.
pub fn sections(charts: &Charts, metrics: &Metrics, targets: &Selector) -> Vec<Section> {
    vec![
        Section {
            title: "Overview",
            height: 4,
            panels: overview(charts, metrics, targets),
        },
        Section {
            title: "Traffic",
            height: 8,
            panels: traffic(charts, metrics),
        },
        Section {
            title: "Errors",
            height: 8,
            panels: errors(charts, metrics),
        },
        Section {
            title: "Latency",
            height: 9,
            panels: latency(charts, metrics),
        },
        Section {
            title: "Tools",
            height: 9,
            panels: vec![tools(charts, metrics)],
        },
        Section {
            title: "Limits",
            height: 8,
            panels: limits(charts, metrics),
        },
    ]
}

fn overview(charts: &Charts, metrics: &Metrics, targets: &Selector) -> Vec<Unplaced> {
    let number = |title, description, unit, expr, steps: &[Threshold]| {
        let queries = vec![(expr, String::new())];
        let question = Question {
            title,
            description,
            unit,
            queries,
        };
        charts.number(question, steps)
    };
    let mut panels = vec![
        number(
            "Requests",
            "Tool calls a second.",
            PER_SECOND,
            metrics.requests().rate(WINDOW).sum_by(&[]),
            &[ALWAYS_GREEN],
        ),
        number(
            "Errors",
            "Share of tool calls that failed, when there last were calls.",
            SHARE,
            metrics.error_ratio(&[], WINDOW),
            &[ALWAYS_GREEN, from(0.01, "orange"), from(0.05, "red")],
        ),
        number(
            "P95",
            "95 of 100 tool calls take less than this.",
            SECONDS,
            quantile(metrics, "0.95", &[]),
            &[ALWAYS_GREEN],
        ),
        number(
            "P99",
            "99 of 100 tool calls take less than this.",
            SECONDS,
            quantile(metrics, "0.99", &[]),
            &[ALWAYS_GREEN],
        ),
    ];
    if let Some(concurrent) = metrics.concurrent_requests() {
        panels.push(number(
            "In flight",
            "Requests that are served now.",
            COUNT,
            concurrent.value().sum_by(&[]),
            &[ALWAYS_GREEN],
        ));
    }
    panels.push(number(
        "Targets up",
        "Share of pods whose metrics Prometheus can read.",
        SHARE,
        targets.value().average(),
        &[BELOW_RED, from(0.5, "orange"), from(1.0, "green")],
    ));
    panels
}

fn traffic(charts: &Charts, metrics: &Metrics) -> Vec<Unplaced> {
    vec![
        charts.lines(Question {
            title: "Requests by server",
            description: "Tool calls a second of each server.",
            unit: PER_SECOND,
            queries: vec![(
                metrics.requests().rate(WINDOW).sum_by(metrics.servers()),
                of_server(metrics),
            )],
        }),
        charts.lines(Question {
            title: "Requests by tool",
            description: "Calls of each tool a second.",
            unit: PER_SECOND,
            queries: vec![(
                metrics
                    .requests()
                    .rate(WINDOW)
                    .sum_by(&with(metrics, metrics.tool())),
                of_tool(metrics),
            )],
        }),
    ]
}

fn errors(charts: &Charts, metrics: &Metrics) -> Vec<Unplaced> {
    vec![
        charts.lines(Question {
            title: "Error ratio by server",
            description: "Share of each server's tool calls that failed. Zero for a server without errors; no line for one that nobody calls.",
            unit: SHARE,
            queries: vec![(
                metrics.error_ratio(metrics.servers(), WINDOW),
                of_server(metrics),
            )],
        }),
        charts.lines(Question {
            title: "Errors by type",
            description: "Failed tool calls a second, by what went wrong.",
            unit: PER_SECOND,
            queries: vec![(
                metrics
                    .errors()
                    .rate(WINDOW)
                    .sum_by(&with(metrics, ERROR_TYPE)),
                format!("{} {{{{{ERROR_TYPE}}}}}", of_server(metrics)),
            )],
        }),
    ]
}

fn latency(charts: &Charts, metrics: &Metrics) -> Vec<Unplaced> {
    let line = |quantile_of: &str, name: &str| {
        (
            quantile(metrics, quantile_of, metrics.servers()),
            format!("{} {name}", of_server(metrics)),
        )
    };
    vec![
        charts.lines_with_exemplars(Question {
            title: "Latency by server",
            description: "95 of 100, 99 of 100 and half of the tool calls take less than this. Diamonds are exemplars: they lead to a trace.",
            unit: SECONDS,
            queries: vec![line("0.95", "P95"), line("0.99", "P99"), line("0.5", "P50")],
        }),
        charts.heatmap(Question {
            title: "Latency of all tool calls",
            description: "How many tool calls took how long. Two bands are two kinds of calls, such as hits and misses of a cache.",
            unit: SECONDS,
            queries: vec![(
                metrics.durations().increase(WINDOW).sum_by(&["le"]),
                "{{le}}".into(),
            )],
        }),
    ]
}

fn tools(charts: &Charts, metrics: &Metrics) -> Unplaced {
    let labels = with(metrics, metrics.tool());
    // The job names a server only where no other label does.
    let hidden: Vec<&'static str> = std::iter::once("Time")
        .chain(
            metrics
                .servers()
                .iter()
                .copied()
                .filter(|label| *label != metrics.server()),
        )
        .collect();
    charts.table(
        Question {
            title: "Every tool",
            description: "Every tool that was called, the busiest first.",
            unit: COUNT,
            queries: vec![
                (
                    metrics.requests().rate(WINDOW).sum_by(&labels),
                    String::new(),
                ),
                (metrics.error_ratio(&labels, WINDOW), String::new()),
                (quantile(metrics, "0.95", &labels), String::new()),
            ],
        },
        &hidden,
        &[(metrics.server(), "Server"), (metrics.tool(), "Tool")],
        &[
            ("Value #A", "Requests", PER_SECOND),
            ("Value #B", "Errors", SHARE),
            ("Value #C", "P95", SECONDS),
        ],
    )
}

fn limits(charts: &Charts, metrics: &Metrics) -> Vec<Unplaced> {
    let quota = metrics.rate_limit_remaining().map(|remaining| {
        charts.lines(Question {
            title: "API quota left",
            description: "Calls left until an external API refuses more. Pods share the quota, so the smallest of their values counts.",
            unit: COUNT,
            queries: vec![(remaining.value().min_by(metrics.servers()), of_server(metrics))],
        })
    });
    let calls = metrics.api_calls().map(|calls| {
        charts.lines(Question {
            title: "API calls",
            description: "Calls of external APIs a second, by operation.",
            unit: PER_SECOND,
            queries: vec![(
                calls.rate(WINDOW).sum_by(&with(metrics, ENDPOINT)),
                format!("{} {{{{{ENDPOINT}}}}}", of_server(metrics)),
            )],
        })
    });
    let concurrent = metrics.concurrent_requests().map(|concurrent| {
        charts.lines(Question {
            title: "In flight by server",
            description: "Requests that each server's pods serve now.",
            unit: COUNT,
            queries: vec![(
                concurrent.value().sum_by(metrics.servers()),
                of_server(metrics),
            )],
        })
    });
    [quota, calls, concurrent].into_iter().flatten().collect()
}

/// A quantile of the durations. That of no calls is not a number, which no comparison lets through:
/// a server that nobody calls has no line, rather than a broken one.
fn quantile(metrics: &Metrics, quantile: &str, labels: &[&'static str]) -> Expr {
    let mut labels = labels.to_vec();
    labels.push("le");
    metrics
        .durations()
        .rate(WINDOW)
        .sum_by(&labels)
        .quantile(quantile)
        .operate(">=", Expr::number(0))
}

/// The labels that tell servers apart, and one more.
fn with(metrics: &Metrics, label: &'static str) -> Vec<&'static str> {
    metrics.servers().iter().copied().chain([label]).collect()
}

/// A series called by its server.
fn of_server(metrics: &Metrics) -> String {
    format!("{{{{{}}}}}", metrics.server())
}

/// A series called by its server and tool.
fn of_tool(metrics: &Metrics) -> String {
    format!("{} {{{{{}}}}}", of_server(metrics), metrics.tool())
}
