//! A scrape ends before the next begins.

use super::{Context, Found, Rule};
use crate::manifest::At;
use crate::model::PrometheusDuration;
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP087",
    name: "scrape-timeout",
    title: "no scrape may take longer than its interval",
    severity: Severity::Error,
    why: "prometheus-operator refuses the whole monitor, and says so in its log only: none of its targets is scraped.",
    fix: "write a `scrapeTimeout` of the `interval` or less",
    source: "facts on prometheus-operator: validation of ServiceMonitors",
    good: "\
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: a}
spec:
  selector: {matchLabels: {app: a}}
  endpoints:
  - {port: http, interval: 30s, scrapeTimeout: 10s}
",
    broken_by: &[("scrapeTimeout: 10s", "scrapeTimeout: 1m")],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    let kinds = [
        ("ServiceMonitor", "spec.endpoints"),
        ("PodMonitor", "spec.podMetricsEndpoints"),
    ];
    for (kind, endpoints) in kinds {
        for monitor in context.input.manifests.of_kind(kind) {
            for endpoint in monitor.at(endpoints).items() {
                let at = endpoint.get("scrapeTimeout");
                let interval = endpoint.get("interval");
                if let (Some(timeout), Some(each)) = (duration(at), duration(interval))
                    && timeout.as_millis() > each.as_millis()
                {
                    let message =
                        format!("a scrape may take {timeout}, and there is one each {each}");
                    found.add(monitor, at, message);
                }
            }
        }
    }
}

fn duration(at: At<'_>) -> Option<PrometheusDuration> {
    PrometheusDuration::parse(at.text()?).ok()
}
