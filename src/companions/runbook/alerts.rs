//! What to do about each alert: `runbookUrl` leads to these headings.

use super::page::Page;
use super::part_of;
use crate::companions::ask::kubectl;
use crate::model::Set;
use crate::shell::Command;

/// The section.
pub fn write(page: &mut Page, set: &Set) {
    page.heading(2, "Alerts");
    page.paragraph("`job` in an alert is the name of the Deployment and of the Service.");
    let namespace = set.namespace.as_str();
    let part_of = part_of(set);
    let pods = kubectl("get", namespace, &["pods", "-l", &part_of, "-o", "wide"]);
    let events = kubectl("get", namespace, &["events", "--sort-by=.lastTimestamp"]);
    let logs = kubectl(
        "logs",
        namespace,
        &["-l", &part_of, "--tail=100", "--prefix"],
    );
    let monitors = kubectl(
        "get",
        set.platform.monitoring.namespace.as_str(),
        &["servicemonitor", set.names.monitor.as_str(), "-o", "yaml"],
    );
    let endpoints = kubectl("get", namespace, &["endpointslices", "-l", &part_of]);
    let policies = kubectl("get", namespace, &["networkpolicy"]);
    let top = kubectl("top", namespace, &["pods", "-l", &part_of]);

    let mut alert = |name: &str, text: &str, commands: &[&Command]| {
        page.heading(3, name);
        page.paragraph(text);
        page.commands(commands.iter().copied().cloned());
    };
    alert(
        "McpServerAbsent",
        "Prometheus knows no pod of the server: the Deployment has none, its Service selects none, or the ServiceMonitor is gone or not selected.",
        &[&pods, &endpoints, &monitors, &events],
    );
    alert(
        "McpServerDown",
        "There are pods, and the metrics of none can be read: they crash, serve metrics at another path or port than the config says, or a policy keeps Prometheus out.",
        &[&pods, &logs, &policies],
    );
    alert(
        "McpErrorBudgetBurn",
        "More tool calls fail than the objective allows. The dashboard's \"Errors by type\" says what kind, its table of tools where.",
        &[&logs, &pods],
    );
    alert(
        "McpToolErrorRatioHigh",
        "One tool fails often, and the others may be well: look at the API behind it and at its credentials.",
        &[&logs],
    );
    alert(
        "McpLatencyP95High",
        "Tool calls take long: an API is slow or out of quota, or the pods have too little CPU.",
        &[&top, &logs],
    );
    alert(
        "McpApiRateLimitLow",
        "The quota of an external API is nearly used up. See on the dashboard who calls, and raise the quota or lower the rate.",
        &[&logs],
    );
    alert(
        "McpApiRateLimitExhausted",
        "The quota of an external API is used up: calls fail until it is renewed.",
        &[&logs],
    );
    alert(
        "McpConcurrencySaturated",
        "A pod serves nearly as many requests as it can: give the server more replicas.",
        &[&top, &pods],
    );
}
