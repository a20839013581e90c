//! The choices at the top of the dashboard, each narrowing those after it.

use super::charts::PROMETHEUS;
use super::grafana::{
    Choice, DataSourceVariable, QueryVariable, Templating, Variable, VariableQuery,
};
use crate::promql::{JOB, Matcher, Metrics, Selector};

/// What stands for all values: those that a server has at all.
const ALL: &str = ".+";
/// What Grafana calls the choice of all values.
const ALL_CHOICE: (&str, &str) = ("All", "$__all");

/// The choices of targets, by Prometheus' own labels, and what people call them.
pub const TARGET: [(&str, &str); 3] = [
    ("namespace", "Namespace"),
    ("job", "Job"),
    ("instance", "Instance"),
];

/// The values of `label` that are chosen in the variable `name`.
pub fn chosen(label: &'static str, name: &str) -> Matcher {
    Matcher::matches(label, &format!("${name}"))
}

/// The variables of a dashboard about `metrics` of the targets that `of_set` lets through, at first
/// of those in `namespace`. Targets are known from their first scrape, servers and tools from the
/// first call.
pub fn variables(metrics: &Metrics, of_set: Matcher, namespace: &str) -> Templating {
    let requests = metrics.requests().name();
    let server = metrics.server();
    let of_targets = TARGET.map(|(label, title)| (label, title, label, "up"));
    let of_server = (server != JOB).then_some(("server", "Server", server, requests));
    let of_tool = ("tool", "Tool", metrics.tool(), requests);
    let choices = of_targets.into_iter().chain(of_server).chain([of_tool]);

    let mut list = vec![Variable::DataSource(DataSourceVariable {
        name: "datasource",
        label: "Data source",
        query: "prometheus",
        refresh: 1,
    })];
    let mut narrowed = vec![of_set];
    for (name, title, label, metric) in choices {
        let series = Selector::new(metric, narrowed.clone());
        let first = if name == "namespace" {
            (namespace, namespace)
        } else {
            ALL_CHOICE
        };
        list.push(Variable::Query(Box::new(QueryVariable {
            name,
            label: title,
            datasource: PROMETHEUS,
            query: VariableQuery {
                query: format!("label_values({series}, {label})"),
                ref_id: "StandardVariableQuery",
            },
            refresh: 2,
            sort: 1,
            multi: true,
            include_all: true,
            all_value: ALL,
            current: Choice {
                text: vec![first.0.to_owned()],
                value: vec![first.1.to_owned()],
            },
        })));
        narrowed.push(chosen(label, name));
    }
    Templating { list }
}
