//! A dashboard's layout as a picture: what Grafana would show of it, with invented numbers.
//!
//! Everything but the numbers and the values of labels comes from the dashboard's JSON: places,
//! titles, units, names of series, columns, choices, colours.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "pixels of one picture"
)]

mod sample;
pub mod svg;
mod tables;

use std::fmt::Write as _;

use serde_json::Value;

use super::dashboard::{items, panels, text, variables};
use super::promql::templates;
use svg::Svg;

/// Width of a column and height of a unit of the grid, both with the gap behind.
const COLUMN: i32 = 49;
const UNIT: i32 = 27;
const GAP: i32 = 8;
/// Around everything.
const MARGIN: i32 = 16;
/// Title and choices.
const HEADER: i32 = 92;
/// Height of a line of a legend.
const LINE: i32 = 15;
/// Points of a line.
const POINTS: usize = 56;
/// Series of a panel at most.
const SERIES: usize = 6;
/// Height of lines over time at least; a longer legend scrolls.
const CHART: i32 = 62;
/// Bounds of the buckets of a heatmap.
const BUCKETS: [&str; 9] = [
    "50 ms", "100 ms", "200 ms", "500 ms", "1 s", "2 s", "5 s", "10 s", "30 s",
];

/// The picture of `dashboard`.
pub fn draw(dashboard: &Value) -> String {
    let width = 24 * COLUMN - GAP + 2 * MARGIN;
    let bottom = |panel: &Value| side(panel, "y") + side(panel, "h");
    let lines = panels(dashboard).iter().map(bottom).max().unwrap_or(0);
    let title = text(&dashboard["title"]);
    let mut svg = Svg::new(width, HEADER + lines * UNIT + MARGIN - GAP, title);
    header(&mut svg, dashboard, width);
    let servers = servers(dashboard);
    for panel in panels(dashboard) {
        let place = Place {
            x: MARGIN + side(panel, "x") * COLUMN,
            y: HEADER + side(panel, "y") * UNIT,
            width: side(panel, "w") * COLUMN - GAP,
            height: side(panel, "h") * UNIT - GAP,
        };
        draw_panel(&mut svg, panel, place, &servers);
    }
    svg.finish()
}

/// Where a panel lies, in pixels.
#[derive(Clone, Copy)]
struct Place {
    x: i32,
    y: i32,
    width: i32,
    height: i32,
}

impl Place {
    fn right(self) -> i32 {
        self.x + self.width
    }
    fn bottom(self) -> i32 {
        self.y + self.height
    }
}

fn side(panel: &Value, side: &str) -> i32 {
    panel["gridPos"][side].as_i64().unwrap() as i32
}

fn header(svg: &mut Svg, dashboard: &Value, width: i32) {
    svg.text("title", MARGIN, 34, text(&dashboard["title"]));
    let mut right = width - MARGIN;
    let range = format!(
        "{} to {}",
        text(&dashboard["time"]["from"]),
        text(&dashboard["time"]["to"])
    );
    for word in [
        format!("⟳ {}", text(&dashboard["refresh"])),
        format!("◷ {range}"),
    ] {
        let wide = width_of(&word) + 20;
        svg.rect("box", right - wide, 16, wide, 26);
        svg.text("mid", right - wide / 2, 33, &word);
        right -= wide + GAP;
    }
    let mut x = MARGIN;
    for variable in variables(dashboard) {
        let label = text(&variable["label"]);
        let chosen = variable["current"]["text"][0].as_str();
        let chosen = chosen.unwrap_or("Prometheus");
        let (left, right) = (width_of(label) + 16, width_of(chosen) + 36);
        svg.rect("card", x, 54, left, 26);
        svg.text("dim", x + 8, 71, label);
        svg.rect("box", x + left, 54, right, 26);
        svg.text("", x + left + 8, 71, chosen);
        svg.text("dim end", x + left + right - 8, 71, "▾");
        x += left + right + GAP;
    }
}

/// About how wide a text of the usual size is.
fn width_of(text: &str) -> i32 {
    text.chars().count() as i32 * 7
}

/// `text`, cut to the width.
fn cut(text: &str, width: i32) -> String {
    let fits = (width / 7).max(1) as usize;
    if text.chars().count() > fits {
        text.chars().take(fits - 1).chain(['…']).collect()
    } else {
        text.to_owned()
    }
}

fn draw_panel(svg: &mut Svg, panel: &Value, place: Place, servers: &[String]) {
    let title = text(&panel["title"]);
    if panel["type"] == "row" {
        svg.text("row", place.x, place.y + 15, &format!("⌄ {title}"));
        return;
    }
    svg.rect("card", place.x, place.y, place.width, place.height);
    svg.text("name", place.x + 10, place.y + 20, title);
    match text(&panel["type"]) {
        "timeseries" => lines(svg, panel, place, servers),
        "stat" => number(svg, panel, place),
        "heatmap" => heatmap(svg, place),
        "table" => tables::of_queries(svg, panel, place, servers),
        "text" => tables::of_text(svg, panel, place),
        kind => panic!("how does a {kind} look?"),
    }
}

/// The servers in the table at the end.
fn servers(dashboard: &Value) -> Vec<String> {
    let page = panels(dashboard)
        .iter()
        .find(|panel| panel["type"] == "text");
    let rows = page.map(|page| tables::markdown(text(&page["options"]["content"])));
    let names = rows.iter().flatten().skip(1).map(|row| row[0].clone());
    names.collect()
}

fn unit(panel: &Value) -> &str {
    text(&panel["fieldConfig"]["defaults"]["unit"])
}

/// Names of the series of a query, such as `github search`.
fn names(legend: &str, servers: &[String]) -> Vec<String> {
    let mut names = vec![legend.to_owned()];
    for label in templates(legend) {
        let own: Vec<String> = match label {
            "server" | "job" => servers.to_vec(),
            other => sample::label(other)
                .iter()
                .map(|v| (*v).to_owned())
                .collect(),
        };
        let template = format!("{{{{{label}}}}}");
        names = names
            .iter()
            .flat_map(|name| {
                own.iter()
                    .map(|value| name.replace(&template, value))
                    .collect::<Vec<_>>()
            })
            .collect();
    }
    names
}

fn lines(svg: &mut Svg, panel: &Value, place: Place, servers: &[String]) {
    let mut series: Vec<(String, Vec<f64>)> = Vec::new();
    for target in items(&panel["targets"]) {
        let range = sample::range(text(&target["expr"]));
        for name in names(text(&target["legendFormat"]), servers) {
            let seed = format!("{} {name}", text(&panel["title"]));
            let values = sample::values(range, &seed, POINTS);
            series.push((name, values));
        }
    }
    series.truncate(SERIES);
    let room = (place.height - 34 - 44 - CHART) / LINE;
    let told = room.min(series.len() as i32);
    let legend = place.bottom() - 4 - LINE * told;
    let chart = Place {
        x: place.x + 62,
        y: place.y + 34,
        width: place.width - 74,
        height: legend - LINE - 22 - place.y - 34,
    };
    let top = series
        .iter()
        .flat_map(|(_, values)| values)
        .fold(0.0, |a: f64, b| a.max(*b))
        * 1.1;
    axes(svg, chart, top, unit(panel));
    for (index, (name, values)) in series.iter().enumerate() {
        let path = curve(chart, values, top);
        svg.path(
            &format!("area f{index}"),
            &format!("{path}V{}H{}z", chart.bottom(), chart.x),
        );
        svg.path(&format!("curve s{index}"), &path);
        if index as i32 >= told {
            continue;
        }
        let y = legend + LINE * index as i32;
        svg.rect(&format!("f{index}"), place.x + 10, y - 1, 12, 3);
        svg.text("", place.x + 28, y + 4, &cut(name, place.width - 240));
        let last = sample::written(values[POINTS - 1], unit(panel));
        let most = sample::written(values.iter().fold(0.0, |a: f64, b| a.max(*b)), unit(panel));
        svg.text("end", place.right() - 100, y + 4, &last);
        svg.text("end", place.right() - 12, y + 4, &most);
    }
    svg.text("small end", place.right() - 100, legend - LINE + 4, "Last");
    svg.text("small end", place.right() - 12, legend - LINE + 4, "Max");
}

/// Lines at round heights, and the time below.
fn axes(svg: &mut Svg, chart: Place, top: f64, unit: &str) {
    let step = sample::step(top);
    let ticks = (0..).map(|tick| f64::from(tick) * step);
    for value in ticks.take_while(|value| *value < top) {
        let y = chart.bottom() - (f64::from(chart.height) * value / top) as i32;
        svg.path("line", &format!("M{} {y}h{}", chart.x, chart.width));
        svg.text("small end", chart.x - 6, y + 4, &sample::tick(value, unit));
    }
    time_axis(svg, chart);
}

fn time_axis(svg: &mut Svg, chart: Place) {
    for (part, time) in (0..4).zip(["10:00", "10:15", "10:30", "10:45"]) {
        let x = chart.x + chart.width * part / 4;
        let class = if part == 0 { "small" } else { "small mid" };
        svg.text(class, x, chart.bottom() + 15, time);
    }
}

fn curve(chart: Place, values: &[f64], top: f64) -> String {
    let mut path = String::new();
    let mut before = (0, 0);
    for (index, value) in values.iter().enumerate() {
        let x = chart.x + chart.width * index as i32 / (values.len() as i32 - 1);
        let y = chart.bottom() - (f64::from(chart.height) * value / top) as i32;
        let _ = match index {
            0 => write!(path, "M{x} {y}"),
            _ => write!(path, "l{} {}", x - before.0, y - before.1),
        };
        before = (x, y);
    }
    path
}

fn number(svg: &mut Svg, panel: &Value, place: Place) {
    let expr = text(&panel["targets"][0]["expr"]);
    let values = sample::values(sample::range(expr), text(&panel["title"]), POINTS);
    let last = values[POINTS - 1];
    let steps = items(&panel["fieldConfig"]["defaults"]["thresholds"]["steps"]);
    let reached = steps
        .iter()
        .rfind(|step| step["value"].as_f64().is_none_or(|from| last >= from));
    let color = text(&reached.unwrap()["color"]);
    let chart = Place {
        x: place.x,
        y: place.bottom() - 26,
        width: place.width,
        height: 24,
    };
    let most = values.iter().fold(0.0, |a: f64, b| a.max(*b));
    let path = curve(chart, &values, most);
    svg.path(
        &format!("area {color}"),
        &format!("{path}V{}H{}z", chart.bottom(), chart.x),
    );
    svg.text(
        &format!("big {color}"),
        place.x + place.width / 2,
        place.y + 62,
        &sample::written(last, unit(panel)),
    );
}

fn heatmap(svg: &mut Svg, place: Place) {
    let chart = Place {
        x: place.x + 62,
        y: place.y + 34,
        width: place.width - 74,
        height: place.height - 34 - 26,
    };
    let rows = BUCKETS.len() as i32;
    let (columns, height) = (40, chart.height / rows);
    let mut cells = vec![String::new(); 5];
    for (row, bound) in (0..rows).zip(BUCKETS) {
        let y = chart.bottom() - (row + 1) * height;
        svg.text("small end", chart.x - 6, y + height / 2 + 4, bound);
        for column in 0..columns {
            // Hits of a cache below, misses above.
            let near = |bucket: f64| (1.0 - (f64::from(row) - bucket).abs() / 1.9).max(0.0);
            let noise = sample::noise(bound, column as usize);
            let share = near(1.4) * (0.55 + 0.45 * noise) + near(4.6) * (0.25 + 0.5 * noise);
            let share = share - 0.12 * sample::noise("gap", (row * columns + column) as usize);
            if share > 0.04 {
                let cell = &mut cells[((share * 5.0) as usize).min(4)];
                let left = chart.x + chart.width * column / columns;
                let wide = chart.x + chart.width * (column + 1) / columns - left - 1;
                let high = height - 1;
                let _ = write!(cell, "M{left} {y}h{wide}v{high}h-{wide}z");
            }
        }
    }
    for (level, path) in cells.iter().enumerate() {
        svg.path(&format!("h{level}"), path);
    }
    time_axis(svg, chart);
}
