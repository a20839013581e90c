//! Panels that are tables: of the answers to queries, and of text.

use serde_json::Value;

use super::super::dashboard::{items, text};
use super::svg::Svg;
use super::{Place, cut, sample};

/// Height of a line.
const LINE: i32 = 26;

/// The cells of a table, without the line under its head; of links only their text.
pub fn markdown(content: &str) -> Vec<Vec<String>> {
    let lines = content.lines().filter(|line| !line.starts_with("| ---"));
    lines
        .map(|line| {
            let cells = line.trim_matches('|').split('|').map(str::trim);
            cells
                .map(|cell| readable(cell.split("](").next().unwrap().trim_start_matches('[')))
                .collect()
        })
        .collect()
}

/// `text` with the characters that its references stand for.
fn readable(text: &str) -> String {
    let mut parts = text.split("&#");
    let mut out = parts.next().unwrap().to_owned();
    for part in parts {
        let (code, rest) = part.split_once(';').unwrap();
        out.push(char::from_u32(code.parse().unwrap()).unwrap());
        out.push_str(rest);
    }
    out
}

/// The answers to queries.
pub fn of_queries(svg: &mut Svg, panel: &Value, place: Place, servers: &[String]) {
    let organized = &panel["transformations"][1]["options"];
    let mut columns: Vec<(u64, &String, &str)> = organized["renameByName"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(column, name)| {
            (
                organized["indexByName"][column].as_u64().unwrap(),
                column,
                text(name),
            )
        })
        .collect();
    columns.sort_unstable();
    let mut rows: Vec<Vec<(f64, String)>> = Vec::new();
    for server in servers {
        for tool in sample::label("tool") {
            let cell = |(_, column, name): &(u64, &String, &str)| {
                let Some(letter) = column.strip_prefix("Value #") else {
                    let is_tool = *name == "Tool";
                    return (
                        0.0,
                        if is_tool {
                            (*tool).to_owned()
                        } else {
                            server.clone()
                        },
                    );
                };
                let target = items(&panel["targets"])
                    .iter()
                    .find(|t| t["refId"] == letter)
                    .unwrap();
                let range = sample::range(text(&target["expr"]));
                let value = sample::values(range, &format!("{server} {tool} {letter}"), 1)[0];
                let overridden = items(&panel["fieldConfig"]["overrides"]).iter();
                let own = overridden.filter(|o| o["matcher"]["options"] == *name);
                let unit = own
                    .map(|o| text(&o["properties"][0]["value"]))
                    .next()
                    .unwrap();
                (value, sample::written(value, unit))
            };
            rows.push(columns.iter().map(cell).collect());
        }
    }
    let sorted = text(&panel["options"]["sortBy"][0]["displayName"]);
    let by = columns
        .iter()
        .position(|(_, _, name)| *name == sorted)
        .unwrap();
    rows.sort_by(|a, b| b[by].0.total_cmp(&a[by].0));
    let head = columns.iter().map(|(_, _, name)| {
        if *name == sorted {
            format!("{name} ↓")
        } else {
            (*name).to_owned()
        }
    });
    let rows = rows
        .into_iter()
        .map(|row| row.into_iter().map(|(_, cell)| cell).collect());
    grid(
        svg,
        place,
        &std::iter::once(head.collect())
            .chain(rows)
            .collect::<Vec<_>>(),
        |_| 1,
    );
}

/// A table in Markdown.
pub fn of_text(svg: &mut Svg, panel: &Value, place: Place) {
    let rows = markdown(text(&panel["options"]["content"]));
    grid(svg, place, &rows, |column| if column == 1 { 3 } else { 1 });
}

/// A head and lines below it, of which as many are drawn as there is room for; `share` says how
/// wide a column is against the others.
fn grid(svg: &mut Svg, place: Place, rows: &[Vec<String>], share: impl Fn(usize) -> i32) {
    let all: i32 = (0..rows[0].len()).map(&share).sum();
    let room = (place.height - 34) / LINE;
    for (index, row) in rows.iter().take(room as usize).enumerate() {
        let y = place.y + 34 + LINE * index as i32;
        let mut x = place.x + 12;
        for (column, cell) in row.iter().enumerate() {
            let width = (place.width - 24) * share(column) / all;
            let class = match (index, column) {
                (0, _) => "name link",
                _ => "",
            };
            svg.text(class, x, y + 16, &cut(cell, width - 8));
            x += width;
        }
        svg.path(
            "line",
            &format!("M{} {}h{}", place.x + 10, y + LINE - 2, place.width - 20),
        );
    }
}
