//! The expressions that rules and dashboards ask Prometheus.

use serde_json::Value;

use super::input::Input;
use super::targets::{Target, targets};
use crate::manifest::{At, Object};
use crate::promql::{Match, Reading, Selected, read};

/// An expression, and what it is part of.
#[derive(Debug)]
pub struct Query<'m> {
    /// The object.
    pub object: &'m Object,
    /// Where it stands.
    pub at: At<'m>,
    /// The alert, recorded metric or panel.
    pub name: String,
    /// What it says of series.
    pub reading: Reading,
}

/// What MCP servers measure begins like this, in both vocabularies.
const SERVERS: &str = "mcp_";
/// What those measure that call them.
const CLIENTS: &str = "mcp_client_";
/// What Prometheus itself says of a target.
const UP: &str = "up";

/// All expressions that can be read, and the targets that they may be about.
#[derive(Debug)]
pub struct Queries<'m> {
    /// The expressions.
    pub all: Vec<Query<'m>>,
    /// What is scraped.
    pub targets: Vec<Target>,
}

/// The expressions of `input`. Nothing where no server is scraped by what is here: then somebody else
/// scrapes.
#[must_use]
pub fn queries<'m>(input: &'m Input<'m>) -> Option<Queries<'m>> {
    let manifests = input.manifests;
    let targets = targets(input)?;
    if !targets.iter().any(|target| target.is_server) {
        return None;
    }
    let mut found = Vec::new();
    for object in manifests.of_kind("PrometheusRule") {
        let groups = object.at("spec.groups").items();
        for rule in groups.flat_map(|group| group.get("rules").items()) {
            let name = ["alert", "record"].map(|key| rule.get(key).text());
            let name = name.into_iter().flatten().next().unwrap_or_default();
            add(&mut found, object, rule.get("expr"), name, None);
        }
    }
    for object in manifests.of_kind("ConfigMap") {
        for (_, at) in object.at("data").entries() {
            // Only a dashboard's is worth reading.
            if let Some(text) = at.text().filter(|text| text.contains("\"panels\"")) {
                dashboard(&mut found, object, at, text);
            }
        }
    }
    for object in manifests.of_kind("GrafanaDashboard") {
        let at = object.at("spec.json");
        if let Some(text) = at.text() {
            dashboard(&mut found, object, at, text);
        }
    }
    Some(Queries {
        all: found,
        targets,
    })
}

fn add<'m>(
    found: &mut Vec<Query<'m>>,
    object: &'m Object,
    at: At<'m>,
    name: &str,
    expression: Option<&str>,
) {
    if let Some(reading) = expression.or(at.text()).and_then(read) {
        let name = name.to_owned();
        found.push(Query {
            object,
            at,
            name,
            reading,
        });
    }
}

fn dashboard<'m>(found: &mut Vec<Query<'m>>, object: &'m Object, at: At<'m>, text: &str) {
    let Ok(json) = serde_json::from_str::<Value>(text) else {
        return;
    };
    let mut expressions = Vec::new();
    walk(&json, "", &mut expressions);
    for (name, expression) in expressions {
        add(found, object, at, name, Some(expression));
    }
}

/// The expressions in a dashboard: those of panels under their titles, those of variables under
/// their names.
fn walk<'j>(value: &'j Value, title: &'j str, found: &mut Vec<(&'j str, &'j str)>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| walk(item, title, found)),
        Value::Object(fields) => {
            let text = |key: &str| fields.get(key).and_then(Value::as_str);
            let title = text("title").or(text("name")).unwrap_or(title);
            let is_variable = text("type") == Some("query");
            let of_variable = text("query").filter(|_| is_variable);
            found.extend(text("expr").or(of_variable).map(|expr| (title, expr)));
            let nested = fields.get("query").filter(|_| is_variable);
            let nested = nested.and_then(|query| query.get("query"));
            found.extend(nested.and_then(Value::as_str).map(|expr| (title, expr)));
            for value in fields.values() {
                walk(value, title, found);
            }
        }
        _ => {}
    }
}

impl Query<'_> {
    /// Whether all that it selects are series of servers here.
    #[must_use]
    pub fn is_about_servers(&self, targets: &[Target]) -> bool {
        let mut selected = self.reading.selectors.iter();
        selected.all(|selected| is_of_servers(selected, targets))
    }
}

/// Whether `selected` are series of servers that are scraped here. Of `up`, which everything has,
/// those that a namespace of theirs is written of.
#[must_use]
pub fn is_of_servers(selected: &Selected, targets: &[Target]) -> bool {
    let metric = selected.metric.as_str();
    // A recorded metric has the labels that its rule leaves it.
    let is_own =
        metric.starts_with(SERVERS) && !metric.starts_with(CLIENTS) && !metric.contains(':');
    let namespaces = namespaces(selected);
    let is_here = |name: &String| {
        let mut servers = targets.iter().filter(|target| target.is_server);
        servers.any(|target| target.may_be("namespace", name))
    };
    match namespaces {
        Some(names) => (is_own || metric == UP) && names.iter().any(is_here),
        None => is_own,
    }
}

/// The namespaces that `selected` names.
#[must_use]
pub fn namespaces(selected: &Selected) -> Option<Vec<String>> {
    let mut matchers = selected.matchers.iter();
    let matcher = matchers.find(|matcher| matcher.label == "namespace")?;
    matcher.values()
}

/// The targets in a namespace that `selected` names; all where it names none.
pub fn candidates<'t>(
    selected: &Selected,
    targets: &'t [Target],
) -> impl Iterator<Item = &'t Target> + Clone + use<'t> {
    let names = namespaces(selected);
    targets.iter().filter(move |target| {
        let is_one = |name: &String| target.may_be("namespace", name);
        names.as_ref().is_none_or(|names| names.iter().any(is_one))
    })
}

/// The matchers of `selected` that let only series with the label through.
pub fn demands(selected: &Selected) -> impl Iterator<Item = (&Match, Option<Vec<String>>)> {
    use crate::promql::Operator::{Is, IsNot, Matches, MatchesNot};
    let matchers = selected.matchers.iter();
    matchers.filter_map(|matcher| {
        let values = matcher.values();
        let lets_none_through = match matcher.operator {
            Is | Matches => {
                matcher.value.is_empty() || values.as_ref().is_some_and(|values| has_empty(values))
            }
            // `x!=""` asks for the label.
            IsNot => !matcher.value.is_empty(),
            MatchesNot => true,
        };
        (!lets_none_through).then_some((matcher, values))
    })
}

fn has_empty(values: &[String]) -> bool {
    values.iter().any(String::is_empty)
}
