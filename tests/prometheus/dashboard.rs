//! The dashboard that `mcpset dashboard` prints: every panel has data, every variable has values.

use super::expressions::{self, Choices, Expression, ask};
use super::metrics::Profile;
use super::{GUIDE, Platform, SERVERS, Shows, TestServer};

/// Asks every expression of the dashboard. `must` says of a panel's title whether it must have
/// data; what is wrong is added to `complaints`.
fn ask_all(
    profile: Profile,
    chosen: &str,
    choices: &Choices,
    must: impl Fn(&str) -> bool,
    complaints: &mut Vec<String>,
) {
    let platform = Platform::of(profile);
    let expressions = expressions::of_dashboard(&platform.dashboard);
    assert!(!expressions.is_empty());
    let mut with_data = 0;
    for Expression { place, text } in &expressions {
        let text = choices.fill(text);
        let answer = ask(&platform.prometheus, &text);
        let mut complain = |what: &str| {
            complaints.push(format!("{chosen}, {place}: {what}\n  {text}"));
        };
        for complaint in &answer.complaints {
            complain(complaint);
        }
        if !answer.series.is_empty() {
            with_data += 1;
        } else if must(place) {
            complain("no data");
        }
    }
    println!(
        "{}: {chosen}: {} expressions of the dashboard, {with_data} with data",
        profile.name(),
        expressions.len()
    );
}

fn every_panel_has_data(profile: Profile) {
    let choices = Choices::all(&Platform::of(profile).dashboard);
    let mut complaints = Vec::new();
    ask_all(profile, "all", &choices, |_| true, &mut complaints);
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
#[ignore = "needs the real prometheus: run ./test"]
fn every_panel_of_the_guide_profile_has_data() {
    every_panel_has_data(Profile::Guide);
}

#[test]
#[ignore = "needs the real prometheus: run ./test"]
fn every_panel_of_the_otel_profile_has_data() {
    every_panel_has_data(Profile::Otel);
}

fn one_server_shows_what_it_has(profile: Profile) {
    let mut complaints = Vec::new();
    for TestServer { job, shows, .. } in &SERVERS {
        let choices = Choices::all(&Platform::of(profile).dashboard).with("job", job);
        let must = |place: &str| match shows {
            Shows::Everything => true,
            Shows::AllBut(titles) => !titles.iter().any(|title| place.starts_with(title)),
            Shows::Anything => false,
        };
        ask_all(profile, job, &choices, must, &mut complaints);
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
#[ignore = "needs the real prometheus: run ./test"]
fn one_server_alone_shows_what_it_has_and_no_nan() {
    one_server_shows_what_it_has(Profile::Guide);
}

#[test]
#[ignore = "needs the real prometheus: run ./test"]
fn one_server_alone_shows_what_it_has_and_no_nan_in_the_otel_profile() {
    one_server_shows_what_it_has(Profile::Otel);
}

#[test]
#[ignore = "needs the real prometheus: run ./test"]
fn every_variable_offers_what_there_is() {
    for profile in [Profile::Guide, Profile::Otel] {
        let platform = Platform::of(profile);
        let choices = Choices::all(&platform.dashboard);
        let offered = expressions::offered(&platform.dashboard, &choices, &platform.prometheus);
        println!("{}: {} variables", profile.name(), offered.len());
        for variable in &offered {
            let values = &variable.values;
            match variable.name.as_str() {
                "namespace" => assert_eq!(values, &["litellm"]),
                // Also where nobody has called a tool of a server yet.
                "job" => assert!(values.contains(&"mcp-idle".into()), "{values:?}"),
                _ => assert!(!values.is_empty(), "{} offers nothing", variable.query),
            }
        }
        assert!(offered.len() >= 4, "variables are missing");
    }
}

/// What the tests above look for is found where it is.
#[test]
#[ignore = "needs the real prometheus: run ./test"]
fn whatever_is_wrong_with_an_expression_is_noticed() {
    for (wrong, complaint) in [
        ("sum(up", "parse error"),
        ("vector(0) / 0", "NaN"),
        ("1 / vector(0)", "inf"),
        ("1 + 1", "has no series"),
        (
            "rate(mcp_concurrent_requests[8s])",
            "might not be a counter",
        ),
        (
            "histogram_quantile(0.9, sum(rate(mcp_request_duration_seconds_bucket[8s])))",
            "bucket label",
        ),
    ] {
        let answer = ask(&GUIDE.prometheus, wrong);
        let noticed = answer
            .complaints
            .iter()
            .any(|said| said.contains(complaint));
        assert!(noticed, "{wrong}: {answer:?}");
    }
}
