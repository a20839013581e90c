//! Grafana's classic dashboard model, as far as we write it (schema version 39).
//!
//! Newer Grafanas migrate upwards; a number that is too high fails. Field names are Grafana's own,
//! those of `@grafana/schema`.

use serde::Serialize;

/// The version of the dashboard model that is written.
pub const SCHEMA_VERSION: u32 = 39;
/// Columns of the grid on which panels lie.
pub const COLUMNS: u32 = 24;

/// A dashboard.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Dashboard {
    /// Stable identity, at most 40 characters: part of its address.
    pub uid: String,
    /// Identity in one Grafana's database; null, so that it is given there.
    pub id: Option<u64>,
    /// Its name, unique in its folder.
    pub title: String,
    /// What it shows.
    pub description: String,
    /// Words by which it is found.
    pub tags: Vec<String>,
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// Whether people may change it: what is changed here is lost with the next deployment.
    pub editable: bool,
    /// How panels share the crosshair: 1 shares it, 2 the tooltip as well.
    pub graph_tooltip: u8,
    /// Time between two refreshes.
    pub refresh: &'static str,
    /// Whose time zone is shown.
    pub timezone: &'static str,
    /// What is shown at first.
    pub time: TimeRange,
    /// The variables.
    pub templating: Templating,
    /// Events on the time axis.
    pub annotations: Annotations,
    /// The panels, rows among them, in reading order.
    pub panels: Vec<Panel>,
}

/// A range of time, relative to now.
#[derive(Debug, Clone, Serialize)]
pub struct TimeRange {
    /// Its beginning.
    pub from: &'static str,
    /// Its end.
    pub to: &'static str,
}

/// The variables of a dashboard.
#[derive(Debug, Clone, Serialize)]
pub struct Templating {
    /// In the order in which they are shown; later ones depend on earlier ones.
    pub list: Vec<Variable>,
}

/// Events on the time axis.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Annotations {
    /// Their sources.
    pub list: Vec<()>,
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

/// A data source.
#[derive(Debug, Clone, Serialize)]
pub struct DataSource {
    /// Its kind.
    pub r#type: &'static str,
    /// Its id, or a variable.
    pub uid: &'static str,
}

/// A place on the grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct GridPos {
    /// Height, in units of 30 pixels.
    pub h: u32,
    /// Width, in columns of [`COLUMNS`].
    pub w: u32,
    /// Columns to the left of it.
    pub x: u32,
    /// Units above it.
    pub y: u32,
}

/// A panel.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Panel {
    /// Its number on this dashboard.
    pub id: u32,
    /// Its title.
    pub title: String,
    /// Where it lies.
    pub grid_pos: GridPos,
    /// What it shows, and how.
    #[serde(flatten)]
    pub kind: PanelKind,
}

/// What a panel shows.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum PanelKind {
    /// The title of the panels below it.
    Row(Row),
    /// Lines over time.
    TimeSeries(Box<Chart<TimeSeriesOptions>>),
    /// One large number.
    Stat(Box<Chart<StatOptions>>),
    /// A histogram over time.
    Heatmap(Box<Chart<HeatmapOptions>>),
    /// A table.
    Table(Box<Chart<TableOptions>>),
    /// Text.
    Text(TextPanel),
}

/// The title of the panels below it.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// Whether the panels are hidden at first; those of an open row stand beside it.
    pub collapsed: bool,
    /// The hidden panels.
    pub panels: Vec<Panel>,
}

/// A panel of text.
#[derive(Debug, Clone, Serialize)]
pub struct TextPanel {
    /// What it is for.
    pub description: String,
    /// The text.
    pub options: TextOptions,
}

/// Text and its language.
#[derive(Debug, Clone, Serialize)]
pub struct TextOptions {
    /// Its language.
    pub mode: &'static str,
    /// The text.
    pub content: String,
}

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
pub type Columns<T> = std::collections::BTreeMap<&'static str, T>;

/// Options of lines over time.
#[derive(Debug, Clone, Serialize)]
pub struct TimeSeriesOptions {
    /// The legend.
    pub legend: Legend,
    /// What is shown at a point.
    pub tooltip: Tooltip,
}

/// A legend.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Legend {
    /// Whether it is there.
    pub show_legend: bool,
    /// `list` or `table`.
    pub display_mode: &'static str,
    /// Where.
    pub placement: &'static str,
    /// What is calculated for each series.
    pub calcs: Vec<&'static str>,
}

/// What is shown at a point.
#[derive(Debug, Clone, Serialize)]
pub struct Tooltip {
    /// One series or all.
    pub mode: &'static str,
    /// In which order.
    pub sort: &'static str,
}

/// Options of one large number.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StatOptions {
    /// How a series becomes one number.
    pub reduce_options: Reduce,
    /// How several are arranged.
    pub orientation: &'static str,
    /// What is written.
    pub text_mode: &'static str,
    /// What is coloured.
    pub color_mode: &'static str,
    /// What is drawn behind it.
    pub graph_mode: &'static str,
    /// How it is aligned.
    pub justify_mode: &'static str,
    /// Whether colours spread over the width.
    pub wide_layout: bool,
    /// Whether the change since the beginning is shown.
    pub show_percent_change: bool,
    /// Which change is a good one.
    pub percent_change_color_mode: &'static str,
}

/// How a series becomes one number.
#[derive(Debug, Clone, Serialize)]
pub struct Reduce {
    /// By which calculation.
    pub calcs: Vec<&'static str>,
    /// Of which fields; empty for all numbers.
    pub fields: &'static str,
    /// Whether every value is shown instead.
    pub values: bool,
}

/// Options of a histogram over time.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HeatmapOptions {
    /// Whether Grafana makes the buckets; Prometheus has them already.
    pub calculate: bool,
    /// Gap between cells, in pixels.
    pub cell_gap: u8,
    /// Colours.
    pub color: HeatmapColor,
    /// Points that lead to a trace.
    pub exemplars: HeatmapExemplars,
    /// Cells up to this value are not drawn.
    pub filter_values: HeatmapFilter,
    /// The legend.
    pub legend: HeatmapLegend,
    /// Where a bucket's bound is.
    pub rows_frame: RowsFrame,
    /// Whether cells show their values.
    pub show_value: &'static str,
    /// What is shown at a cell.
    pub tooltip: HeatmapTooltip,
    /// The axis of the buckets.
    pub y_axis: HeatmapAxis,
}

/// Colours of a heatmap.
#[derive(Debug, Clone, Serialize)]
pub struct HeatmapColor {
    /// By a scheme or one colour's opacity.
    pub mode: &'static str,
    /// The scheme.
    pub scheme: &'static str,
    /// The colour where no scheme is used.
    pub fill: &'static str,
    /// How values become colours.
    pub scale: &'static str,
    /// The exponent of an exponential scale.
    pub exponent: f64,
    /// Number of colours.
    pub steps: u8,
    /// Whether the scheme is turned round.
    pub reverse: bool,
}

/// Points of a heatmap that lead to a trace.
#[derive(Debug, Clone, Serialize)]
pub struct HeatmapExemplars {
    /// Their colour.
    pub color: &'static str,
}

/// Which cells are drawn.
#[derive(Debug, Clone, Serialize)]
pub struct HeatmapFilter {
    /// Only those above this value.
    pub le: f64,
}

/// Legend of a heatmap.
#[derive(Debug, Clone, Serialize)]
pub struct HeatmapLegend {
    /// Whether it is there.
    pub show: bool,
}

/// Where a bucket's bound is.
#[derive(Debug, Clone, Serialize)]
pub struct RowsFrame {
    /// `le`: the upper one.
    pub layout: &'static str,
}

/// What is shown at a cell.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HeatmapTooltip {
    /// One cell or all.
    pub mode: &'static str,
    /// Whether with a histogram.
    pub y_histogram: bool,
    /// Whether with the scale of colours.
    pub show_color_scale: bool,
}

/// The axis of the buckets.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HeatmapAxis {
    /// Where it is.
    pub axis_placement: &'static str,
    /// Whether it is upside down.
    pub reverse: bool,
    /// Its unit.
    pub unit: &'static str,
}

/// Options of a table.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TableOptions {
    /// Which of several tables is shown.
    pub frame_index: u32,
    /// Whether columns have titles.
    pub show_header: bool,
    /// Height of a cell.
    pub cell_height: &'static str,
    /// How rows are sorted at first.
    pub sort_by: Vec<SortBy>,
}

/// A column by which a table is sorted.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SortBy {
    /// Its name as shown.
    pub display_name: &'static str,
    /// Largest first.
    pub desc: bool,
}
