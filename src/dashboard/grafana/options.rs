//! What only one kind of panel has: its `options`.

use serde::Serialize;

/// Text and its language.
#[derive(Debug, Clone, Serialize)]
pub struct TextOptions {
    /// Its language.
    pub mode: &'static str,
    /// The text.
    pub content: String,
}

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
