//! `monitoring.coreos.com/v1` `PrometheusRule`.

use std::collections::BTreeMap;

use serde::Serialize;

/// What Prometheus computes and when it alerts.
#[derive(Debug, Clone, Serialize)]
pub struct PrometheusRuleSpec {
    /// Groups of rules.
    pub groups: Vec<RuleGroup>,
}

/// Rules that are evaluated one after the other.
#[derive(Debug, Clone, Serialize)]
pub struct RuleGroup {
    /// Its name, unique in the object.
    pub name: String,
    /// Time between two evaluations; absent for Prometheus' own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<&'static str>,
    /// The rules.
    pub rules: Vec<Rule>,
}

/// One rule.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum Rule {
    /// Stores what an expression yields.
    Recording(RecordingRule),
    /// Fires for each series that an expression yields.
    Alerting(AlertingRule),
}

/// Stores what an expression yields.
#[derive(Debug, Clone, Serialize)]
pub struct RecordingRule {
    /// The new metric: `level:metric:operation`.
    pub record: String,
    /// The expression.
    pub expr: String,
}

/// Fires for each series that an expression yields.
#[derive(Debug, Clone, Serialize)]
pub struct AlertingRule {
    /// Its name.
    pub alert: &'static str,
    /// The expression.
    pub expr: String,
    /// How long there must be a result before it fires.
    pub r#for: &'static str,
    /// Further labels of the alert.
    pub labels: BTreeMap<&'static str, String>,
    /// What people are told, with templates of Prometheus.
    pub annotations: BTreeMap<&'static str, String>,
}
