//! A config is refused with places, or becomes a bundle that any reader reads as it was meant.

use std::str;

use mcpset::Bundle;
use mcpset::check::graph::graph;
use mcpset::companions::runbook::runbook;
use mcpset::dashboard;
use mcpset::documents::litellm;
use mcpset::model::Set;
use mcpset::problem::Severity;
use mcpset::report::graph::{dot, mermaid, svg};
use serde_json::Value;

use super::text::{documents, places_lie_in};

/// Whatever is read as a config.
pub fn config(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else {
        return;
    };
    let bundle = match Bundle::read("mcp.yaml", text) {
        Ok(bundle) => bundle,
        Err(report) => {
            places_lie_in(report.problems(), report.sources());
            let mut severities = report.problems().iter().map(|problem| problem.severity);
            assert!(severities.any(|severity| severity == Severity::Error));
            let again = Bundle::read("mcp.yaml", text).expect_err("it was refused before");
            assert_eq!(again.to_string(), report.to_string());
            return;
        }
    };
    places_lie_in(bundle.warnings().problems(), bundle.warnings().sources());
    let _ = bundle.warnings().to_string();

    let text_written = written(&bundle);
    let objects: Vec<Value> = bundle
        .objects()
        .map(|object| serde_json::to_value(&object).expect("objects have a JSON form"))
        .collect();
    let read = documents(&text_written).expect("what is written is YAML");
    assert_eq!(read, objects, "{text_written}");

    let again = Bundle::read("mcp.yaml", text).expect("it was accepted before");
    assert_eq!(written(&again), text_written);
    bundle.sets().iter().for_each(companions);
}

/// What is no object is made of whatever was accepted.
fn companions(set: &Set) {
    for yaml in [litellm::values(set), litellm::config(set)] {
        assert!(
            documents(&yaml).is_ok_and(|found| found.len() == 1),
            "{yaml}"
        );
    }
    let json = dashboard::pretty(&dashboard::dashboard(set));
    assert!(serde_json::from_str::<Value>(&json).is_ok(), "{json}");
    let graph = graph(&[set]);
    let chart = mermaid(&graph);
    for text in [
        dot(&graph),
        svg(&graph),
        runbook(set, &chart, &["mcp.yaml".to_owned()]),
        chart,
    ] {
        assert!(!text.is_empty());
    }
}

fn written(bundle: &Bundle) -> String {
    let mut bytes = Vec::new();
    bundle.write(&mut bytes).expect("memory takes every write");
    String::from_utf8(bytes).expect("YAML is text")
}
