//! What is scraped, under which labels, and what a scrape brings beside numbers.

use std::collections::BTreeSet;

use serde_json::Value;

use super::discovery::Role;
use super::expressions::{self, Choices};
use super::metrics::{Fares, Profile};
use super::server::Prometheus;
use super::{GUIDE, Platform, REPLICAS, SERVERS, config, watch};
use crate::support::Bundle;

/// Job, path and health of every target that is scraped.
fn scraped(prometheus: &Prometheus) -> Vec<[String; 3]> {
    let targets = prometheus.data("/api/v1/targets", &[("state", "active")]);
    let targets = targets["activeTargets"].as_array().unwrap().iter();
    let mut found: Vec<_> = targets
        .map(|target| {
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            let url = text(&target["scrapeUrl"]);
            let path = url.splitn(4, '/').nth(3).unwrap();
            [
                text(&target["labels"]["job"]),
                format!("/{path}"),
                text(&target["health"]),
            ]
        })
        .collect();
    found.sort();
    found
}

/// The same, as it should be.
fn to_be_scraped() -> Vec<[String; 3]> {
    let mut targets = Vec::new();
    for server in &SERVERS {
        let health = match server.fares {
            Fares::Gone => continue,
            Fares::Down => "down",
            Fares::Well | Fares::Badly | Fares::Idle => "up",
        };
        for _ in 0..REPLICAS {
            targets.push([server.job, server.path, health].map(str::to_owned));
        }
    }
    targets.sort();
    targets
}

#[test]
#[ignore = "needs the real prometheus: run ./test"]
fn every_pod_with_metrics_is_scraped_once_at_its_port_and_path() {
    let prometheus = &Platform::of(Profile::Guide).prometheus;
    assert_eq!(scraped(prometheus), to_be_scraped());
}

#[test]
#[ignore = "needs the real prometheus: run ./test"]
fn pods_that_are_found_through_endpoint_slices_are_scraped_all_the_same() {
    let prometheus = &Platform::of(Profile::Otel).prometheus;
    assert_eq!(scraped(prometheus), to_be_scraped());
}

/// The labels of the series that `selector` selects.
fn labels(prometheus: &Prometheus, selector: &str) -> Vec<Value> {
    let data = prometheus.data("/api/v1/query", &[("query", selector)]);
    let series = data["result"].as_array().unwrap().iter();
    series.map(|series| series["metric"].clone()).collect()
}

fn names(labels: &Value) -> Vec<&str> {
    let labels = labels.as_object().unwrap().keys();
    labels.map(String::as_str).collect()
}

#[test]
#[ignore = "needs the real prometheus: run ./test"]
fn targets_have_the_labels_that_dashboard_and_rules_go_by() {
    let targets = labels(&GUIDE.prometheus, "up{job=\"mcp-s3\"}");
    assert_eq!(targets.len(), 2);
    for labels in &targets {
        let expected = [
            "__name__",
            // The ServiceMonitor's own: the dashboard shows one set by it.
            "app_kubernetes_io_part_of",
            "container",
            "instance",
            "job",
            "namespace",
            "pod",
            "service",
        ];
        assert_eq!(names(labels), expected);
        assert_eq!(labels["namespace"], "litellm");
        assert_eq!(labels["service"], "mcp-s3");
    }
}

#[test]
#[ignore = "needs the real prometheus: run ./test"]
fn the_endpoint_of_an_api_call_keeps_its_label() {
    let calls = labels(
        &GUIDE.prometheus,
        "mcp_api_calls_total{endpoint=\"repos/search\"}",
    );
    assert_eq!(calls.len(), 2);
    for labels in &calls {
        assert!(!names(labels).contains(&"exported_endpoint"), "{labels}");
    }
}

/// Why there is a relabeling at all. Should prometheus-operator mend it, the relabeling can go.
#[test]
#[ignore = "needs the real prometheus: run ./test"]
fn without_our_relabeling_the_endpoint_of_an_api_call_loses_its_label() {
    let mut bundle = Bundle::of(&config(Profile::Guide)).unwrap();
    let monitors = bundle.documents.iter_mut();
    for monitor in monitors.filter(|document| document["kind"] == "ServiceMonitor") {
        for endpoint in monitor["spec"]["endpoints"].as_array_mut().unwrap() {
            let relabelings = endpoint["relabelings"].as_array_mut().unwrap();
            relabelings.retain(|relabeling| relabeling["action"] != "labeldrop");
        }
    }
    let prometheus = watch(&bundle, Profile::Guide, Role::Endpoints, &[], 1);
    let calls = |label| format!("mcp_api_calls_total{{{label}=\"repos/search\"}}");
    assert_eq!(labels(&prometheus, &calls("endpoint")), [Value::Null; 0]);
    let renamed = labels(&prometheus, &calls("exported_endpoint"));
    assert_eq!(renamed.len(), 2);
    assert_eq!(renamed[0]["endpoint"], "http");
}

#[test]
#[ignore = "needs the real prometheus: run ./test"]
fn a_slow_tool_call_leads_to_its_trace() {
    let expressions = expressions::of_dashboard(&GUIDE.dashboard);
    let latency = expressions
        .iter()
        .find(|expression| expression.text.contains("_bucket{"));
    let latency = Choices::all(&GUIDE.dashboard).fill(&latency.unwrap().text);
    let parameters = [
        ("query", latency.as_str()),
        ("start", "0"),
        ("end", "9999999999"),
    ];
    let found = GUIDE
        .prometheus
        .data("/api/v1/query_exemplars", &parameters);
    let found = found.as_array().unwrap();
    let jobs = found.iter().map(|of| of["seriesLabels"]["job"].as_str());
    let jobs: BTreeSet<_> = jobs.collect();
    assert_eq!(jobs, [Some("mcp-github")].into());
    let exemplars = found.iter().map(|of| of["exemplars"].as_array().unwrap());
    let exemplars: Vec<_> = exemplars.flatten().collect();
    for exemplar in &exemplars {
        let trace = exemplar["labels"]["trace_id"].as_str();
        assert_eq!(trace.map(str::len), Some(32), "{exemplar}");
    }
    println!("guide: {} exemplars of {latency}", exemplars.len());
}
