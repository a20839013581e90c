//! The dashboard in a bundle: how a test finds, reads and spoils it.

use serde_json::{Value, json};

use super::bundle::Bundle;
use super::promql;

/// The JSON of the dashboard of `bundle`, as it stands there.
pub fn json(bundle: &Bundle) -> Option<&str> {
    let name = format!("{}-dashboard", bundle.config["metadata"]["name"].as_str()?);
    let object = bundle.documents.iter().find(|document| {
        let kind = document["kind"].as_str().unwrap_or_default();
        ["ConfigMap", "GrafanaDashboard"].contains(&kind) && document["metadata"]["name"] == name
    })?;
    let data = object["data"]
        .as_object()
        .and_then(|data| data.values().next());
    data.unwrap_or(&object["spec"]["json"]).as_str()
}

/// The dashboard of `bundle`.
pub fn of(bundle: &Bundle) -> Option<Value> {
    json(bundle).map(|json| serde_json::from_str(json).unwrap())
}

/// Changes the dashboard in the bundle of `everything.yaml`.
pub fn edit(bundle: &mut Bundle, change: impl FnOnce(&mut Value)) {
    let mut dashboard = of(bundle).unwrap();
    let before = dashboard.clone();
    change(&mut dashboard);
    assert_ne!(dashboard, before, "nothing is changed");
    let text = json!(dashboard.to_string());
    bundle.set("GrafanaDashboard", "tools-dashboard", "/spec/json", text);
}

/// Replaces text in the dashboard's JSON, in the bundle of `everything.yaml`.
pub fn replace(bundle: &mut Bundle, from: &str, to: &str) {
    edit(bundle, |dashboard| {
        let text = dashboard.to_string().replacen(from, to, 1);
        *dashboard = serde_json::from_str(&text).unwrap();
    });
}

/// Text of a value, or nothing.
pub fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Items of a list, or none.
pub fn items(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// The panels, rows among them.
pub fn panels(dashboard: &Value) -> &[Value] {
    items(&dashboard["panels"])
}

/// The variables.
pub fn variables(dashboard: &Value) -> &[Value] {
    items(&dashboard["templating"]["list"])
}

/// Every query of every panel: the panel, the query, its expression.
pub fn targets(dashboard: &Value) -> Vec<(&Value, &Value, &str)> {
    let mut found = Vec::new();
    for panel in panels(dashboard) {
        let targets = items(&panel["targets"]).iter();
        found.extend(targets.map(|target| (panel, target, text(&target["expr"]))));
    }
    found
}

/// What stands between the parentheses of `label_values(…)`: the selector and the label.
pub fn label_values(query: &str) -> Option<(&str, &str)> {
    let inside = query.strip_prefix("label_values(")?.strip_suffix(')')?;
    inside.rsplit_once(", ")
}

/// Every expression that the dashboard sends to Prometheus.
pub fn expressions(dashboard: &Value) -> Vec<&str> {
    let queries = variables(dashboard)
        .iter()
        .filter_map(|variable| label_values(text(&variable["query"]["query"])));
    let selectors = queries.map(|(selector, _)| selector);
    let targets = targets(dashboard).into_iter().map(|(_, _, expr)| expr);
    targets.chain(selectors).collect()
}

/// What is wrong with the expressions that can be read, one text each. Those that cannot be read
/// are for the rule about reading.
pub fn misused(
    dashboard: &Value,
    of: impl Fn(&promql::Selected<'_>) -> Option<String>,
) -> Vec<String> {
    let targets = targets(dashboard).into_iter();
    targets
        .filter_map(|(panel, _, expr)| Some((panel, promql::parse(expr).ok()?)))
        .flat_map(|(panel, expr)| {
            let found = promql::selected(&expr);
            let found: Vec<_> = found.iter().filter_map(&of).collect();
            found
                .into_iter()
                .map(move |said| format!("{}: {said}", panel["title"]))
        })
        .collect()
}
