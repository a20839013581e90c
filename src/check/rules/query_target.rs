//! Alerts and dashboards are about what is scraped.

use std::collections::BTreeSet;

use super::{Context, Found, Rule};
use crate::check::queries::{Queries, candidates, demands, is_of_servers, namespaces};
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP084",
    name: "query-target",
    title: "the jobs and Services of alerts and dashboards are those of what is scraped",
    severity: Severity::Error,
    why: "An alert about series that there are none of never fires, and a panel stays empty: nobody is told of either. `job` is the value of the Service's label that `jobLabel` names, or else the name of the Service.",
    fix: "write the job that the monitor yields, or declare what is scraped elsewhere with `--external Service/JOB`",
    source: "closed references; facts on prometheus-operator: target labels",
    good: scraped_server!(
        "jobLabel: app.kubernetes.io/name"
        "{alert: A, expr: 'absent(up{namespace=\"mcp\", job=\"a\"})'}"
    ),
    broken_by: &[(
        "  jobLabel: app.kubernetes.io/name
",
        "",
    )],
    check,
};

/// Labels that the operator gives every target of a Service.
const OWN: [&str; 2] = ["job", "service"];
/// How the standard labels are spelt in Prometheus.
pub const COPIED: &str = "app_kubernetes_io_";

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    let Some(Queries { all, targets }) = context.queries else {
        return;
    };
    let mut told = BTreeSet::new();
    for query in all {
        let selectors = query.reading.selectors.iter();
        for selected in selectors.filter(|selected| is_of_servers(selected, targets)) {
            let candidates = candidates(selected, targets);
            for (matcher, values) in demands(selected) {
                let label = matcher.label.as_str();
                if !OWN.contains(&label) && !label.starts_with(COPIED) {
                    continue;
                }
                let mut with_label = candidates.clone().filter(|target| target.has(label));
                // A label that none has is another rule's.
                if with_label.next().is_none() {
                    continue;
                }
                for value in values.into_iter().flatten() {
                    let object = (query.object.namespace(), query.object.name());
                    let asked = (object, namespaces(selected), label, value.clone());
                    // Most rules of an object ask for the same.
                    if !told.insert(asked) {
                        continue;
                    }
                    let mut candidates = candidates.clone();
                    let is_known = candidates.any(|target| target.may_be(label, &value))
                        || OWN.contains(&label) && context.settings.is_external("Service", &value);
                    if !is_known {
                        let name = &query.name;
                        let message =
                            format!("`{name}` is about `{label}=\"{value}\"`, and nothing here is");
                        found.add(query.object, query.at, message);
                    }
                }
            }
        }
    }
}
