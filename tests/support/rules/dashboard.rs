//! What Grafana shows: no panel that stays empty, no choice that does nothing.
//!
//! Sources: the rules of Grafana's dashboard-linter (0.2), none excluded, and the traps of
//! Prometheus' query language that no linter knows.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::repeated;
use crate::support::bundle::Bundle;
use crate::support::dashboard::{
    edit, expressions, items, json as json_of, label_values, misused, of, panels, replace, targets,
    text, variables,
};
use crate::support::promql::{RATE_INTERVAL, Recorded, labels, parse, templates};
use crate::support::rule::Rule;

/// Columns of Grafana's grid.
const COLUMNS: u64 = 24;
/// The units that are used; all are on the linter's list.
const UNITS: [&str; 4] = ["reqps", "percentunit", "s", "short"];
/// What Grafana itself puts in the place of a variable.
const BUILT_IN: [&str; 4] = ["__rate_interval", "__from", "__to", "__field"];

pub const RULES: &[Rule] = &[
    Rule {
        name: "the panels cover the grid once, without gaps",
        violations: |bundle| with(bundle, grid),
        broken_by: |bundle| edit(bundle, |d| d["panels"][3]["gridPos"]["x"] = json!(5)),
    },
    Rule {
        name: "no two panels have one number, no two queries of a panel one letter",
        violations: |bundle| with(bundle, identities),
        broken_by: |bundle| edit(bundle, |d| d["panels"][3]["id"] = json!(1)),
    },
    Rule {
        name: "every panel says what it is, every chart what it asks, in which unit",
        violations: |bundle| with(bundle, described),
        broken_by: |bundle| edit(bundle, |d| d["panels"][1]["description"] = json!(" ")),
    },
    Rule {
        name: "every query goes to the chosen data source",
        violations: |bundle| with(bundle, data_sources),
        broken_by: |bundle| replace(bundle, r#""uid":"${datasource}""#, r#""uid":"prom""#),
    },
    Rule {
        name: "every expression is PromQL, and Grafana knows its variables",
        violations: |bundle| with(bundle, readable),
        broken_by: |bundle| replace(bundle, "$instance", "$instances"),
    },
    Rule {
        name: "every selector names the chosen jobs and instances",
        violations: |bundle| with(bundle, chosen),
        broken_by: |bundle| replace(bundle, r#"instance=~\"$instance\", "#, ""),
    },
    Rule {
        name: "counters are read as rates over Grafana's window, and nothing else is",
        violations: |bundle| with(bundle, rates),
        broken_by: |bundle| replace(bundle, "$__rate_interval", "5m"),
    },
    Rule {
        name: "every series has the labels it is called by",
        violations: |bundle| with(bundle, legends),
        broken_by: |bundle| replace(bundle, "sum by (job, server) (", "sum by (job) ("),
    },
    Rule {
        name: "the columns of a table are those of its queries",
        violations: |bundle| with(bundle, columns),
        broken_by: |bundle| replace(bundle, "Value #C", "Value #D"),
    },
    Rule {
        name: "the choices are of the shape that the linter asks for, each narrowing the next",
        violations: |bundle| with(bundle, choices),
        broken_by: |bundle| edit(bundle, |d| d["templating"]["list"][2]["refresh"] = json!(1)),
    },
    Rule {
        name: "the colours of a panel change at rising values",
        violations: |bundle| with(bundle, thresholds),
        broken_by: |bundle| replace(bundle, "0.05", "0.001"),
    },
    Rule {
        name: "the dashboard is one that every Grafana since 10.3 takes, and nobody changes there",
        violations: |bundle| with(bundle, top_level),
        broken_by: |bundle| edit(bundle, |d| d["editable"] = json!(true)),
    },
    Rule {
        name: "the table of servers has one line for each, and one number of cells",
        violations: servers,
        broken_by: |bundle| replace(bundle, "| Offers", "| Off|ers"),
    },
    Rule {
        name: "the dashboard's JSON is one line",
        violations: |bundle| {
            let lines = json_of(bundle).map_or(1, |json| json.lines().count());
            (lines != 1)
                .then(|| format!("{lines} lines"))
                .into_iter()
                .collect()
        },
        broken_by: |bundle| {
            let pretty = serde_json::to_string_pretty(&of(bundle)).unwrap();
            bundle.set(
                "GrafanaDashboard",
                "tools-dashboard",
                "/spec/json",
                json!(pretty),
            );
        },
    },
];

fn with(bundle: &Bundle, violations: fn(&Value) -> Vec<String>) -> Vec<String> {
    of(bundle).iter().flat_map(violations).collect()
}

fn title(panel: &Value) -> &str {
    text(&panel["title"])
}

fn is_row(panel: &Value) -> bool {
    panel["type"] == "row"
}

fn grid(dashboard: &Value) -> Vec<String> {
    let mut cells: BTreeMap<(u64, u64), u32> = BTreeMap::new();
    for panel in panels(dashboard) {
        let at = |side: &str| panel["gridPos"][side].as_u64().unwrap();
        for row in at("y")..at("y") + at("h") {
            for column in at("x")..at("x") + at("w") {
                *cells.entry((row, column)).or_default() += 1;
            }
        }
    }
    let height = cells.keys().map(|(row, _)| row + 1).max().unwrap_or(0);
    let mut violations = Vec::new();
    for row in 0..height {
        let covered = (0..COLUMNS).all(|column| cells.get(&(row, column)) == Some(&1));
        let beyond = cells
            .keys()
            .any(|(r, column)| *r == row && *column >= COLUMNS);
        if !covered || beyond {
            violations.push(format!("line {row} of the grid"));
        }
    }
    violations
}

fn identities(dashboard: &Value) -> Vec<String> {
    let mut violations = repeated(panels(dashboard).iter().map(|panel| panel["id"].as_u64()));
    for panel in panels(dashboard) {
        let letters = items(&panel["targets"]).iter().map(|t| text(&t["refId"]));
        violations.extend(repeated(letters));
    }
    violations
}

fn described(dashboard: &Value) -> Vec<String> {
    let mut violations = Vec::new();
    for panel in panels(dashboard) {
        let kind = text(&panel["type"]);
        let mut demand = |holds: bool, what: &str| {
            if !holds {
                violations.push(format!("{kind} {:?}: {what}", title(panel)));
            }
        };
        demand(!title(panel).trim().is_empty(), "no title");
        demand(
            is_row(panel) || !text(&panel["description"]).trim().is_empty(),
            "no description",
        );
        if !["row", "text"].contains(&kind) {
            let unit = text(&panel["fieldConfig"]["defaults"]["unit"]);
            demand(UNITS.contains(&unit), "no unit");
            demand(!items(&panel["targets"]).is_empty(), "no query");
        }
    }
    violations
}

fn data_sources(dashboard: &Value) -> Vec<String> {
    let chosen = json!({"type": "prometheus", "uid": "${datasource}"});
    let asking = panels(dashboard)
        .iter()
        .filter(|panel| panel.get("targets").is_some());
    let queries = targets(dashboard).into_iter().map(|(_, target, _)| target);
    let variables = variables(dashboard).iter().filter(|v| v["type"] == "query");
    asking
        .chain(queries)
        .chain(variables)
        .filter(|asking| asking["datasource"] != chosen)
        .map(|asking| format!("{} {}", asking["title"], asking["datasource"]))
        .collect()
}

/// `expr` as Grafana sends it, where two values with dots are chosen of every variable.
fn substituted(expr: &str, variables: &[Value]) -> String {
    let mut names: Vec<_> = variables.iter().map(|v| text(&v["name"])).collect();
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    let window = expr.replace("$__rate_interval", "2m");
    names.into_iter().fold(window, |expr, name| {
        expr.replace(&format!("${name}"), r"(10\\.0\\.0\\.1:8080|b)")
    })
}

fn readable(dashboard: &Value) -> Vec<String> {
    let names: Vec<_> = variables(dashboard)
        .iter()
        .map(|v| text(&v["name"]))
        .collect();
    let mut violations = Vec::new();
    for expr in expressions(dashboard) {
        violations.extend(parse(expr).err());
        violations.extend(parse(&substituted(expr, variables(dashboard))).err());
        for rest in expr.split('$').skip(1) {
            let is_name = |c: char| c.is_alphanumeric() || c == '_';
            let name = rest.split(|c| !is_name(c)).next().unwrap();
            if !names.contains(&name) && !BUILT_IN.contains(&name) {
                violations.push(format!("no variable ${name}: {expr}"));
            }
        }
    }
    violations
}

fn chosen(dashboard: &Value) -> Vec<String> {
    misused(dashboard, |selected| {
        let missing = ["job", "instance", "namespace"]
            .into_iter()
            .find(|label| !selected.has(label, "=~", &format!("${label}")))?;
        Some(format!("{} of any {missing}", selected.metric()))
    })
}

fn rates(dashboard: &Value) -> Vec<String> {
    misused(dashboard, |selected| {
        let other = selected.range.filter(|range| *range != RATE_INTERVAL);
        let other = other.map(|range| format!("{} over {range:?}", selected.metric()));
        other.or_else(|| selected.misread())
    })
}

fn legends(dashboard: &Value) -> Vec<String> {
    let mut violations = Vec::new();
    for (panel, target, expr) in targets(dashboard) {
        let Ok(expr) = parse(expr) else { continue };
        match labels(&expr, &Recorded::new()) {
            Err(why) => violations.push(format!("{}: {why}", title(panel))),
            Ok(labels) => {
                let called = templates(text(&target["legendFormat"])).into_iter();
                let missing = called.filter(|label| !labels.has(label));
                violations.extend(missing.map(|label| format!("{}: {label}", title(panel))));
            }
        }
    }
    violations
}

fn columns(dashboard: &Value) -> Vec<String> {
    let mut violations = Vec::new();
    for panel in panels(dashboard)
        .iter()
        .filter(|panel| panel["type"] == "table")
    {
        let names = |value: &Value| -> BTreeSet<String> {
            value.as_object().unwrap().keys().cloned().collect()
        };
        let mut has = BTreeSet::from(["Time".to_owned()]);
        for target in items(&panel["targets"]) {
            has.insert(format!("Value #{}", text(&target["refId"])));
            let expr = parse(text(&target["expr"])).unwrap();
            if let Ok(crate::support::promql::Labels::These(labels)) =
                labels(&expr, &Recorded::new())
            {
                has.extend(labels);
            }
        }
        let organized = &panel["transformations"][1]["options"];
        let shown = names(&organized["renameByName"]);
        let hidden = names(&organized["excludeByName"]);
        let known: BTreeSet<_> = shown.union(&hidden).cloned().collect();
        if names(&organized["indexByName"]) != shown {
            violations.push(format!("{}: places of other columns", title(panel)));
        }
        let odd = has.symmetric_difference(&known);
        violations.extend(odd.map(|column| format!("{}: column {column}", title(panel))));
        violations.extend(
            shown
                .intersection(&hidden)
                .map(|c| format!("{c} is shown and hidden")),
        );
        let renamed: Vec<_> = organized["renameByName"]
            .as_object()
            .unwrap()
            .values()
            .collect();
        let overridden = items(&panel["fieldConfig"]["overrides"]);
        let overridden = overridden.iter().map(|o| &o["matcher"]["options"]);
        let sorted = items(&panel["options"]["sortBy"])
            .iter()
            .map(|s| &s["displayName"]);
        let unknown = overridden
            .chain(sorted)
            .filter(|name| !renamed.contains(name));
        violations.extend(unknown.map(|name| format!("{}: no column {name}", title(panel))));
    }
    violations
}

fn choices(dashboard: &Value) -> Vec<String> {
    let variables = variables(dashboard);
    let mut violations = repeated(variables.iter().map(|v| text(&v["name"])));
    let source = json!({
        "type": "datasource", "name": "datasource", "label": "Data source",
        "query": "prometheus", "refresh": 1,
    });
    if variables.first() != Some(&source) {
        violations.push("the first choice is not the data source".into());
    }
    for name in ["namespace", "job", "instance", "tool"] {
        if !variables.iter().any(|variable| variable["name"] == name) {
            violations.push(format!("no choice of {name}"));
        }
    }
    let mut before: Vec<&str> = Vec::new();
    for variable in variables.iter().skip(1) {
        let name = text(&variable["name"]);
        let mut demand = |holds: bool, what: &str| {
            if !holds {
                violations.push(format!("{name}: {what}"));
            }
        };
        let mut label = name.to_owned();
        if let Some(first) = label.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        let wanted = json!({
            "type": "query", "label": label, "refresh": 2, "sort": 1, "multi": true,
            "includeAll": true, "allValue": ".+",
        });
        for (key, value) in wanted.as_object().unwrap() {
            demand(&variable[key] == value, key);
        }
        demand(
            variable["query"]["refId"] == "StandardVariableQuery",
            "refId",
        );
        let current = |part: &str| items(&variable["current"][part]).len();
        demand(
            current("text") == 1 && current("value") == 1,
            "nothing is chosen at first",
        );
        let query = label_values(text(&variable["query"]["query"]));
        demand(query.is_some(), "no label_values");
        let selector = query.map(|(selector, _)| selector).unwrap_or_default();
        let used: Vec<_> = selector.split('$').skip(1).collect();
        let known = |used: &&str| {
            before
                .iter()
                .any(|name| used.starts_with(&format!("{name}\"")))
        };
        demand(
            used.len() == before.len() && used.iter().all(known),
            "does not follow all before",
        );
        before.push(name);
    }
    violations
}

fn thresholds(dashboard: &Value) -> Vec<String> {
    let charts = panels(dashboard)
        .iter()
        .filter(|panel| panel.get("fieldConfig").is_some());
    charts
        .filter(|panel| {
            let steps = items(&panel["fieldConfig"]["defaults"]["thresholds"]["steps"]);
            let values: Vec<_> = steps.iter().map(|step| step["value"].as_f64()).collect();
            values.first() != Some(&None)
                || !values.is_sorted()
                || values.iter().skip(1).any(Option::is_none)
        })
        .map(|panel| title(panel).to_owned())
        .collect()
}

fn top_level(dashboard: &Value) -> Vec<String> {
    let uid = text(&dashboard["uid"]);
    let is_uid = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    let mut violations = Vec::new();
    if uid.is_empty() || uid.len() > 40 || !uid.chars().all(is_uid) {
        violations.push(format!("uid {uid:?}"));
    }
    let wanted = json!({"id": null, "schemaVersion": 39, "editable": false, "graphTooltip": 1});
    for (key, value) in wanted.as_object().unwrap() {
        if dashboard.get(key) != Some(value) {
            violations.push(format!("{key}: {}", dashboard[key]));
        }
    }
    if dashboard.get("__inputs").is_some() || text(&dashboard["title"]).is_empty() {
        violations.push("inputs, or no title".into());
    }
    violations
}

/// Cells of a line of a Markdown table: what a bar that is not escaped ends.
fn cells(line: &str) -> usize {
    line.replace("\\|", "")
        .matches('|')
        .count()
        .saturating_sub(1)
}

fn servers(bundle: &Bundle) -> Vec<String> {
    let Some(dashboard) = of(bundle) else {
        return Vec::new();
    };
    let pages: Vec<_> = panels(&dashboard)
        .iter()
        .filter(|p| p["type"] == "text")
        .collect();
    let [page] = pages[..] else {
        return vec![format!("{} pages", pages.len())];
    };
    // A line ends where any reader ends one.
    let content = text(&page["options"]["content"]);
    let lines: Vec<_> = content
        .trim_end()
        .split([
            '\n', '\r', '\u{2028}', '\u{2029}', '\u{85}', '\u{b}', '\u{c}',
        ])
        .collect();
    let wanted = items(&bundle.config["spec"]["servers"]).len() + 2;
    let mut violations = Vec::new();
    if lines.len() != wanted {
        violations.push(format!("{} lines, not {wanted}", lines.len()));
    }
    let odd = lines.iter().filter(|line| {
        // Of Grafana's variables, links alone have some.
        let line = line.replace("${__from}", "").replace("${__to}", "");
        let is_row = line.starts_with("| ") && line.ends_with(" |") && cells(&line) == 4;
        !is_row || line.contains(['<', '$'])
    });
    violations.extend(odd.map(|line| (*line).to_owned()));
    violations
}
