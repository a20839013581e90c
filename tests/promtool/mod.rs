//! The rules in the hands of Prometheus itself: its linter reads them, and its unit tests run them
//! over scenarios.
//!
//! A scenario (`scenarios/*.yaml`) says what pods expose, minute by minute, and all alerts that fire
//! at the minutes it looks at: those and no others. The real promtool plays it.

mod lint;
mod mutants;
mod promtool;
mod rules;
mod scenario;

use std::collections::BTreeSet;

use promtool::Played;
use rules::Rules;
use scenario::Scenario;

/// The sets that scenarios are about, by name.
fn sets() -> BTreeSet<String> {
    scenario::all()
        .into_iter()
        .map(|scenario| scenario.set)
        .collect()
}

/// An alert that nobody has seen fire is a guess, and so is one that nobody has seen silent.
#[test]
fn every_alert_has_a_scenario_where_it_fires_and_one_where_it_is_silent() {
    for set in sets() {
        let scenarios = scenario::of(&set);
        for alert in Rules::of(&set).alerts() {
            let (mut fires, mut is_silent) = (false, false);
            for (_, firing) in scenarios.iter().flat_map(Scenario::moments) {
                let fires_now = firing.iter().any(|labels| alert.gives(labels));
                fires |= fires_now;
                is_silent |= !fires_now;
            }
            assert!(fires, "{set}: {alert} fires in no scenario");
            assert!(is_silent, "{set}: {alert} is silent in no scenario");
        }
    }
}

/// Templates are filled in by Prometheus, so only there one sees what a person reads.
#[test]
fn the_words_of_every_alert_stand_in_a_scenario() {
    for set in ["guide", "otel"] {
        let scenarios = scenario::of(set);
        let read: Vec<_> = scenarios.iter().flat_map(Scenario::read_alerts).collect();
        for alert in Rules::of(set).alerts() {
            let is_read = read.iter().any(|labels| alert.gives(labels));
            assert!(is_read, "{set}: no scenario says how {alert} reads");
        }
    }
}

#[test]
#[ignore = "needs the real promtool: run ./test"]
fn alerts_fire_when_they_must_and_at_no_other_time() {
    let files = scenario::all();
    let files = files
        .iter()
        .map(|scenario| (scenario.name.as_str(), scenario.unit_test()));
    let folder = promtool::folder("scenarios");
    for set in sets() {
        folder.write(&format!("{set}.rules"), &Rules::of(&set).file());
    }
    let played = folder.play(files);
    assert!(matches!(&played, Played::AsWritten), "{played}");
}

/// The test above would see it.
#[test]
#[ignore = "needs the real promtool: run ./test"]
fn an_alert_that_no_scenario_expects_is_seen() {
    let mut scenario = scenario::of("guide")
        .into_iter()
        .find(|scenario| scenario.name == "down")
        .unwrap();
    for firing in scenario.firing.values_mut() {
        firing.clear();
    }
    let folder = promtool::folder("unexpected");
    folder.write("guide.rules", &Rules::of("guide").file());
    let Played::Otherwise(said) = folder.play([("down", scenario.unit_test())]) else {
        panic!("nobody minded an alert that is not expected")
    };
    assert!(said.contains(r#"alertname="McpServerDown""#), "{said}");
}
