//! The dashboard is what Grafana's published types say: all of it a classic dashboard, and each
//! panel's `options` and `fieldConfig.defaults.custom` what the plugin of its kind takes.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use crate::support::{examples, mcpset, peer, stdout_of};
use jsonschema::Validator;
use serde_json::{Map, Value, json};

/// A validator of dashboards, and one of each kind of panel.
struct Grafana(BTreeMap<String, Validator>);

impl Grafana {
    fn published() -> Self {
        let schemas = Command::new(peer("grafana-schema")).output().unwrap();
        let schemas: BTreeMap<String, Value> = serde_json::from_str(&stdout_of(schemas)).unwrap();
        let validator = |schema| jsonschema::validator_for(&schema).unwrap();
        Self(
            schemas
                .into_iter()
                .map(|(name, schema)| (name, validator(schema)))
                .collect(),
        )
    }

    /// What is wrong with `dashboard`, with its place.
    fn violations(&self, dashboard: &Value) -> Vec<String> {
        let mut violations = self.against("dashboard", dashboard, "");
        for (index, panel) in dashboard["panels"].as_array().unwrap().iter().enumerate() {
            let kind = panel["type"].as_str().unwrap();
            if kind == "row" {
                assert_eq!(
                    panel["panels"],
                    json!([]),
                    "panels in rows are not looked at"
                );
                continue;
            }
            let mut part = Map::from_iter([("options".to_owned(), panel["options"].clone())]);
            if let Some(custom) = panel.pointer("/fieldConfig/defaults/custom") {
                part.insert("custom".to_owned(), custom.clone());
            }
            let place = format!("/panels/{index}");
            violations.extend(self.against(kind, &part.into(), &place));
        }
        violations
    }

    fn against(&self, schema: &str, value: &Value, place: &str) -> Vec<String> {
        self.0[schema]
            .iter_errors(value)
            .map(|error| format!("{place}{}: {error}", error.instance_path()))
            .collect()
    }
}

fn dashboard(config: &Path) -> Value {
    let output = mcpset().arg("dashboard").arg(config).output().unwrap();
    serde_json::from_str(&stdout_of(output)).unwrap()
}

#[test]
#[ignore = "needs the real grafana-schema: run ./test --all"]
fn dashboards_are_what_grafana_publishes() {
    let grafana = Grafana::published();
    for config in examples() {
        let violations = grafana.violations(&dashboard(&config));
        assert!(
            violations.is_empty(),
            "{}: {violations:#?}",
            config.display()
        );
    }
}

#[test]
#[ignore = "needs the real grafana-schema: run ./test --all"]
fn a_mistake_anywhere_in_a_dashboard_is_found() {
    let grafana = Grafana::published();
    let sound = dashboard(Path::new("examples/quickstart.yaml"));
    let before = grafana.violations(&sound);
    let panels = sound["panels"].as_array().unwrap();
    let first = |kind: &str| {
        panels
            .iter()
            .position(|panel| panel["type"] == kind)
            .unwrap()
    };
    let (lines, number, heatmap, table) = (
        first("timeseries"),
        first("stat"),
        first("heatmap"),
        first("table"),
    );

    for (place, mistake) in [
        ("/schemaVersion".to_owned(), json!("39")),
        ("/graphTooltip".to_owned(), json!(7)),
        ("/templating/list/0/type".to_owned(), json!("data source")),
        (format!("/panels/{number}/gridPos/h"), json!("4")),
        (format!("/panels/{number}/options/graphMode"), json!("bars")),
        (
            format!("/panels/{lines}/options/tooltip/mode"),
            json!("all"),
        ),
        (
            format!("/panels/{lines}/fieldConfig/defaults/custom/drawStyle"),
            json!("lines"),
        ),
        (format!("/panels/{heatmap}/options/yAxis"), json!("s")),
        (format!("/panels/{table}/options/showHeader"), json!("yes")),
    ] {
        let mut broken = sound.clone();
        *broken
            .pointer_mut(&place)
            .unwrap_or_else(|| panic!("no {place}")) = mistake;
        let mut found = grafana.violations(&broken);
        found.retain(|violation| !before.contains(violation));
        assert!(!found.is_empty(), "{place} passed");
    }
}
