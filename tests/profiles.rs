//! Profiles are data: each can be read, says what it must be told, and is shown by a set that uses it.

use crate::support;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::run::run;
use mcpset::api;
use mcpset::problem::Problems;
use mcpset::profiles::{PROFILES, Profile};
use mcpset::report::profiles as pages;
use mcpset::source::Place;
use serde_json::{Value, json};

const PAGE: &str = "docs/profiles.md";
/// What the goldens leave out: it is the same for every server, and has goldens of its own.
const LEFT_OUT: [&str; 4] = [
    "PrometheusRule",
    "ConfigMap",
    "ServiceMonitor",
    "PodDisruptionBudget",
];

fn read(profile: &Profile) -> api::Profile {
    let mut problems = Problems::default();
    let read = profile.read(Place::default(), &mut problems);
    let problems = problems.into_sorted();
    assert!(problems.is_empty(), "{}: {problems:?}", profile.name);
    read.unwrap()
}

/// What every run prints for `words`.
fn explain(words: &str) -> String {
    run(support::mcpset().args(["explain", words]), b"").done()
}

fn example(profile: &Profile) -> PathBuf {
    PathBuf::from(format!("examples/profiles/{}.yaml", profile.name))
}

#[test]
fn every_file_is_a_profile_and_they_stand_by_name() {
    let files = |folder: &str| {
        let entries = fs::read_dir(support::root().join(folder)).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        let mut names: Vec<String> = paths
            .filter(|path| path.extension().is_some_and(|kind| kind == "yaml"))
            .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
            .collect();
        names.sort();
        names
    };
    let names: Vec<&str> = PROFILES.iter().map(|profile| profile.name).collect();
    assert_eq!(files("src/profiles"), names);
    assert_eq!(files("examples/profiles"), names);
}

#[test]
fn every_profile_says_what_it_is_and_how_that_is_known() {
    for profile in PROFILES {
        let read = read(profile);
        let fields = [&read.title, &read.image, &read.version, &read.source];
        for field in fields.into_iter().chain([&read.verified]) {
            assert!(field.value().is_some_and(|text| !text.is_empty()));
        }
        let image = read.image.value().unwrap();
        assert!(image.contains('/') && !image.contains(':'), "{image}");
        let server = read.server.value().unwrap();
        // They tell servers apart, and accounts.
        for field in [&server.name, &server.image, &server.profile] {
            assert!(field.is_absent(), "{}", profile.name);
        }
        assert!(server.aws.is_absent(), "{}", profile.name);
        // They are read from the set itself.
        assert!(server.patches.is_absent(), "{}", profile.name);
        for need in read.needs.value().into_iter().flatten() {
            let need = need.value().unwrap();
            let ways = [
                need.env.is_absent(),
                need.secrets.is_absent(),
                need.field.is_absent(),
            ];
            assert_eq!(ways.iter().filter(|absent| !**absent).count(), 1);
            assert!(need.is.value().is_some() && need.example.value().is_some());
        }
    }
}

/// A set of one server that says nothing but its name, its image and `profile`.
fn bare(profile: &Profile) -> Value {
    let mut set: Value = json!({
        "apiVersion": "mcpset.dev/v1alpha1",
        "kind": "McpServerSet",
        "metadata": {"name": "mcp", "namespace": "litellm"},
        "spec": {
            "platform": {"registry": "123456789012.dkr.ecr.us-east-1.amazonaws.com"},
            "servers": [{"name": "a", "image": "a:1.0.0", "profile": profile.name}],
        },
    });
    // Of the platform, the examples say what they need.
    let example: Value = serde_yaml::from_str(profile.example).unwrap();
    set["spec"]["platform"] = example["spec"]["platform"].clone();
    set
}

#[test]
fn what_a_server_must_be_told_is_asked_for_and_is_enough() {
    for profile in PROFILES {
        let needs = read(profile).needs;
        let needs: Vec<&api::Need> = needs
            .value()
            .into_iter()
            .flatten()
            .map(|need| need.value().unwrap())
            .collect();
        let mut set = bare(profile);
        let render = |set: &Value| {
            let mut command = support::mcpset();
            run(command.args(["render", "-"]), set.to_string().as_bytes())
        };
        let ended = render(&set);
        let errors = ended.stderr.matches("error[missing-field]").count();
        assert_eq!(errors, needs.len(), "{}: {}", profile.name, ended.stderr);
        for need in needs {
            let example = need.example.value().unwrap();
            assert!(ended.stderr.contains(example.as_str()), "{}", ended.stderr);
            let example: Value = serde_yaml::from_str(example).unwrap();
            for (field, value) in example.as_object().unwrap() {
                match (&mut set["spec"]["servers"][0][field], value) {
                    (Value::Object(there), Value::Object(more)) => there.extend(more.clone()),
                    (there, value) => *there = value.clone(),
                }
            }
        }
        let ended = render(&set);
        assert_eq!(ended.status, Some(0), "{}: {}", profile.name, ended.stderr);
    }
}

#[test]
fn what_a_server_says_itself_counts_and_the_defaults_fill_what_is_left() {
    let github = Profile::find("github").unwrap();
    let mut set = bare(github);
    let own = [
        ("port", json!(9000)),
        ("env", json!({"GITHUB_PORT": "9000"})),
        ("args", json!(["--read-only"])),
        ("litellm", json!({"token": "GITHUB_TOKEN"})),
    ];
    for (field, value) in own {
        set["spec"]["servers"][0][field] = value;
    }
    set["spec"]["defaults"] = json!({"port": 7000, "path": "/other", "longestCall": "5m"});
    let mut command = support::mcpset();
    let text = run(command.args(["render", "-"]), set.to_string().as_bytes()).done();
    let objects = support::bundle::read(&text);
    let deployment = objects
        .iter()
        .find(|it| it["kind"] == "Deployment")
        .unwrap();
    let pod = &deployment["spec"]["template"]["spec"];
    let container = &pod["containers"][0];
    assert_eq!(container["ports"][0]["containerPort"], 9000, "its own");
    let args = json!(["http", "--read-only"]);
    assert_eq!(container["args"], args, "the profile's, and then its own");
    assert_eq!(pod["terminationGracePeriodSeconds"], 320, "the defaults'");
    assert!(
        text.contains(":9000/\n"),
        "the profile's path, not the defaults'"
    );
}

#[test]
fn every_example_is_checked_without_a_warning_and_yields_its_bundle() {
    for profile in PROFILES {
        let path = example(profile);
        let mut command = support::mcpset();
        let ended = run(command.arg("check").arg(&path), b"");
        let found = ended.stdout + &ended.stderr;
        // Most serve no metrics, which is worth a note.
        let is_clean = !found.contains("warning[") && !found.contains("error[");
        assert!(ended.status == Some(0) && is_clean, "{found}");
        let objects = support::render(Path::new(&path));
        let texts = objects
            .iter()
            .filter(|object| !LEFT_OUT.contains(&object.kind.as_str()))
            .map(|object| format!("---\n{}", object.text));
        insta::with_settings!({
            snapshot_path => "../golden/profiles",
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, {
            insta::assert_snapshot!(profile.name, texts.collect::<String>());
        });
    }
}

#[test]
fn every_profile_is_explained_by_its_name() {
    let table = explain("profiles");
    assert_eq!(table.lines().count(), PROFILES.len());
    for profile in PROFILES {
        let word = format!("profile/{}", profile.name);
        assert!(table.contains(&word));
        let text = explain(&word);
        for line in profile
            .server()
            .lines()
            .chain(profile.example.lines().skip(1))
        {
            assert!(text.contains(line), "{word}: {line}");
        }
    }
    let ended = run(support::mcpset().args(["explain", "profile/gitub"]), b"");
    let advice = "error: nothing is called `profile/gitub`; did you mean `profile/github`?\n";
    assert_eq!((ended.status, ended.stderr.as_str()), (Some(2), advice));
}

/// `UPDATE_PAGE=1 cargo test --test all profiles::` writes it anew.
#[test]
fn the_page_of_the_profiles_is_made_from_them() {
    let path = support::root().join(PAGE);
    let page = pages::page();
    if std::env::var_os("UPDATE_PAGE").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let there = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        there == page,
        "{PAGE}: UPDATE_PAGE=1 cargo test --test all profiles::"
    );
}
