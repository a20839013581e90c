//! What all panels with queries have: queries, units and colours, transformations.

use std::collections::BTreeMap;

use serde::Serialize;

use super::DataSource;

/// A panel that shows the results of queries.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Chart<O> {
    /// What it shows, and how to read it.
    pub description: String,
    /// Where the queries go.
    pub datasource: DataSource,
    /// The queries.
    pub targets: Vec<Target>,
    /// Units and colours.
    pub field_config: FieldConfig,
    /// What only this kind of panel has.
    pub options: O,
    /// What happens to the results before they are shown.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub transformations: Vec<Transformation>,
}

/// A query.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Target {
    /// Its letter.
    pub ref_id: &'static str,
    /// Where it goes.
    pub datasource: DataSource,
    /// The expression.
    pub expr: String,
    /// How a series is called.
    pub legend_format: String,
    /// Least time between two points. `$__rate_interval` is four times this, and so never shorter
    /// than rates need, whatever the data source's own setting.
    pub interval: String,
    /// Whether points over time are asked for.
    pub range: bool,
    /// Whether only the newest point is asked for.
    pub instant: bool,
    /// How the answer is laid out.
    pub format: &'static str,
    /// Whether exemplars are shown: points that lead to a trace.
    pub exemplar: bool,
}

/// Units and colours of a panel.
#[derive(Debug, Clone, Serialize)]
pub struct FieldConfig {
    /// For all series.
    pub defaults: FieldDefaults,
    /// For some.
    pub overrides: Vec<Override>,
}

/// Units and colours of all series.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FieldDefaults {
    /// Grafana's name of the unit.
    pub unit: &'static str,
    /// Least value of the axis.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<u32>,
    /// Largest value of the axis.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<u32>,
    /// What stands for no value.
    pub no_value: &'static str,
    /// From which values on which colour is used.
    pub thresholds: Thresholds,
    /// Links from a point.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<DataLink>,
    /// How lines are drawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom: Option<LineStyle>,
}

/// From which values on which colour is used.
#[derive(Debug, Clone, Serialize)]
pub struct Thresholds {
    /// `absolute` values.
    pub mode: &'static str,
    /// Ascending; the first has no value.
    pub steps: Vec<Threshold>,
}

/// A colour and the value from which it is used.
#[derive(Debug, Clone, Serialize)]
pub struct Threshold {
    /// The colour.
    pub color: &'static str,
    /// The value; null for the first.
    pub value: Option<f64>,
}

/// A link from a point.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DataLink {
    /// Its text.
    pub title: &'static str,
    /// Its address, with Grafana's variables.
    pub url: String,
    /// Whether it opens beside the dashboard.
    pub target_blank: bool,
}

/// How lines are drawn.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LineStyle {
    /// Lines, not bars.
    pub draw_style: &'static str,
    /// Width in pixels.
    pub line_width: u8,
    /// How full the area below is, in percent.
    pub fill_opacity: u8,
    /// Whether points are drawn.
    pub show_points: &'static str,
    /// Whether a gap is bridged.
    pub span_nulls: bool,
}

/// Units and colours of some series.
#[derive(Debug, Clone, Serialize)]
pub struct Override {
    /// Which.
    pub matcher: FieldMatcher,
    /// What they have of their own.
    pub properties: Vec<Property>,
}

/// Chooses columns.
#[derive(Debug, Clone, Serialize)]
pub struct FieldMatcher {
    /// By what.
    pub id: &'static str,
    /// Its value.
    pub options: &'static str,
}

/// A setting of some columns.
#[derive(Debug, Clone, Serialize)]
pub struct Property {
    /// Which setting.
    pub id: &'static str,
    /// Its value.
    pub value: &'static str,
}

/// What happens to results before they are shown.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "id", content = "options", rename_all = "lowercase")]
pub enum Transformation {
    /// Joins the answers of several queries by their labels.
    Merge {},
    /// Orders, hides and renames columns.
    Organize(Box<Organize>),
}

/// Orders, hides and renames columns.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Organize {
    /// Columns that are hidden.
    pub exclude_by_name: Columns<bool>,
    /// Places of columns.
    pub index_by_name: Columns<u32>,
    /// New names of columns.
    pub rename_by_name: Columns<&'static str>,
}

/// Something about columns, by name.
pub type Columns<T> = BTreeMap<&'static str, T>;
