//! The rules: all are evaluated, each has something to say, and none of a server that is well.

use std::collections::BTreeSet;

use super::expressions::{self, Expression, ask};
use super::metrics::{Fares, Profile};
use super::{Platform, SERVERS};

/// Asks every expression, and looks at what Prometheus itself made of the rules.
fn rules_are_right(profile: Profile) {
    let Platform {
        prometheus, groups, ..
    } = Platform::of(profile);
    let expressions = expressions::of_rules(groups);
    let mut complaints = Vec::new();

    let loaded = prometheus.data("/api/v1/rules", &[]);
    let loaded = loaded["groups"].as_array().unwrap().iter();
    let loaded: Vec<_> = loaded
        .flat_map(|group| group["rules"].as_array().unwrap())
        .collect();
    assert!(!loaded.is_empty());
    assert_eq!(loaded.len(), expressions.len());
    for rule in loaded {
        if rule["health"] != "ok" || rule.get("lastError").is_some() {
            complaints.push(format!("not evaluated: {rule}"));
        }
    }

    let (mut with_data, mut speaking) = (0, BTreeSet::new());
    for Expression { place, text } in &expressions {
        let answer = ask(prometheus, text);
        for complaint in answer.complaints {
            complaints.push(format!("{place}: {complaint}\n  {text}"));
        }
        if !answer.series.is_empty() {
            with_data += 1;
            speaking.insert(place);
        }
    }
    println!(
        "{}: {} expressions of rules, {with_data} with data",
        profile.name(),
        expressions.len()
    );
    // Several rules may have one name, such as those of an alert for each server: one suffices.
    for Expression { place, text } in &expressions {
        if !speaking.contains(place) {
            complaints.push(format!("{place}: no data\n  {text}"));
        }
    }

    // One that waits for its time to fire counts as an alert: the test does not last as long.
    let alerts = prometheus.data("/api/v1/alerts", &[]);
    for alert in alerts["alerts"].as_array().unwrap() {
        for server in &SERVERS {
            let labels = alert["labels"].as_object().unwrap();
            let is_about = |value| value == server.name || value == server.job;
            let is_well = matches!(server.fares, Fares::Well | Fares::Idle);
            if is_well && labels.values().any(is_about) {
                complaints.push(format!("an alert about {}: {alert}", server.name));
            }
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
#[ignore = "needs the real prometheus: run ./test"]
fn rules_speak_of_servers_in_trouble_and_of_no_others() {
    rules_are_right(Profile::Guide);
}

#[test]
#[ignore = "needs the real prometheus: run ./test"]
fn rules_of_the_otel_profile_speak_of_servers_in_trouble_and_of_no_others() {
    rules_are_right(Profile::Otel);
}
