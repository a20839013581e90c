//! The choices at the top of the dashboard, each narrowing those after it.

use super::charts::PROMETHEUS;
use super::grafana::{
    Choice, DataSourceVariable, QueryVariable, Templating, Variable, VariableQuery,
};
use crate::promql::{Matcher, Metrics, Selector};

/// What stands for all values: those that a server has at all.
const ALL: &str = ".+";
/// What Grafana calls the choice of all values.
const ALL_CHOICE: (&str, &str) = ("All", "$__all");

/// The choices of targets, with the variables' names: by Prometheus' own labels.
pub const TARGET: [(&str, &str, &str); 3] = [
    ("namespace", "Namespace", "$namespace"),
    ("job", "Job", "$job"),
    ("instance", "Instance", "$instance"),
];

/// The variables of a dashboard about `metrics`, at first about `namespace`.
pub fn variables(metrics: &Metrics, namespace: &str) -> Templating {
    let requests = metrics.requests().name();
    let server = (metrics.server() != "job").then_some(("server", "Server", metrics.server()));
    let choices = TARGET
        .map(|(name, label, _)| (name, label, name))
        .into_iter()
        .chain(server)
        .chain([("tool", "Tool", metrics.tool())]);
    let mut list = vec![Variable::DataSource(DataSourceVariable {
        name: "datasource",
        label: "Data source",
        query: "prometheus",
        refresh: 1,
    })];
    let mut chosen = Vec::new();
    for (name, label, of) in choices {
        let series = Selector::new(requests, chosen.clone());
        let query = format!("label_values({series}, {of})");
        let (text, value) = if name == "namespace" {
            (namespace, namespace)
        } else {
            ALL_CHOICE
        };
        list.push(Variable::Query(Box::new(QueryVariable {
            name,
            label,
            datasource: PROMETHEUS,
            query: VariableQuery {
                query,
                ref_id: "StandardVariableQuery",
            },
            refresh: 2,
            sort: 1,
            multi: true,
            include_all: true,
            all_value: ALL,
            current: Choice {
                text: vec![text.to_owned()],
                value: vec![value.to_owned()],
            },
        })));
        chosen.push(Matcher::matches(of, &format!("${name}")));
    }
    Templating { list }
}
