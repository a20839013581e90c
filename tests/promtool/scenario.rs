//! What pods expose over time, and what must follow from it.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::promtool::rules::{Labels, Rules};
use crate::support;

/// A file of `scenarios/`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// The file's name.
    #[serde(skip)]
    pub name: String,
    /// What happens, for the reader.
    #[serde(rename = "about")]
    _about: String,
    /// Whose rules are asked: a file of `sets/`.
    pub set: String,
    /// Time between two samples of a series.
    #[serde(default = "minute")]
    interval: String,
    /// Time between two evaluations of the rules.
    #[serde(default = "minute")]
    evaluation: String,
    /// What Prometheus scrapes.
    pods: Vec<Pod>,
    /// The alerts below, by a short name.
    #[serde(default)]
    alerts: BTreeMap<String, Alert>,
    /// All alerts that fire, by the time since the beginning.
    pub firing: BTreeMap<String, BTreeSet<String>>,
    /// What recorded series and other expressions are worth.
    #[serde(default)]
    worth: Vec<Worth>,
}

/// A pod that is scraped.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pod {
    #[serde(default = "namespace")]
    namespace: String,
    job: String,
    #[serde(rename = "pod")]
    name: String,
    /// Samples, in promtool's notation, by series without the target's labels.
    series: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Alert {
    labels: Labels,
    /// How it reads, at a moment when it fires.
    text: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    at: String,
    annotations: Labels,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Worth {
    at: String,
    expr: String,
    /// Values by series.
    samples: BTreeMap<String, f64>,
}

fn minute() -> String {
    "1m".into()
}

fn namespace() -> String {
    "mcp".into()
}

/// All scenarios.
pub fn all() -> Vec<Scenario> {
    let folder = support::root().join("tests/promtool/scenarios");
    let files = fs::read_dir(&folder)
        .unwrap()
        .map(|file| file.unwrap().path());
    let mut scenarios: Vec<Scenario> = files
        .filter(|path| path.extension() == Some(OsStr::new("yaml")))
        .map(|path| {
            let read = serde_yaml::from_str(&fs::read_to_string(&path).unwrap());
            let mut scenario: Scenario =
                read.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let name = path.file_stem().unwrap().to_str().unwrap();
            name.clone_into(&mut scenario.name);
            for name in scenario.alerts.keys() {
                let mut moments = scenario.firing.values();
                let is_used = moments.any(|firing| firing.contains(name));
                assert!(is_used, "{}: {name} never fires", scenario.name);
            }
            scenario
        })
        .collect();
    scenarios.sort_by(|a, b| a.name.cmp(&b.name));
    scenarios
}

/// The scenarios about one set.
pub fn of(set: &str) -> Vec<Scenario> {
    let mut scenarios = all();
    scenarios.retain(|scenario| scenario.set == set);
    scenarios
}

impl Scenario {
    /// The labels of all alerts that fire, moment by moment.
    pub fn moments(&self) -> impl Iterator<Item = (&str, Vec<&Labels>)> {
        self.firing.iter().map(|(at, names)| {
            let labels = names.iter().map(|name| &self.alert(name).labels);
            (at.as_str(), labels.collect())
        })
    }

    /// How long it lasts, in minutes.
    pub fn minutes(&self) -> u32 {
        self.firing.keys().map(|at| minutes(at)).max().unwrap()
    }

    /// Whether no alert ever fires.
    pub fn is_silent(&self) -> bool {
        self.firing.values().all(BTreeSet::is_empty)
    }

    /// The labels of the alerts whose words are here.
    pub fn read_alerts(&self) -> impl Iterator<Item = &Labels> {
        let read = self.alerts.values().filter(|alert| alert.text.is_some());
        read.map(|alert| &alert.labels)
    }

    fn alert(&self, name: &str) -> &Alert {
        let alert = self.alerts.get(name);
        alert.unwrap_or_else(|| panic!("{}: no alert {name}", self.name))
    }

    /// The scenario as a unit test of promtool, over the set's rules in `<set>.rules`.
    pub fn unit_test(&self) -> Value {
        let firing = self.moments();
        let firing = firing.map(|(at, firing)| expect_firing(at, "", firing.into_iter().cloned()));
        let worth = self.worth.iter().map(|worth| {
            let samples = worth.samples.iter();
            json!({
                "eval_time": worth.at,
                "expr": worth.expr,
                "exp_samples": samples.map(|(labels, value)| sample(labels, *value)).collect::<Vec<_>>(),
            })
        });
        let expressions: Vec<Value> = firing.chain(worth).collect();
        self.file(&Rules::of(&self.set), &expressions, &self.texts())
    }

    /// A file of unit tests over the `rules` in `<set>.rules`.
    pub fn file(&self, rules: &Rules, expressions: &[Value], texts: &[Value]) -> Value {
        json!({
            "rule_files": [format!("{}.rules", self.set)],
            // Else promtool takes any order, and an alert may see what was recorded a step before.
            "group_eval_order": rules.groups(),
            "evaluation_interval": self.evaluation,
            "tests": [{
                "interval": self.interval,
                "input_series": self.pods.iter().flat_map(Pod::samples).collect::<Vec<_>>(),
                "promql_expr_test": expressions,
                "alert_rule_test": texts,
            }],
        })
    }

    /// promtool compares all alerts of one name at one moment.
    fn texts(&self) -> Vec<Value> {
        let mut by_moment: BTreeMap<(&str, &str), Vec<Value>> = BTreeMap::new();
        for alert in self.alerts.values() {
            if let Some(text) = &alert.text {
                let mut labels = alert.labels.clone();
                labels.remove("alertname");
                let key = (text.at.as_str(), alert.labels["alertname"].as_str());
                by_moment.entry(key).or_default().push(json!({
                    "exp_labels": labels,
                    "exp_annotations": text.annotations,
                }));
            }
        }
        let tests = by_moment.into_iter().map(|((at, name), alerts)| {
            json!({"eval_time": at, "alertname": name, "exp_alerts": alerts})
        });
        tests.collect()
    }
}

impl Pod {
    /// The series with the labels that prometheus-operator gives a target.
    fn samples(&self) -> impl Iterator<Item = Value> {
        self.series.iter().map(|(series, values)| {
            let instance = format!("{}:8080", self.name);
            let target = labels(&[
                ("namespace", &self.namespace),
                ("job", &self.job),
                ("pod", &self.name),
                ("instance", &instance),
            ]);
            let series = match series.strip_suffix('}') {
                Some(open) => format!("{open}, {target}}}"),
                None => format!("{series}{{{target}}}"),
            };
            json!({"series": series, "values": values})
        })
    }
}

/// A moment such as `3d12h10m`, in minutes.
fn minutes(moment: &str) -> u32 {
    let mut number = 0;
    let mut minutes = 0;
    for c in moment.chars() {
        let unit = match c {
            'd' => 24 * 60,
            'h' => 60,
            'm' => 1,
            digit => {
                number = number * 10 + digit.to_digit(10).unwrap();
                continue;
            }
        };
        minutes += number * unit;
        number = 0;
    }
    minutes
}

/// The expectation that `firing` are all alerts that fire, of those that `matchers` choose.
pub fn expect_firing(at: &str, matchers: &str, firing: impl Iterator<Item = Labels>) -> Value {
    json!({
        "eval_time": at,
        "expr": format!(r#"ALERTS{{alertstate="firing"{matchers}}}"#),
        "exp_samples": firing.map(|labels| sample(&alerts(&labels), 1.0)).collect::<Vec<_>>(),
    })
}

/// The series in which Prometheus keeps a firing alert.
fn alerts(alert: &Labels) -> String {
    let alert: Vec<(&str, &str)> = alert
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    format!(r#"ALERTS{{alertstate="firing", {}}}"#, labels(&alert))
}

fn labels(labels: &[(&str, &str)]) -> String {
    let labels: Vec<String> = labels
        .iter()
        .map(|(name, value)| format!("{name}={}", mcpset::promql::string(value)))
        .collect();
    labels.join(", ")
}

fn sample(labels: &str, value: f64) -> Value {
    json!({"labels": labels, "value": value})
}
