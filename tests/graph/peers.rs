//! The drawings, in the programs that they are for: Mermaid, Graphviz, and a browser.

use std::collections::BTreeSet;
use std::process::Command;

use roxmltree::{Document, Node};
use serde_json::{Value, json};

use super::drawing::{FORMS, drawn, from_dot, from_mermaid};
use super::quickstart;
use crate::support::config::{self, Order};
use crate::support::run::run;
use crate::support::{EVERYTHING, QUICKSTART, peer};

/// What the program `charts` prints of `drawing`, when it is asked for `what`.
fn charts(what: &str, drawing: &str) -> Value {
    let mut command = Command::new(peer("charts"));
    let ended = run(command.arg(what), drawing.as_bytes());
    assert_eq!(ended.status, Some(0), "{}", ended.stderr);
    serde_json::from_str(&ended.stdout).unwrap()
}

/// What is drawn: sets small and large, one with every field, and one with all that could end a label.
fn drawings() -> Vec<(&'static str, [String; 3])> {
    let mut hostile = quickstart();
    let key = "a\"]<b>&amp;#35; `*c*` - d|e\\n{f};1. g%%h";
    let secret = json!({"key": key, "property": "é\u{4e2d}\u{1f600}"});
    hostile["spec"]["servers"][0]["secrets"] = json!({"TOKEN": secret});
    let hostile = config::yaml(&hostile, Order::Sorted);
    [
        ("quickstart", QUICKSTART),
        ("twelve", include_str!("../../examples/twelve.yaml")),
        ("everything", EVERYTHING),
        ("hostile", &hostile),
    ]
    .map(|(name, config)| (name, drawn(config).unwrap()))
    .into()
}

/// The lines of all labels that a program saw, without the blanks that it may have lost.
fn lines(seen: &Value) -> BTreeSet<String> {
    assert_eq!(seen["error"], Value::Null, "{seen}");
    let parts = ["frames", "nodes", "edges"]
        .into_iter()
        .flat_map(|part| seen[part].as_array().unwrap());
    let lines = parts.flat_map(|label| label.as_array().unwrap());
    lines
        .map(|line| without_blanks(line.as_str().unwrap()))
        .collect()
}

fn without_blanks(line: &str) -> String {
    line.split_whitespace().collect()
}

/// The lines of all labels in `text`.
fn written(text: &str) -> BTreeSet<String> {
    let lines = text.lines().map(without_blanks);
    lines.filter(|line| !line.is_empty()).collect()
}

#[test]
#[ignore = "needs the real charts: run ./test --all"]
fn mermaid_shows_the_charts_as_they_are_meant() {
    for (path, [chart, ..]) in drawings() {
        let seen = charts(FORMS[0], &chart);
        assert_eq!(lines(&seen), written(&from_mermaid(&chart)), "{path}");
        let nodes = chart
            .lines()
            .filter(|line| line.trim_start().starts_with('n') && line.ends_with("\"]"));
        assert_eq!(
            seen["nodes"].as_array().unwrap().len(),
            nodes.count(),
            "{path}"
        );
    }
    let broken = charts(FORMS[0], "flowchart LR\n  n0[\"a\"b\"]\n");
    assert!(broken["error"].as_str().unwrap().contains("Parse error"));
}

#[test]
#[ignore = "needs the real charts: run ./test --all"]
fn graphviz_shows_the_graphs_as_they_are_meant() {
    for (path, [_, graph, _]) in drawings() {
        let seen = charts(FORMS[1], &graph);
        assert_eq!(lines(&seen), written(&from_dot(&graph)), "{path}");
        let edges = graph.matches(" -> ").count();
        assert_eq!(seen["edges"].as_array().unwrap().len(), edges, "{path}");
    }
}

#[test]
#[ignore = "needs the real charts: run ./test --all"]
fn a_browser_has_room_for_the_texts_of_a_picture_and_two_sets_of_colours() {
    for (path, [_, _, svg]) in drawings() {
        let (light, dark) = (charts("light", &svg), charts("dark", &svg));
        assert_eq!(light["page"], "rgb(255, 255, 255)", "{path}: {light}");
        assert_ne!(light["page"], dark["page"], "{path}");
        let document = Document::parse(&svg).unwrap();
        let cards: Vec<[f64; 4]> = document
            .descendants()
            .filter(|node| node.attribute("class") == Some("card"))
            .map(|card| {
                ["x", "y", "width", "height"]
                    .map(|name| card.attribute(name).unwrap().parse().unwrap())
            })
            .collect();
        let texts: Vec<Node<'_, '_>> = document
            .descendants()
            .filter(|node| node.has_tag_name("text"))
            .collect();
        let seen = light["texts"].as_array().unwrap();
        assert_eq!(seen.len(), texts.len(), "{path}");
        for ((text, seen), night) in texts
            .iter()
            .zip(seen)
            .zip(dark["texts"].as_array().unwrap())
        {
            assert_ne!(seen["fill"], night["fill"], "{path}: {seen}");
            let [x, y] =
                ["x", "y"].map(|name| text.attribute(name).unwrap().parse::<f64>().unwrap());
            let around = cards.iter().find(|[left, top, width, height]| {
                *left < x && x < left + width && *top < y && y < top + height
            });
            if let Some([left, _, width, _]) = around {
                assert!(
                    seen["right"].as_f64().unwrap() < left + width - 6.0,
                    "{path}: {seen}"
                );
            }
        }
    }
}
