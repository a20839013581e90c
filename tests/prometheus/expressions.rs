//! The expressions of a dashboard and of rules, as Prometheus receives them, and what its answers
//! must not hold.

use serde_json::Value;

use super::server::Prometheus;

/// Scrapes in `$__rate_interval`. Grafana makes it four times the scrape interval at least, and
/// one interval longer than a step; a late scrape or two must not matter here.
pub const RATE_SCRAPES: u32 = 8;

/// What Grafana puts in place of its own variables.
const BUILT_IN: [(&str, &str); 5] = [
    ("__rate_interval", "8s"),
    ("__interval", "5s"),
    ("__interval_ms", "5000"),
    ("__range", "15s"),
    ("__range_s", "15"),
];

/// One expression.
#[derive(Clone, Debug)]
pub struct Expression {
    /// Where it stands: the panel's title and the query's letter, or the rule's name.
    pub place: String,
    /// PromQL, with Grafana's variables still in it.
    pub text: String,
}

/// The expressions of every panel, those of folded rows included.
pub fn of_dashboard(dashboard: &Value) -> Vec<Expression> {
    let mut found = Vec::new();
    collect(&dashboard["panels"], &mut found);
    let annotations = dashboard["annotations"]["list"].as_array();
    for annotation in annotations.into_iter().flatten() {
        assert!(annotation.get("expr").is_none(), "{annotation}");
    }
    found
}

fn collect(panels: &Value, found: &mut Vec<Expression>) {
    for panel in panels.as_array().into_iter().flatten() {
        for target in panel["targets"].as_array().into_iter().flatten() {
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            found.push(Expression {
                place: format!("{} {}", text(&panel["title"]), text(&target["refId"])),
                text: text(&target["expr"]),
            });
        }
        collect(&panel["panels"], found);
    }
}

/// The expressions of all rules, recordings and alerts.
pub fn of_rules(groups: &[Value]) -> Vec<Expression> {
    let rules = groups
        .iter()
        .flat_map(|group| group["rules"].as_array().unwrap());
    rules
        .map(|rule| {
            let name = rule["alert"].as_str().or(rule["record"].as_str());
            Expression {
                place: format!("rule {}", name.unwrap()),
                text: rule["expr"].as_str().unwrap().to_owned(),
            }
        })
        .collect()
}

/// What a person chose at the top of a dashboard.
#[derive(Clone, Debug)]
pub struct Choices(Vec<(String, String)>);

impl Choices {
    /// All of everything.
    pub fn all(dashboard: &Value) -> Self {
        let variables = dashboard["templating"]["list"].as_array().unwrap().iter();
        let queries = variables.filter(|variable| variable["type"] == "query");
        let all = queries.map(|variable| {
            let [name, all] = ["name", "allValue"].map(|key| variable[key].as_str().unwrap());
            (name.to_owned(), all.to_owned())
        });
        let built_in = BUILT_IN.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Self(all.chain(built_in).collect())
    }

    /// One value of a variable.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        let variable = self.0.iter_mut().find(|(of, _)| of == name);
        value.clone_into(&mut variable.unwrap().1);
        self
    }

    /// `text` as Grafana sends it; a variable that the dashboard does not have is a panic.
    pub fn fill(&self, text: &str) -> String {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once('$') {
            filled.push_str(before);
            let (behind, close) = match behind.strip_prefix('{') {
                Some(behind) => (behind, "}"),
                None => (behind, ""),
            };
            let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
            let end = behind.find(|c| !is_name(c)).unwrap_or(behind.len());
            let (name, behind) = behind.split_at(end);
            let known = self.0.iter().find(|(of, _)| of == name);
            let (_, value) = known.unwrap_or_else(|| panic!("no variable `{name}`: {text}"));
            filled.push_str(value);
            rest = behind.strip_prefix(close).unwrap();
        }
        filled + rest
    }
}

/// A variable of a dashboard and the values that it offers.
pub struct Offered {
    /// Its name.
    pub name: String,
    /// The query that asks for them.
    pub query: String,
    /// The values.
    pub values: Vec<String>,
}

/// Asks for the values of every variable, as Grafana does: `label_values(series, label)`.
pub fn offered(dashboard: &Value, choices: &Choices, prometheus: &Prometheus) -> Vec<Offered> {
    let variables = dashboard["templating"]["list"].as_array().unwrap().iter();
    let queries = variables.filter(|variable| variable["type"] == "query");
    queries
        .map(|variable| {
            let query = variable["query"]["query"].as_str().unwrap();
            let arguments = query.strip_prefix("label_values(");
            let arguments = arguments.and_then(|arguments| arguments.strip_suffix(')'));
            let (series, label) = arguments.unwrap().rsplit_once(',').unwrap();
            let path = format!("/api/v1/label/{}/values", label.trim());
            let values = prometheus.data(&path, &[("match[]", &choices.fill(series))]);
            Offered {
                name: variable["name"].as_str().unwrap().to_owned(),
                query: query.to_owned(),
                values: serde_json::from_value(values).unwrap(),
            }
        })
        .collect()
}

/// What Prometheus answers to an expression.
#[derive(Debug, Default)]
pub struct Answer {
    /// The labels of the series that there are now.
    pub series: Vec<Value>,
    /// What is wrong with it.
    pub complaints: Vec<String>,
}

/// Asks for now and for every second since the start. An answer must be a success without warnings
/// and remarks, every number in it finite, and a series that there is now in both.
pub fn ask(prometheus: &Prometheus, expression: &str) -> Answer {
    let mut answer = Answer::default();
    let now = prometheus.query(expression);
    let since_start = prometheus.query_range(expression);
    for (kind, reply) in [("query", &now), ("query_range", &since_start)] {
        let mut complain = |what: String| answer.complaints.push(format!("{kind}: {what}"));
        if reply["status"] != "success" {
            complain(format!("{}: {}", reply["errorType"], reply["error"]));
            continue;
        }
        if !matches!(
            reply["data"]["resultType"].as_str(),
            Some("vector" | "matrix")
        ) {
            complain(format!("a {} has no series", reply["data"]["resultType"]));
            continue;
        }
        for remarks in ["warnings", "infos"] {
            if let Some(remarks) = reply.get(remarks) {
                complain(remarks.to_string());
            }
        }
        let numbers = numbers(&reply["data"]);
        if let Some(number) = numbers.iter().find(|number| !number.is_finite()) {
            complain(format!("{number} is no number"));
        }
    }
    let series = now["data"]["result"].as_array();
    let labels = series.into_iter().flatten();
    answer.series = labels.map(|series| series["metric"].clone()).collect();
    if !answer.series.is_empty() && numbers(&since_start["data"]).is_empty() {
        let complaint = "query_range: nothing, where query has something".into();
        answer.complaints.push(complaint);
    }
    answer
}

/// All numbers of a vector or a matrix.
fn numbers(data: &Value) -> Vec<f64> {
    let number = |point: &Value| point[1].as_str().unwrap().parse().unwrap();
    let mut numbers = Vec::new();
    for series in data["result"].as_array().into_iter().flatten() {
        if let Some(point) = series.get("value") {
            numbers.push(number(point));
        }
        let points = series["values"].as_array();
        numbers.extend(points.into_iter().flatten().map(number));
    }
    numbers
}
