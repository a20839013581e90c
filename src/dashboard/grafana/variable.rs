//! The choices at the top of a dashboard.

use serde::Serialize;

use super::DataSource;

/// The variables of a dashboard.
#[derive(Debug, Clone, Serialize)]
pub struct Templating {
    /// In the order in which they are shown; later ones depend on earlier ones.
    pub list: Vec<Variable>,
}

/// A variable.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Variable {
    /// A choice among data sources.
    DataSource(DataSourceVariable),
    /// A choice among the results of a query.
    Query(Box<QueryVariable>),
}

/// A choice among data sources.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DataSourceVariable {
    /// What panels call it.
    pub name: &'static str,
    /// What people call it.
    pub label: &'static str,
    /// The kind of data source.
    pub query: &'static str,
    /// When the choices are looked up: 1 at load.
    pub refresh: u8,
}

/// A choice among the values of a label.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct QueryVariable {
    /// What panels call it.
    pub name: &'static str,
    /// What people call it.
    pub label: &'static str,
    /// Where the query goes.
    pub datasource: DataSource,
    /// The query.
    pub query: VariableQuery,
    /// When the choices are looked up: 2 whenever the time range changes.
    pub refresh: u8,
    /// How they are sorted: 1 alphabetically.
    pub sort: u8,
    /// Whether several may be chosen.
    pub multi: bool,
    /// Whether all may be chosen.
    pub include_all: bool,
    /// What stands for all of them.
    pub all_value: &'static str,
    /// What is chosen at first.
    pub current: Choice,
}

/// Query of a variable.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VariableQuery {
    /// `label_values(selector, label)`.
    pub query: String,
    /// How Grafana's own editor names it.
    pub ref_id: &'static str,
}

/// A choice among a variable's values.
#[derive(Debug, Clone, Serialize)]
pub struct Choice {
    /// What is shown.
    pub text: Vec<String>,
    /// What is meant.
    pub value: Vec<String>,
}
