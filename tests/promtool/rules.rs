//! The rules of a set, as mcpset writes them.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use serde_json::{Value, json};

use crate::support;

/// Labels by name.
pub type Labels = BTreeMap<String, String>;

/// The groups of all PrometheusRules of a set.
pub struct Rules(Vec<Value>);

impl Rules {
    /// The rules of the set `sets/<set>.yaml`.
    pub fn of(set: &str) -> Self {
        let path = format!("tests/promtool/sets/{set}.yaml");
        let mut objects = Self::objects(Path::new(&path));
        assert_eq!(objects.len(), 1, "{path}");
        objects.remove(0)
    }

    /// The rules of each PrometheusRule of the config at `path`.
    pub fn objects(path: &Path) -> Vec<Self> {
        let objects = support::render(path);
        let rules = objects
            .into_iter()
            .filter(|object| object.kind == "PrometheusRule");
        rules
            .map(|object| {
                let spec: Value = serde_yaml::from_value(object.value["spec"].clone()).unwrap();
                Self(spec["groups"].as_array().unwrap().clone())
            })
            .collect()
    }

    /// A rules file of Prometheus. JSON is YAML.
    pub fn file(&self) -> Value {
        json!({ "groups": self.0 })
    }

    /// The names of the groups, in their order.
    pub fn groups(&self) -> Vec<&str> {
        self.0
            .iter()
            .map(|group| group["name"].as_str().unwrap())
            .collect()
    }

    /// Adds a group.
    pub fn push(&mut self, name: &str, rules: &[Value]) {
        self.0.push(json!({"name": name, "rules": rules}));
    }

    /// The recordings alone.
    pub fn without_alerts(mut self) -> Self {
        for group in &mut self.0 {
            let rules = group["rules"].as_array_mut().unwrap();
            rules.retain(|rule| rule.get("alert").is_none());
        }
        self.0.retain(|group| group["rules"] != json!([]));
        self
    }

    /// The rules with other expressions of those recordings for which `change` has one.
    pub fn with_recordings(mut self, change: impl Fn(&str) -> Option<String>) -> Self {
        let mut count = 0;
        for group in &mut self.0 {
            for rule in group["rules"].as_array_mut().unwrap() {
                let recorded = rule.get("record").and_then(|_| rule["expr"].as_str());
                if let Some(expr) = recorded.and_then(&change) {
                    rule["expr"] = json!(expr);
                    count += 1;
                }
            }
        }
        assert!(count > 0, "no recording is changed");
        self
    }

    /// The alerting rules, in their order.
    pub fn alerts(&self) -> Vec<Alert> {
        self.rules()
            .filter(|rule| rule.get("alert").is_some())
            .map(|rule| Alert(rule.clone()))
            .collect()
    }

    fn rules(&self) -> impl Iterator<Item = &Value> {
        self.0
            .iter()
            .flat_map(|group| group["rules"].as_array().unwrap())
    }
}

/// One alerting rule.
#[derive(Clone)]
pub struct Alert(pub Value);

impl Alert {
    /// The labels that each of its alerts has.
    fn labels(&self) -> Labels {
        let mut labels: Labels = serde_json::from_value(self.0["labels"].clone()).unwrap();
        labels.insert("alertname".into(), self.0["alert"].as_str().unwrap().into());
        labels
    }

    /// Whether an alert with `labels` is one of its.
    pub fn gives(&self, labels: &Labels) -> bool {
        let own = self.labels();
        own.iter()
            .all(|(name, value)| labels.get(name) == Some(value))
    }
}

impl fmt::Display for Alert {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.labels())
    }
}
