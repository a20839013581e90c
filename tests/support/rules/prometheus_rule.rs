//! What Prometheus computes and when it alerts: no alert that can never fire, none without words.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::Value;

use super::repeated;
use crate::support::bundle::{Bundle, id};
use crate::support::config;
use crate::support::dashboard::{items, text};
use crate::support::promql::{Labels, Recorded, Selected, labels, parse, selected, templates};
use crate::support::rule::Rule;

/// Rules of a group at most, as Prometheus evaluates them one after the other.
const GROUP: usize = 20;
/// Characters of an alert's name at most.
const NAME: usize = 40;
/// Scrapes that the window of a rate must hold at least.
const SCRAPES: u32 = 4;

pub const RULES: &[Rule] = &[
    Rule {
        name: "every expression of a rule is PromQL",
        violations: |bundle| each(bundle, |_, rule| parse(expr(rule)).err()),
        broken_by: |bundle| edit(bundle, "expr", |expr| expr + ")"),
    },
    Rule {
        name: "a rule uses recorded metrics of its own object alone, and series that can match",
        violations: |bundle| {
            each(bundle, |rules, rule| {
                labels(&parse(expr(rule)).ok()?, &recorded(rules)).err()
            })
        },
        broken_by: |bundle| edit(bundle, "expr", |expr| expr.replace("rate1h", "rate2d")),
    },
    Rule {
        name: "an alert speaks of labels that it has",
        violations: |bundle| each(bundle, speechless),
        broken_by: |bundle| {
            edit(bundle, "annotations", |text| {
                text.replace("$labels.job", "$labels.pod")
            });
        },
    },
    Rule {
        name: "rules are about the set's namespace and jobs",
        violations: foreign,
        broken_by: |bundle| {
            edit(bundle, "expr", |expr| {
                expr.replace("namespace=\"mcp\", ", "")
            });
        },
    },
    Rule {
        name: "rules read counters as rates over a fixed time of at least four scrapes, and nothing else",
        violations: misread,
        broken_by: |bundle| edit(bundle, "expr", |expr| expr.replace("[6h]", "[3m]")),
    },
    Rule {
        name: "the name of a recorded metric says its labels",
        violations: |bundle| each(bundle, misnamed),
        broken_by: |bundle| edit(bundle, "record", |name| name.replace("namespace_", "")),
    },
    Rule {
        name: "an alert has a name, a severity, a wait, a summary and a description",
        violations: |bundle| each(bundle, |_, rule| unstyled(rule)),
        broken_by: |bundle| edit(bundle, "labels", |text| text.replace("critical", "fatal")),
    },
    Rule {
        name: "groups have names of their own and few rules",
        violations: groups,
        broken_by: |bundle| edit(bundle, "name", |_| "targets".into()),
    },
    Rule {
        name: "no two rules of an object yield one series",
        violations: |bundle| {
            objects(bundle)
                .flat_map(|rules| {
                    let key = |rule: &&Value| {
                        format!(
                            "{}{} {}",
                            text(&rule["alert"]),
                            text(&rule["record"]),
                            rule["labels"]
                        )
                    };
                    repeated(all(rules).iter().map(key))
                })
                .collect()
        },
        broken_by: |bundle| edit(bundle, "labels", |text| text.replace("\"1h\"", "\"6h\"")),
    },
    Rule {
        name: "every alert leads to the runbook, where there is one",
        violations: |bundle| {
            let runbook =
                text(&bundle.config["spec"]["platform"]["monitoring"]["runbookUrl"]).to_owned();
            each(bundle, move |_, rule| {
                let alert = rule["alert"].as_str()?;
                let url = text(&rule["annotations"]["runbook_url"]);
                let wanted = match runbook.as_str() {
                    "" => String::new(),
                    page => format!("{page}#{}", alert.to_lowercase()),
                };
                (url != wanted).then(|| format!("{alert}: {url:?}, not {wanted:?}"))
            })
        },
        broken_by: |bundle| {
            edit(bundle, "annotations", |text| {
                text.replace("/runbooks/", "/")
            });
        },
    },
];

/// Changes the field `key` of all groups or rules of the bundle of `everything.yaml`; `change` sees
/// its JSON where it is no text.
fn edit(bundle: &mut Bundle, key: &str, change: impl Fn(String) -> String) {
    let rules = bundle.of_kind("PrometheusRule");
    let mut spec = rules[0]["spec"].clone();
    let before = spec.clone();
    for group in spec["groups"].as_array_mut().unwrap() {
        let edit = |of: &mut Value| match of.get_mut(key) {
            Some(Value::String(text)) => *text = change(text.clone()),
            Some(value) => *value = serde_json::from_str(&change(value.to_string())).unwrap(),
            None => {}
        };
        edit(group);
        group["rules"]
            .as_array_mut()
            .unwrap()
            .iter_mut()
            .for_each(edit);
    }
    assert_ne!(spec, before, "nothing is changed");
    bundle.set("PrometheusRule", "tools-alerts", "/spec", spec);
}

fn objects(bundle: &Bundle) -> impl Iterator<Item = &Value> {
    bundle.of_kind("PrometheusRule").into_iter()
}

/// The rules of all groups of `object`.
fn all(object: &Value) -> Vec<&Value> {
    let groups = items(&object["spec"]["groups"]).iter();
    groups.flat_map(|group| items(&group["rules"])).collect()
}

fn expr(rule: &Value) -> &str {
    text(&rule["expr"])
}

/// What `wrong` says of the rules, each with the rule's name.
fn each(bundle: &Bundle, wrong: impl Fn(&Value, &Value) -> Option<String>) -> Vec<String> {
    let mut violations = Vec::new();
    for object in objects(bundle) {
        for rule in all(object) {
            let name = format!(
                "{} {}{}",
                id(object),
                text(&rule["alert"]),
                text(&rule["record"])
            );
            violations.extend(wrong(object, rule).map(|said| format!("{name}: {said}")));
        }
    }
    violations
}

/// What the rules of `object` record.
fn recorded(object: &Value) -> Recorded {
    let none = Recorded::new();
    let record = |rule: &&Value| {
        let labels = labels(&parse(expr(rule)).ok()?, &none).ok()?;
        Some((rule["record"].as_str()?.to_owned(), labels))
    };
    all(object).iter().filter_map(record).collect()
}

fn speechless(object: &Value, rule: &Value) -> Option<String> {
    rule["alert"].as_str()?;
    let labels = labels(&parse(expr(rule)).ok()?, &recorded(object)).ok()?;
    let own = rule["labels"].as_object()?;
    let texts = rule["annotations"].as_object()?.values().map(text);
    texts.flat_map(templates).find_map(|template| {
        let (subject, functions) = template.split_once(" | ").unwrap_or((template, ""));
        let known = ["", "humanizePercentage", "humanizeDuration"].contains(&functions);
        let has = match subject.strip_prefix("$labels.") {
            Some(label) => labels.has(label) || own.contains_key(label),
            None => subject == "$value",
        };
        (!known || !has).then(|| format!("{{{{ {template} }}}} with {labels:?}"))
    })
}

/// What `wrong` says of the selectors of all rules.
fn each_selected(bundle: &Bundle, wrong: impl Fn(&Selected<'_>) -> Option<String>) -> Vec<String> {
    each(bundle, |_, rule| {
        selected(&parse(expr(rule)).ok()?).iter().find_map(&wrong)
    })
}

fn foreign(bundle: &Bundle) -> Vec<String> {
    let namespace = text(&bundle.config["metadata"]["namespace"]);
    let servers = config::servers(&bundle.config).into_iter();
    let scraped: BTreeSet<String> = servers
        .filter(config::Server::has_metrics)
        .map(|server| server.workload())
        .collect();
    let mut seen = BTreeSet::new();
    for (index, rule) in objects(bundle).flat_map(all).enumerate() {
        for selected in parse(expr(rule)).iter().flat_map(selected) {
            let matchers = &selected.selector.matchers.matchers;
            let jobs = matchers.iter().find(|matcher| matcher.name == "job");
            let jobs: BTreeSet<String> = jobs
                .iter()
                .flat_map(|jobs| scraped.iter().filter(|job| jobs.is_match(job)).cloned())
                .collect();
            let about_all = jobs.iter().next().is_none()
                || matchers
                    .iter()
                    .any(|m| m.name == "job" && m.is_match("another"));
            if !selected.has("namespace", "=", namespace) || about_all {
                return vec![format!("rule {index}: {}", selected.selector)];
            }
            seen.extend(jobs);
        }
    }
    let forgotten = scraped.difference(&seen);
    let has_rules = objects(bundle).next().is_some();
    forgotten
        .filter(|_| has_rules)
        .map(|job| format!("no rule about {job}"))
        .collect()
}

/// A time such as `1m30s` or `500ms`.
fn duration(text: &str) -> Duration {
    // A range of PromQL has the same form.
    match selected(&parse(&format!("up[{text}]")).unwrap())[..] {
        [
            Selected {
                range: Some(range), ..
            },
        ] => range,
        _ => panic!("{text}"),
    }
}

fn misread(bundle: &Bundle) -> Vec<String> {
    let written = &bundle.config["spec"]["platform"]["monitoring"]["interval"];
    let least = duration(written.as_str().unwrap_or("30s")) * SCRAPES;
    each_selected(bundle, |selected| {
        let short = selected.range.filter(|range| *range < least);
        let short = short.map(|range| format!("{} over {range:?}", selected.metric()));
        short.or_else(|| selected.misread())
    })
}

fn misnamed(_: &Value, rule: &Value) -> Option<String> {
    let name = rule["record"].as_str()?;
    let Ok(Labels::These(labels)) = labels(&parse(expr(rule)).ok()?, &Recorded::new()) else {
        return Some("its labels are not known".into());
    };
    let parts: Vec<_> = name.split(':').collect();
    let said: BTreeSet<String> = parts[0].split('_').map(str::to_owned).collect();
    (parts.len() != 3 || said != labels).then(|| format!("has {labels:?}"))
}

fn unstyled(rule: &Value) -> Option<String> {
    let name = rule["alert"].as_str()?;
    let (summary, description) = (
        text(&rule["annotations"]["summary"]),
        text(&rule["annotations"]["description"]),
    );
    let camel_case = name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.chars().all(|c| c.is_ascii_alphanumeric());
    let severity = text(&rule["labels"]["severity"]);
    let demands = [
        (camel_case && name.len() <= NAME, "its name"),
        (
            ["critical", "warning", "info"].contains(&severity),
            "its severity",
        ),
        (!text(&rule["for"]).is_empty(), "no wait"),
        (
            summary.ends_with('.') && !summary.contains("{{"),
            "its summary",
        ),
        (
            description.ends_with('.') && description.contains("{{"),
            "its description",
        ),
    ];
    let missing = demands.iter().find(|(holds, _)| !holds);
    missing.map(|(_, what)| (*what).to_owned())
}

fn groups(bundle: &Bundle) -> Vec<String> {
    let mut violations = Vec::new();
    for object in objects(bundle) {
        let groups = items(&object["spec"]["groups"]);
        violations.extend(repeated(groups.iter().map(|group| text(&group["name"]))));
        for group in groups {
            let count = items(&group["rules"]).len();
            if !(1..=GROUP).contains(&count) {
                violations.push(format!("{}: {count} rules", group["name"]));
            }
        }
    }
    violations
}
