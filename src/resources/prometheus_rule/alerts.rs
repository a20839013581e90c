//! The alerts, each with the expression, the wait and the words that a person reads at night.
//!
//! Nothing fires for a server that nobody calls, nor for one without errors. A share of few requests
//! is no share, so ratios and quantiles of the last minutes count from [`ENOUGH`] requests on; and one
//! failure is no trend, so error budgets count from [`SEVERAL`] failures on, however few the requests.

use std::collections::BTreeMap;

use super::recordings::{count, levels, ratio};
use crate::model::{MetricsProfile, Objectives, PageUrl, Server};
use crate::promql::{Expr, INSTANCE, JOB, Matcher, Metrics, NAMESPACE, Selector};
use crate::resources::custom::{AlertingRule, Rule, RuleGroup};

/// Rules of a group at most, the default limit of Mimir's ruler: Prometheus evaluates them one after
/// the other.
const GROUP: usize = 20;
/// Requests from which on a share of them says something.
const ENOUGH: u32 = 20;
/// Failures from which on they use up an error budget.
const SEVERAL: u32 = 5;
/// Window of the alerts that look at the last minutes.
const RECENT: &str = "10m";
/// The share of a tool's calls that may fail.
const TOOL_ERRORS: &str = "0.2";
/// The share of a pod's capacity from which on it counts as full.
const SATURATED: &str = "0.9";

/// Burn rates with their windows (Google, The Site Reliability Workbook, chapter 5). The factor is in
/// tenths: how many times faster than allowed the error budget is used up.
const BURNS: [Burn; 4] = [
    Burn {
        long: "1h",
        short: "5m",
        tenths: 144,
        wait: "2m",
        severity: "critical",
    },
    Burn {
        long: "6h",
        short: "30m",
        tenths: 60,
        wait: "15m",
        severity: "critical",
    },
    Burn {
        long: "1d",
        short: "2h",
        tenths: 30,
        wait: "1h",
        severity: "warning",
    },
    Burn {
        long: "3d",
        short: "6h",
        tenths: 10,
        wait: "3h",
        severity: "warning",
    },
];

struct Burn {
    long: &'static str,
    short: &'static str,
    tenths: u32,
    wait: &'static str,
    severity: &'static str,
}

/// What all rules of an object share.
pub struct Rules<'a> {
    /// What metrics are called.
    pub profile: MetricsProfile,
    /// The servers' namespace.
    pub namespace: &'a str,
    /// The page that says what to do.
    pub runbook: Option<&'a PageUrl>,
}

/// What tells one alert from the others.
struct Alert<'a> {
    name: &'static str,
    expr: Expr,
    wait: &'static str,
    severity: &'static str,
    /// Labels that keep rules of one name apart.
    labels: Vec<(&'static str, &'a str)>,
    summary: &'static str,
    description: String,
}

impl Rules<'_> {
    /// The metrics of `servers`.
    pub fn metrics(&self, servers: &[&Server]) -> Metrics {
        Metrics::new(self.profile, self.scope(servers))
    }

    /// The groups of alerts about `servers`.
    pub fn groups(&self, servers: &[&Server]) -> Vec<RuleGroup> {
        let groups = [
            ("targets", self.targets(servers)),
            ("error-budgets", self.error_budgets(servers)),
            ("tools", vec![self.tool_errors(servers)]),
            ("latency", self.latency(servers)),
            ("limits", self.limits(servers)),
        ];
        groups
            .into_iter()
            .flat_map(|(name, rules)| split(name, &rules))
            .collect()
    }

    fn targets(&self, servers: &[&Server]) -> Vec<Rule> {
        let absent = servers.iter().map(|server| {
            let scope = self.scope(&[server]);
            Selector::new("up", scope).absent()
        });
        let up = Selector::new("up", self.scope(servers)).value();
        vec![
            self.rule(Alert {
                name: "McpServerAbsent",
                expr: Expr::any(absent),
                wait: "10m",
                severity: "critical",
                labels: vec![],
                summary: "Prometheus knows no pod of an MCP server.",
                description: format!(
                    "{WHO} has no scrape target: it has no pod, or its Service or ServiceMonitor is gone."
                ),
            }),
            self.rule(Alert {
                name: "McpServerDown",
                expr: up.sum_by(&[NAMESPACE, JOB]).operate("==", Expr::number(0)),
                wait: "5m",
                severity: "critical",
                labels: vec![],
                summary: "The metrics of an MCP server cannot be read.",
                description: format!(
                    "Prometheus cannot read the metrics of any pod of {WHO}: they are down, serve them at another path or port, or a network policy keeps Prometheus out."
                ),
            }),
        ]
    }

    fn error_budgets(&self, servers: &[&Server]) -> Vec<Rule> {
        let mut rules = Vec::new();
        for (availability, servers) in grouped(servers, |objectives| objectives.availability) {
            let (metrics, scope) = (self.metrics(&servers), self.scope(&servers));
            let objective = availability.to_string();
            let budget = availability.budget_per_million();
            // A share above 1 cannot be reached: that alert would be silent for ever.
            for burn in BURNS
                .iter()
                .filter(|burn| burn.tenths * budget < 10_000_000)
            {
                let limit = Expr::number(factor(burn.tenths))
                    .operate("*", Expr::number(availability.budget()));
                let above = |window| ratio(&metrics, window, &scope).operate(">", limit.clone());
                let several =
                    count(&metrics, burn.long, &scope).operate(">=", Expr::number(SEVERAL));
                rules.push(self.rule(Alert {
                    name: "McpErrorBudgetBurn",
                    expr: Expr::all([above(burn.long), above(burn.short), several]),
                    wait: burn.wait,
                    severity: burn.severity,
                    labels: vec![("objective", &objective), ("window", burn.long)],
                    summary: "An MCP server fails more tool calls than its objective allows.",
                    description: format!(
                        "{{{{ $value | humanizePercentage }}}} of the tool calls of {WHO} failed in the last {}; its objective of {objective} % allows {} %.",
                        burn.long,
                        availability.budget_percent(),
                    ),
                }));
            }
        }
        rules
    }

    fn tool_errors(&self, servers: &[&Server]) -> Rule {
        let metrics = self.metrics(servers);
        let mut labels = levels(&metrics);
        labels.push(metrics.tool());
        let errors = metrics
            .error_ratio(&labels, RECENT)
            .operate(">", Expr::number(TOOL_ERRORS));
        self.rule(Alert {
            name: "McpToolErrorRatioHigh",
            expr: Expr::all([errors, enough(&metrics, &labels)]),
            wait: "10m",
            severity: "warning",
            labels: vec![],
            summary: "A tool of an MCP server fails often.",
            description: format!(
                "{{{{ $value | humanizePercentage }}}} of the calls of the tool {{{{ $labels.{} }}}} of {WHO} failed in the last {RECENT}.",
                metrics.tool()
            ),
        })
    }

    fn latency(&self, servers: &[&Server]) -> Vec<Rule> {
        let mut rules = Vec::new();
        for (latency, servers) in grouped(servers, |objectives| objectives.latency) {
            let metrics = self.metrics(&servers);
            let labels = levels(&metrics);
            let mut buckets = labels.clone();
            buckets.push("le");
            let quantile = metrics
                .durations()
                .rate(RECENT)
                .sum_by(&buckets)
                .quantile("0.95")
                .operate(">", Expr::number(latency.seconds()));
            let objective = latency.to_string();
            rules.push(self.rule(Alert {
                name: "McpLatencyP95High",
                expr: Expr::all([quantile, enough(&metrics, &labels)]),
                wait: "10m",
                severity: "warning",
                labels: vec![("objective", &objective)],
                summary: "Tool calls of an MCP server take long.",
                description: format!(
                    "Five of 100 tool calls of {WHO} took longer than {{{{ $value | humanizeDuration }}}} in the last {RECENT}; its objective is {objective}."
                ),
            }));
        }
        rules
    }

    fn limits(&self, servers: &[&Server]) -> Vec<Rule> {
        let mut rules = Vec::new();
        for (least, servers) in grouped(servers, |objectives| objectives.rate_limit_remaining) {
            let metrics = self.metrics(&servers);
            if let Some(remaining) = remaining(&metrics) {
                rules.push(self.rule(Alert {
                    name: "McpApiRateLimitLow",
                    expr: remaining.operate("<", Expr::number(least)),
                    wait: "5m",
                    severity: "warning",
                    labels: vec![("objective", &least.to_string())],
                    summary: "An MCP server has used up most of an external API's quota.",
                    description: format!(
                        "{WHO} has {{{{ $value }}}} calls left until an external API refuses more."
                    ),
                }));
            }
        }
        let metrics = self.metrics(servers);
        if let Some(remaining) = remaining(&metrics) {
            rules.push(self.rule(Alert {
                name: "McpApiRateLimitExhausted",
                expr: remaining.operate("<=", Expr::number(0)),
                wait: "2m",
                severity: "critical",
                labels: vec![],
                summary: "An MCP server has used up an external API's quota.",
                description: format!("{WHO} has no calls left: an external API refuses more."),
            }));
        }
        for (limit, servers) in grouped(servers, |objectives| objectives.concurrent_requests) {
            let metrics = self.metrics(&servers);
            if let (Some(limit), Some(concurrent)) = (limit, metrics.concurrent_requests()) {
                let most = concurrent.value().max_by(&levels(&metrics));
                let full = Expr::number(SATURATED).operate("*", Expr::number(limit));
                rules.push(self.rule(Alert {
                    name: "McpConcurrencySaturated",
                    expr: most.operate(">", full),
                    wait: "10m",
                    severity: "warning",
                    labels: vec![("objective", &limit.to_string())],
                    summary: "A pod of an MCP server serves nearly as many requests as it can.",
                    description: format!(
                        "A pod of {WHO} serves {{{{ $value }}}} requests at once, of {limit} that it can."
                    ),
                }));
            }
        }
        rules
    }

    fn rule(&self, alert: Alert<'_>) -> Rule {
        let mut labels: BTreeMap<&'static str, String> = alert
            .labels
            .into_iter()
            .map(|(label, value)| (label, value.to_owned()))
            .collect();
        labels.insert("severity", alert.severity.into());
        let mut annotations = BTreeMap::from([
            ("summary", alert.summary.to_owned()),
            ("description", alert.description),
        ]);
        if let Some(page) = self.runbook {
            annotations.insert(
                "runbook_url",
                format!("{page}#{}", alert.name.to_ascii_lowercase()),
            );
        }
        Rule::Alerting(AlertingRule {
            alert: alert.name,
            expr: alert.expr.lines(),
            r#for: alert.wait,
            labels,
            annotations,
        })
    }

    /// The targets of `servers`, by their jobs.
    fn scope(&self, servers: &[&Server]) -> Vec<Matcher> {
        let jobs: Vec<&str> = servers
            .iter()
            .map(|server| server.names.workload.as_str())
            .collect();
        vec![
            Matcher::is(NAMESPACE, self.namespace),
            Matcher::one_of(JOB, &jobs),
        ]
    }
}

/// `rules` in groups of at most [`GROUP`]: `name`, `name-2` and so on.
fn split(name: &str, rules: &[Rule]) -> Vec<RuleGroup> {
    let parts = (1..).zip(rules.chunks(GROUP));
    parts
        .map(|(number, rules)| RuleGroup {
            name: match number {
                1 => name.to_owned(),
                _ => format!("{name}-{number}"),
            },
            interval: None,
            rules: rules.to_vec(),
        })
        .collect()
}

/// Whom an alert is about, in Prometheus' templates.
const WHO: &str = "{{ $labels.job }} in {{ $labels.namespace }}";

/// At least [`ENOUGH`] requests in the last minutes, for each value of `labels`.
fn enough(metrics: &Metrics, labels: &[&str]) -> Expr {
    metrics
        .requests()
        .increase(RECENT)
        .sum_by(labels)
        .operate(">=", Expr::number(ENOUGH))
}

/// Calls left of an external API's quota, which the pods of a server share. A pod that nobody calls
/// keeps the number of its last call, so only pods that were called in the last minutes count.
fn remaining(metrics: &Metrics) -> Option<Expr> {
    let mut of_pod = levels(metrics);
    of_pod.push(INSTANCE);
    let remaining = metrics.rate_limit_remaining()?.value().min_by(&of_pod);
    let called = metrics
        .requests()
        .increase(RECENT)
        .sum_by(&of_pod)
        .operate(">", Expr::number(0));
    Some(Expr::all([remaining, called]).min_by(&levels(metrics)))
}

/// A factor in tenths, as a decimal.
fn factor(tenths: u32) -> String {
    match (tenths / 10, tenths % 10) {
        (whole, 0) => whole.to_string(),
        (whole, tenth) => format!("{whole}.{tenth}"),
    }
}

/// `servers` by an objective, each group in their order, the groups by the objective.
fn grouped<'s, K: Ord>(
    servers: &[&'s Server],
    objective: impl Fn(&Objectives) -> K,
) -> BTreeMap<K, Vec<&'s Server>> {
    let mut groups: BTreeMap<K, Vec<&Server>> = BTreeMap::new();
    for server in servers {
        groups
            .entry(objective(&server.objectives))
            .or_default()
            .push(server);
    }
    groups
}
