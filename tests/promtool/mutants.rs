//! Rules that are a little wrong, to see that the scenarios tell them from the right ones.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::promtool::promtool::{self, Played};
use crate::promtool::rules::{Alert, Rules};
use crate::promtool::scenario::{self, Scenario, expect_firing};

/// A changed alert.
struct Mutant {
    /// What was changed, and how.
    change: String,
    original: Alert,
    rule: Value,
}

/// Pieces of an alert's expression and what stands in their place, one place at a time.
const IN_ONE_PLACE: &[(&str, &str)] = &[
    (" > ", " < "),
    (" < ", " > "),
    (" >= ", " < "),
    (" <= ", " > "),
    (" == ", " != "),
    ("(0 * ", "(1 * "),
    ("> 0.2", "> 0.02"),
    ("> 0.2", "> 2"),
    (">= 20", ">= 2"),
    (">= 20", ">= 200"),
    // The quota of pods that nobody calls.
    (" > 0)) <", " >= 0)) <"),
    (">= 5)", ">= 0.5)"),
    (">= 5)", ">= 4)"),
    (">= 5)", ">= 6)"),
    (">= 5)", ">= 50)"),
    ("(14.4 * ", "(1.44 * "),
    ("(14.4 * ", "(144 * "),
    ("(6 * ", "(0.6 * "),
    ("(6 * ", "(60 * "),
    ("(3 * ", "(0.3 * "),
    ("(3 * ", "(30 * "),
    ("(1 * ", "(0.1 * "),
    ("(1 * ", "(10 * "),
    ("> 5)", "> 0.5)"),
    ("> 5)", "> 50)"),
    ("< 100", "< 10"),
    ("< 100", "< 1000"),
    ("<= 0", "<= 100"),
    ("== 0", "== 1"),
    ("(0.9 * ", "(0.09 * "),
    ("(0.9 * ", "(9 * "),
    ("quantile(0.95", "quantile(0.5"),
    ("quantile(0.95", "quantile(0.99"),
    ("rate5m", "rate30m"),
    ("rate30m", "rate5m"),
    ("rate30m", "rate2h"),
    ("rate1h", "rate5m"),
    ("rate1h", "rate6h"),
    ("rate2h", "rate30m"),
    ("rate2h", "rate6h"),
    ("rate6h", "rate1h"),
    ("rate6h", "rate1d"),
    ("rate1d", "rate6h"),
    ("rate1d", "rate3d"),
    ("rate3d", "rate1d"),
    ("increase1h", "increase6h"),
    ("increase6h", "increase1h"),
    ("increase6h", "increase1d"),
    ("increase1d", "increase6h"),
    ("increase1d", "increase3d"),
    ("increase3d", "increase1d"),
    (
        "min by (namespace, job, server) ",
        "max by (namespace, job, server) ",
    ),
    ("max by", "min by"),
    ("max by", "sum by"),
    ("sum by (namespace, job) (up", "min by (namespace, job) (up"),
    ("mcp_errors_total", "mcp_requests_total"),
];

/// Pieces that mean something only where they are the same in all places of an expression.
const IN_ALL_PLACES: &[(&str, &str)] = &[
    ("[10m]", "[5m]"),
    ("[10m]", "[30m]"),
    (", job=~\"mcp-github|mcp-jira\"}", "}"),
    ("{namespace=\"mcp\", ", "{"),
];

/// Changes of all recordings at once, each with the scenario that must tell.
const IN_RECORDINGS: &[(&str, &str, &str)] = &[
    ("(0 * ", "(1 * ", "error-free"),
    ("(0 * ", "(0 / 0 * ", "error-free"),
    (" > 0)", ")", "idle"),
    (" > 0)", " < 0)", "few-requests"),
    ("mcp_errors_total", "mcp_requests_total", "error-free"),
    ("job, server) (increase", "job) (increase", "few-requests"),
    (
        "increase(mcp_errors_total",
        "increase(mcp_requests_total",
        "one-failure",
    ),
];

/// The expression of `rule` on one line, as pieces above are.
fn on_one_line(rule: &Value) -> String {
    let lines: Vec<&str> = rule["expr"]
        .as_str()
        .unwrap()
        .lines()
        .map(str::trim)
        .collect();
    lines.join(" ").replace("( ", "(").replace(" )", ")")
}

/// `text` with each of the places where `from` stands changed.
fn changed(text: &str, from: &str, to: &str) -> Vec<String> {
    let pieces: Vec<&str> = text.split(from).collect();
    let change = |place| {
        let (before, after) = pieces.split_at(place);
        format!("{}{to}{}", before.join(from), after.join(from))
    };
    (1..pieces.len()).map(change).collect()
}

/// Whether every parenthesis of `text` is closed in it.
fn is_balanced(text: &str) -> bool {
    text.matches('(').count() == text.matches(')').count()
}

impl Mutant {
    /// Whether `from` was changed.
    fn is_of(&self, from: &str) -> bool {
        self.change.starts_with(&format!("{from:?} "))
    }
}

fn mutants_of(original: &Alert) -> Vec<Mutant> {
    let mutant = |change: String, field: &str, value: String| {
        let mut rule = original.0.clone();
        rule[field] = json!(value);
        Mutant {
            change,
            original: original.clone(),
            rule,
        }
    };
    let mut mutants = vec![
        mutant("no wait".into(), "for", "0s".into()),
        mutant("a long wait".into(), "for", "9h".into()),
    ];
    let expr = on_one_line(&original.0);
    for (from, to) in IN_ONE_PLACE {
        for (place, expr) in changed(&expr, from, to).into_iter().enumerate() {
            let change = format!("{from:?} → {to:?} (place {place})");
            mutants.push(mutant(change, "expr", expr));
        }
    }
    // What is recorded is of this set alone, so an alert on it may leave that out.
    for (from, to) in IN_ALL_PLACES {
        if expr.contains(from) && !expr.contains(":mcp_") {
            let change = format!("{from:?} → {to:?}");
            mutants.push(mutant(change, "expr", expr.replace(from, to)));
        }
    }
    let conditions: Vec<&str> = expr.split(" and ").collect();
    for (place, part) in conditions.iter().enumerate() {
        let others: Vec<&str> = conditions
            .iter()
            .copied()
            .filter(|other| other != part)
            .collect();
        // A condition inside of an aggregation is no operand of the alert's own.
        if !others.is_empty() && conditions.iter().all(|part| is_balanced(part)) {
            let change = format!("condition {place} left out");
            mutants.push(mutant(change, "expr", others.join(" and ")));
        }
    }
    mutants
}

/// promtool prints double quotes behind backslashes.
fn name(number: usize) -> String {
    format!("mutant='{number}'")
}

/// The numbers of those `mutants` that `scenario` does not take for right. They are evaluated side by
/// side, told apart by a label.
fn seen(scenario: &Scenario, mutants: &[Mutant]) -> BTreeSet<usize> {
    let mut rules = Rules::of(&scenario.set).without_alerts();
    let marked = mutants.iter().enumerate().map(|(number, mutant)| {
        let mut rule = mutant.rule.clone();
        rule["labels"]["mutant"] = json!(number.to_string());
        rule
    });
    rules.push("mutants", &marked.collect::<Vec<_>>());

    let mut expressions = Vec::new();
    for (number, mutant) in mutants.iter().enumerate() {
        for (at, firing) in scenario.moments() {
            let own = firing
                .into_iter()
                .filter(|labels| mutant.original.gives(labels));
            let expected = own.map(|labels| {
                let mut labels = labels.clone();
                labels.insert("mutant".into(), number.to_string());
                labels
            });
            let matchers = format!(", {}", name(number));
            expressions.push(expect_firing(at, &matchers, expected));
        }
    }
    let folder = promtool::folder(&format!("mutants/{}", scenario.name));
    folder.write(&format!("{}.rules", scenario.set), &rules.file());
    let test = scenario.file(&rules, &expressions, &[]);
    let Played::Otherwise(said) = folder.play([(scenario.name.as_str(), test)]) else {
        return BTreeSet::new();
    };
    let failed: Vec<&str> = said
        .lines()
        .filter(|line| line.contains("expr: "))
        .collect();
    assert!(!failed.is_empty(), "{said}");
    let is_seen = |number: &usize| {
        let name = name(*number);
        failed.iter().any(|line| line.contains(&name))
    };
    (0..mutants.len()).filter(is_seen).collect()
}

/// The scenarios that tell most come first: those where something fires, short ones before long ones.
/// The others are asked only about what those did not see.
#[test]
#[ignore = "needs the real promtool: run ./test"]
fn scenarios_tell_an_alert_from_one_that_is_a_little_wrong() {
    let rules = Rules::of("guide");
    let mut unseen: Vec<Mutant> = rules.alerts().iter().flat_map(mutants_of).collect();
    for (from, _) in IN_ONE_PLACE.iter().chain(IN_ALL_PLACES) {
        let is_somewhere = unseen.iter().any(|mutant| mutant.is_of(from));
        assert!(
            is_somewhere,
            "{from:?} stands in no alert: its mutants say nothing"
        );
    }
    assert!(
        unseen
            .iter()
            .any(|mutant| mutant.change.starts_with("condition")),
        "no mutant leaves a condition out"
    );
    let mut scenarios = scenario::of("guide");
    scenarios.sort_by_key(|scenario| (scenario.is_silent(), scenario.minutes()));
    for scenario in scenarios {
        let seen = seen(&scenario, &unseen);
        let mut number = 0..;
        unseen.retain(|_| !number.next().is_some_and(|number| seen.contains(&number)));
        if unseen.is_empty() {
            break;
        }
    }
    let unseen: Vec<String> = unseen
        .iter()
        .map(|mutant| format!("{}: {}", mutant.original, mutant.change))
        .collect();
    assert!(
        unseen.is_empty(),
        "these mutants look right to all scenarios:\n{}",
        unseen.join("\n")
    );
}

#[test]
#[ignore = "needs the real promtool: run ./test"]
fn scenarios_tell_recordings_from_those_that_are_a_little_wrong() {
    let scenarios = scenario::of("guide");
    let folder = promtool::folder("recordings");
    for (from, to, name) in IN_RECORDINGS {
        let rules = Rules::of("guide").with_recordings(|expr| {
            let changed = expr.replace(from, to);
            (changed != expr).then_some(changed)
        });
        folder.write("guide.rules", &rules.file());
        let scenario = scenarios.iter().find(|scenario| scenario.name == *name);
        let Played::Otherwise(said) = folder.play([(*name, scenario.unwrap().unit_test())]) else {
            panic!("{from:?} → {to:?} looks right to {name}")
        };
        assert!(said.contains("got: "), "{from:?} → {to:?}: {said}");
    }
}
