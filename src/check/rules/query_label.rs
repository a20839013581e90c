//! Alerts and dashboards ask for labels that there are.

use std::collections::BTreeSet;

use super::query_target::COPIED;
use super::{Context, Found, Rule};
use crate::check::queries::{Queries, candidates, demands, is_of_servers};
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP085",
    name: "query-label",
    title: "the labels of Kubernetes that alerts and dashboards ask for are copied by a monitor",
    severity: Severity::Error,
    why: "Prometheus knows no label of a Service or pod that the monitor does not name: the selector finds nothing, and no alert fires.",
    fix: "list the label under `targetLabels` (of the Service) or `podTargetLabels` of the monitor",
    source: "closed references; facts on prometheus-operator: target labels",
    good: scraped_server!(
        "targetLabels: [app.kubernetes.io/name]"
        "{alert: A, expr: 'sum by (app_kubernetes_io_name) (mcp_concurrent_requests) > 9'}"
    ),
    broken_by: &[(
        "  targetLabels: [app.kubernetes.io/name]
",
        "",
    )],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    let Some(Queries { all, targets }) = context.queries else {
        return;
    };
    let mut told = BTreeSet::new();
    for query in all {
        let mut missing = Vec::new();
        let selectors = query.reading.selectors.iter();
        for selected in selectors.filter(|selected| is_of_servers(selected, targets)) {
            let labels = demands(selected).map(|(matcher, _)| matcher.label.as_str());
            for label in labels.filter(|label| label.starts_with(COPIED)) {
                if !candidates(selected, targets).any(|target| target.has(label)) {
                    missing.push(label);
                }
            }
        }
        // `label_replace` makes labels.
        let makes_labels = query.reading.functions.iter();
        let makes_labels = makes_labels.clone().any(|name| name.starts_with("label_"));
        if !makes_labels && query.is_about_servers(targets) {
            let labels = query.reading.labels.iter().map(String::as_str);
            let labels = labels.filter(|label| label.starts_with(COPIED));
            missing.extend(labels.filter(|label| !targets.iter().any(|target| target.has(label))));
        }
        for label in missing {
            if told.insert((query.object.namespace(), query.object.name(), label)) {
                let message = format!(
                    "`{}` asks for `{label}`, which no monitor copies",
                    query.name
                );
                found.add(query.object, query.at, message);
            }
        }
    }
}
