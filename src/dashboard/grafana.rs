//! Grafana's classic dashboard model, as far as we write it (schema version 39).
//!
//! Newer Grafanas migrate upwards; a number that is too high fails. Field names are Grafana's own,
//! those of `@grafana/schema`.

mod chart;
mod options;
mod variable;

use serde::Serialize;

pub use chart::{
    Chart, Columns, DataLink, FieldConfig, FieldDefaults, FieldMatcher, LineStyle, Organize,
    Override, Property, Target, Threshold, Thresholds, Transformation,
};
pub use options::{
    HeatmapAxis, HeatmapColor, HeatmapExemplars, HeatmapFilter, HeatmapLegend, HeatmapOptions,
    HeatmapTooltip, Legend, Reduce, RowsFrame, SortBy, StatOptions, TableOptions, TextOptions,
    TimeSeriesOptions, Tooltip,
};
pub use variable::{
    Choice, DataSourceVariable, QueryVariable, Templating, Variable, VariableQuery,
};

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

/// Events on the time axis.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Annotations {
    /// Their sources.
    pub list: Vec<()>,
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
