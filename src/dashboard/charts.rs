//! The kinds of panel that the dashboard is made of, each with the look that all of its kind share.
//!
//! What a panel is about (title, queries, unit) is said where it is listed, in
//! [`panels`](super::panels); how it looks is said here, once.

use super::grafana::{
    Chart, Columns, DataLink, DataSource, FieldConfig, FieldDefaults, FieldMatcher, HeatmapAxis,
    HeatmapColor, HeatmapExemplars, HeatmapFilter, HeatmapLegend, HeatmapOptions, HeatmapTooltip,
    Legend, LineStyle, Organize, Override, PanelKind, Property, Reduce, RowsFrame, SortBy,
    StatOptions, TableOptions, Target, TextOptions, TextPanel, Threshold, Thresholds,
    TimeSeriesOptions, Tooltip, Transformation,
};
use crate::promql::Expr;

/// The dashboard's own choice of a Prometheus.
pub const PROMETHEUS: DataSource = DataSource {
    r#type: "prometheus",
    uid: "${datasource}",
};

/// Letters of queries, in their order.
const LETTERS: [&str; 4] = ["A", "B", "C", "D"];
/// What stands for no value: an idle server has no error ratio.
const NO_VALUE: &str = "–";

/// A panel before it has a place.
#[derive(Debug, Clone)]
pub struct Unplaced {
    /// Its title.
    pub title: &'static str,
    /// What it shows.
    pub kind: PanelKind,
}

/// What a panel asks and how the answer is read.
pub struct Question {
    /// Title of the panel.
    pub title: &'static str,
    /// What it shows, and how to read it.
    pub description: &'static str,
    /// Grafana's name of the unit.
    pub unit: &'static str,
    /// Expressions, each with the name of its series.
    pub queries: Vec<(Expr, String)>,
}

/// The colour of what is neither good nor bad.
pub const ALWAYS_GREEN: Threshold = Threshold {
    color: "green",
    value: None,
};

/// The colour of values from `value` on.
pub const fn from(value: f64, color: &'static str) -> Threshold {
    Threshold {
        color,
        value: Some(value),
    }
}

/// Makes panels of questions.
#[derive(Debug, Clone)]
pub struct Charts {
    /// Time between two scrapes, as Grafana writes it.
    pub interval: String,
    /// Links from a point of a series to what happened there.
    pub links: Vec<DataLink>,
}

impl Charts {
    /// Lines over time.
    pub fn lines(&self, question: Question) -> Unplaced {
        self.time_series(question, false)
    }

    /// Lines over time with exemplars: points that lead to a trace.
    pub fn lines_with_exemplars(&self, question: Question) -> Unplaced {
        self.time_series(question, true)
    }

    fn time_series(&self, question: Question, exemplar: bool) -> Unplaced {
        let title = question.title;
        let options = TimeSeriesOptions {
            legend: Legend {
                show_legend: true,
                display_mode: "table",
                placement: "bottom",
                calcs: vec!["lastNotNull", "max"],
            },
            tooltip: Tooltip {
                mode: "multi",
                sort: "desc",
            },
        };
        let mut chart = self.chart(question, Format::TimeSeries, &[ALWAYS_GREEN], options);
        if exemplar {
            show_exemplars(&mut chart.targets);
        }
        let defaults = &mut chart.field_config.defaults;
        defaults.links.clone_from(&self.links);
        defaults.custom = Some(LineStyle {
            draw_style: "line",
            line_width: 1,
            fill_opacity: 8,
            show_points: "never",
            span_nulls: false,
        });
        Unplaced {
            title,
            kind: PanelKind::TimeSeries(Box::new(chart)),
        }
    }

    /// One large number, with its recent past behind it; `steps` say which values are good.
    pub fn number(&self, question: Question, steps: &[Threshold]) -> Unplaced {
        let title = question.title;
        let options = StatOptions {
            reduce_options: Reduce {
                calcs: vec!["lastNotNull"],
                fields: "",
                values: false,
            },
            orientation: "auto",
            text_mode: "value",
            color_mode: "value",
            graph_mode: "area",
            justify_mode: "auto",
            wide_layout: true,
            show_percent_change: false,
            percent_change_color_mode: "standard",
        };
        let chart = self.chart(question, Format::TimeSeries, steps, options);
        Unplaced {
            title,
            kind: PanelKind::Stat(Box::new(chart)),
        }
    }

    /// A histogram over time.
    pub fn heatmap(&self, question: Question) -> Unplaced {
        let title = question.title;
        let options = heatmap_options(question.unit);
        let mut chart = self.chart(question, Format::Heatmap, &[ALWAYS_GREEN], options);
        show_exemplars(&mut chart.targets);
        Unplaced {
            title,
            kind: PanelKind::Heatmap(Box::new(chart)),
        }
    }

    /// One row for each server and tool, made of the newest answers to all queries. `names` are the
    /// columns of labels, `columns` those of the queries with their units; the table is sorted by
    /// the first of these.
    pub fn table(
        &self,
        question: Question,
        hidden: &[&'static str],
        names: &[(&'static str, &'static str)],
        columns: &[(&'static str, &'static str, &'static str)],
    ) -> Unplaced {
        let title = question.title;
        let options = TableOptions {
            frame_index: 0,
            show_header: true,
            cell_height: "sm",
            sort_by: columns
                .iter()
                .take(1)
                .map(|(_, display_name, _)| SortBy {
                    display_name,
                    desc: true,
                })
                .collect(),
        };
        let mut chart = self.chart(question, Format::Table, &[ALWAYS_GREEN], options);
        chart.field_config.overrides = columns
            .iter()
            .map(|(_, name, unit)| Override {
                matcher: FieldMatcher {
                    id: "byName",
                    options: name,
                },
                properties: vec![Property {
                    id: "unit",
                    value: unit,
                }],
            })
            .collect();
        let shown = names
            .iter()
            .copied()
            .chain(columns.iter().map(|(column, name, _)| (*column, *name)));
        let index = shown.clone().map(|(column, _)| column).zip(0..);
        chart.transformations = vec![
            Transformation::Merge {},
            Transformation::Organize(Box::new(Organize {
                exclude_by_name: hidden.iter().map(|column| (*column, true)).collect(),
                index_by_name: index.collect(),
                rename_by_name: shown.collect::<Columns<_>>(),
            })),
        ];
        Unplaced {
            title,
            kind: PanelKind::Table(Box::new(chart)),
        }
    }

    /// What all panels of a question have in common.
    fn chart<O>(
        &self,
        question: Question,
        format: Format,
        steps: &[Threshold],
        options: O,
    ) -> Chart<O> {
        let queries = LETTERS.into_iter().zip(question.queries);
        Chart {
            description: question.description.to_owned(),
            datasource: PROMETHEUS,
            targets: queries
                .map(|(ref_id, (expr, legend))| Target {
                    ref_id,
                    datasource: PROMETHEUS,
                    expr: expr.to_string(),
                    legend_format: legend,
                    interval: self.interval.clone(),
                    range: !format.is_newest_only(),
                    instant: format.is_newest_only(),
                    format: format.as_str(),
                    exemplar: false,
                })
                .collect(),
            field_config: FieldConfig {
                defaults: defaults(question.unit, steps),
                overrides: Vec::new(),
            },
            options,
            transformations: Vec::new(),
        }
    }
}

/// How an answer is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    TimeSeries,
    Heatmap,
    Table,
}

impl Format {
    /// Grafana's word for it.
    fn as_str(self) -> &'static str {
        match self {
            Self::TimeSeries => "time_series",
            Self::Heatmap => "heatmap",
            Self::Table => "table",
        }
    }

    /// Whether only the newest point of each series is asked for.
    fn is_newest_only(self) -> bool {
        self == Self::Table
    }
}

/// Exemplars are the histogram's, whatever the quantile: once is enough.
fn show_exemplars(targets: &mut [Target]) {
    if let Some(first) = targets.first_mut() {
        first.exemplar = true;
    }
}

/// A page of Markdown.
pub fn page(title: &'static str, description: &str, content: String) -> Unplaced {
    Unplaced {
        title,
        kind: PanelKind::Text(TextPanel {
            description: description.to_owned(),
            options: TextOptions {
                mode: "markdown",
                content,
            },
        }),
    }
}

fn defaults(unit: &'static str, steps: &[Threshold]) -> FieldDefaults {
    FieldDefaults {
        unit,
        min: Some(0),
        max: None,
        no_value: NO_VALUE,
        thresholds: Thresholds {
            mode: "absolute",
            steps: steps.to_vec(),
        },
        links: Vec::new(),
        custom: None,
    }
}

fn heatmap_options(unit: &'static str) -> HeatmapOptions {
    HeatmapOptions {
        calculate: false,
        cell_gap: 1,
        color: HeatmapColor {
            mode: "scheme",
            scheme: "Oranges",
            fill: "dark-orange",
            scale: "exponential",
            exponent: 0.5,
            steps: 64,
            reverse: false,
        },
        exemplars: HeatmapExemplars {
            color: "rgba(255,0,255,0.7)",
        },
        filter_values: HeatmapFilter { le: 1e-9 },
        legend: HeatmapLegend { show: true },
        rows_frame: RowsFrame { layout: "auto" },
        show_value: "never",
        tooltip: HeatmapTooltip {
            mode: "single",
            y_histogram: false,
            show_color_scale: true,
        },
        y_axis: HeatmapAxis {
            axis_placement: "left",
            reverse: false,
            unit,
        },
    }
}
