//! Error ratios over long windows, computed once for all alerts that compare with them.

use crate::promql::{Expr, Matcher, Metrics, NAMESPACE};
use crate::resources::custom::{RecordingRule, Rule, RuleGroup};

/// Windows of which a new value is wanted as often as Prometheus evaluates rules.
const SHORT: [&str; 4] = ["5m", "30m", "1h", "2h"];
/// Windows that move slowly and cost much to compute.
const LONG: [&str; 3] = ["6h", "1d", "3d"];
/// Time between two evaluations of the long windows: a result stays visible for five minutes, so some
/// may fail before an alert's wait begins anew.
const LONG_INTERVAL: &str = "1m";
/// Windows in which failed requests are counted: the long ones of the alerts.
const COUNTED: [&str; 4] = ["1h", "6h", "1d", "3d"];

/// The rules that record ratios and counts of `metrics`.
pub fn groups(metrics: &Metrics) -> [RuleGroup; 2] {
    let group = |name: &str, interval, windows: &[&str]| RuleGroup {
        name: name.to_owned(),
        interval,
        rules: windows
            .iter()
            .flat_map(|window| rules(metrics, window))
            .collect(),
    };
    [
        group("error-ratios", None, &SHORT),
        group("error-ratios-long", Some(LONG_INTERVAL), &LONG),
    ]
}

fn rules(metrics: &Metrics, window: &str) -> Vec<Rule> {
    let labels = levels(metrics);
    let rule = |record, expr: Expr| {
        Rule::Recording(RecordingRule {
            record,
            expr: expr.lines(),
        })
    };
    let mut rules = vec![rule(
        ratio_name(metrics, window),
        metrics.error_ratio(&labels, window),
    )];
    if COUNTED.contains(&window) {
        rules.push(rule(
            count_name(metrics, window),
            metrics.errors().increase(window).sum_by(&labels),
        ));
    }
    rules
}

/// The labels that tell servers apart in all of a Prometheus.
pub fn levels(metrics: &Metrics) -> Vec<&'static str> {
    std::iter::once(NAMESPACE)
        .chain(metrics.servers().iter().copied())
        .collect()
}

/// The recorded share of requests that failed over `window`.
pub fn ratio(metrics: &Metrics, window: &str, scope: &[Matcher]) -> Expr {
    Expr::recorded(&ratio_name(metrics, window), scope)
}

/// The recorded number of requests that failed over `window`, one of those that are counted.
pub fn count(metrics: &Metrics, window: &str, scope: &[Matcher]) -> Expr {
    Expr::recorded(&count_name(metrics, window), scope)
}

fn ratio_name(metrics: &Metrics, window: &str) -> String {
    format!(
        "{}:mcp_errors:ratio_rate{window}",
        levels(metrics).join("_")
    )
}

fn count_name(metrics: &Metrics, window: &str) -> String {
    format!("{}:mcp_errors:increase{window}", levels(metrics).join("_"))
}
