//! When a person is told: recording and alerting rules.
//!
//! Every expression names the namespace and the jobs of this set, so that sets do not alert on each
//! other's servers. Servers with the same objective share a rule.

mod alerts;
mod recordings;

use super::custom::{Custom, PrometheusRuleSpec};
use super::metadata;
use crate::model::{Alerts, Server, Set};

/// Servers that share an object. prometheus-operator makes a file of each, in a ConfigMap of at most
/// 512 KiB; this many stay far below.
const SERVERS: usize = 50;

/// PrometheusRules of all servers that have metrics.
pub fn prometheus_rules(
    set: &Set,
    alerts: &Alerts,
) -> impl Iterator<Item = Custom<PrometheusRuleSpec>> {
    let scraped: Vec<&Server> = set
        .by_name()
        .into_iter()
        .filter(|server| server.metrics.is_some())
        .collect();
    let parts: Vec<Vec<&Server>> = scraped.chunks(SERVERS).map(<[_]>::to_vec).collect();
    (1..)
        .zip(parts)
        .map(move |(number, servers)| prometheus_rule(set, alerts, number, &servers))
}

fn prometheus_rule(
    set: &Set,
    alerts: &Alerts,
    number: usize,
    servers: &[&Server],
) -> Custom<PrometheusRuleSpec> {
    let monitoring = &set.platform.monitoring;
    let name = match number {
        1 => set.names.alerts.to_string(),
        _ => format!("{}-{number}", set.names.alerts),
    };
    let mut object_metadata = set.metadata(&name, &monitoring.namespace);
    object_metadata
        .labels
        .get_or_insert_default()
        .extend(metadata::texts(&monitoring.labels));
    let rules = alerts::Rules {
        profile: monitoring.profile,
        namespace: set.namespace.as_str(),
        runbook: alerts.runbook.as_ref(),
    };
    Custom {
        api_version: "monitoring.coreos.com/v1",
        kind: "PrometheusRule",
        metadata: object_metadata,
        spec: PrometheusRuleSpec {
            groups: recordings::groups(&rules.metrics(servers))
                .into_iter()
                .chain(rules.groups(servers))
                .collect(),
        },
    }
}
