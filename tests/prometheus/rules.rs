//! The rules: all are evaluated, each has data, and alerts are about servers in trouble only.

use std::collections::BTreeSet;

use super::Platform;
use super::expressions::{self, Expression, ask};
use super::metrics::Profile;

/// Every alert there is, about the server that is to set it off. There is none about the server
/// without errors, the idle one and the one without metrics.
const ALERTS: [(&str, &str); 8] = [
    ("mcp-down", "McpServerDown"),
    ("mcp-gone", "McpServerAbsent"),
    ("mcp-s3", "McpApiRateLimitExhausted"),
    ("mcp-s3", "McpApiRateLimitLow"),
    ("mcp-s3", "McpConcurrencySaturated"),
    ("mcp-s3", "McpErrorBudgetBurn"),
    ("mcp-s3", "McpLatencyP95High"),
    ("mcp-s3", "McpToolErrorRatioHigh"),
];
/// Those about what OpenTelemetry has no metrics of.
const OF_GUIDE_ONLY: [&str; 3] = [
    "McpApiRateLimitExhausted",
    "McpApiRateLimitLow",
    "McpConcurrencySaturated",
];

/// Asks every expression, and looks at what Prometheus itself made of the rules.
fn rules_are_right(profile: Profile) {
    let Platform {
        prometheus, groups, ..
    } = Platform::of(profile);
    let expressions = expressions::of_rules(groups);
    let mut complaints = Vec::new();

    let loaded = prometheus.data("/api/v1/rules", &[]);
    let loaded = loaded["groups"].as_array().unwrap().iter();
    let loaded: Vec<_> = loaded
        .flat_map(|group| group["rules"].as_array().unwrap())
        .collect();
    assert!(!loaded.is_empty());
    assert_eq!(loaded.len(), expressions.len());
    for rule in loaded {
        if rule["health"] != "ok" || rule.get("lastError").is_some() {
            complaints.push(format!("not evaluated: {rule}"));
        }
    }

    let mut with_data = 0;
    for Expression { place, text } in &expressions {
        let answer = ask(prometheus, text);
        let mut complain = |what: &str| complaints.push(format!("{place}: {what}\n  {text}"));
        for complaint in &answer.complaints {
            complain(complaint);
        }
        if answer.series.is_empty() {
            complain("no data");
        } else {
            with_data += 1;
        }
    }
    println!(
        "{}: {} expressions of rules, {with_data} with data",
        profile.name(),
        expressions.len()
    );
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));

    // One that waits for its time to fire counts: the test does not last as long.
    let alerts = prometheus.data("/api/v1/alerts", &[]);
    let alerts = alerts["alerts"].as_array().unwrap().iter();
    let set_off: BTreeSet<_> = alerts
        .map(|alert| {
            let label = |name: &str| alert["labels"][name].as_str().unwrap_or("nobody");
            (label("job"), label("alertname"))
        })
        .collect();
    let expected = ALERTS.into_iter().filter(|(_, alert)| match profile {
        Profile::Guide => true,
        Profile::Otel => !OF_GUIDE_ONLY.contains(alert),
    });
    assert_eq!(set_off, expected.collect());
}

#[test]
#[ignore = "needs the real prometheus: run ./test"]
fn rules_speak_of_servers_in_trouble_and_of_no_others() {
    rules_are_right(Profile::Guide);
}

#[test]
#[ignore = "needs the real prometheus: run ./test"]
fn rules_of_the_otel_profile_speak_of_servers_in_trouble_and_of_no_others() {
    rules_are_right(Profile::Otel);
}
