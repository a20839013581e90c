//! The forms of a report, each read by a reader that is not ours.

use crate::support;
use std::fs;

use crate::support::report::{commands, sarif, sarif_violations};
use crate::support::run::{Ended, run};
use mcpset::check::Subject;
use mcpset::check::rules::CATALOGUE;
use mcpset::problem::{Code, ObjectRef, Problem, Problems, Severity};
use mcpset::report;
use mcpset::source::{Origin, Place, Sources};
use mcpset::yaml;
use proptest::prelude::*;
use serde_json::{Value, json};

const FORMS: [&str; 5] = ["text", "json", "sarif", "junit", "github"];
const BAD: &str = "tests/reports/bad.yaml";
const SET: &str = "tests/reports/set.yaml";
/// Nothing is wrong with it but its namespace, and that is a warning.
const CONFIG_MAP: &str =
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: default}\n";

fn check(arguments: &[&str], input: &str) -> Ended {
    run(
        support::mcpset().arg("check").args(arguments),
        input.as_bytes(),
    )
}

/// What `problems` are in every form for programs, read and found well-formed.
fn read(problems: &[Problem], sources: &Sources) -> (Value, Value, String) {
    let json = serde_json::from_str(&report::json(problems, sources)).unwrap();
    let junit = report::junit(problems, sources);
    roxmltree::Document::parse(&junit).unwrap();
    (json, sarif(&report::sarif(problems, sources)), junit)
}

/// The text `text` and what is found in it.
fn found(text: &str) -> (Vec<Problem>, Sources) {
    let mut sources = Sources::default();
    let source = sources.add("a.yaml", text.into(), Origin::Person).unwrap();
    let mut problems = Problems::default();
    let mut subject = Subject::default();
    for document in yaml::parse(text, source, &mut problems) {
        subject.add(document, &mut problems);
    }
    assert_eq!(problems.into_sorted(), []);
    (subject.findings(), sources)
}

#[test]
fn every_form_is_as_reviewed() {
    for (form, file) in FORMS.iter().flat_map(|form| [(*form, BAD), (*form, SET)]) {
        let ended = check(&["--format", form, file], "");
        assert_eq!(
            (ended.status, ended.stderr.as_str()),
            (Some(1), ""),
            "{form}"
        );
        let mut text = ended.stdout;
        if form == "sarif" {
            let mut log = sarif(&text);
            let driver = &mut log["runs"][0]["tool"]["driver"];
            // The rules have a golden of their own: the page of the catalogue.
            driver["rules"] = json!(["…"]);
            text = serde_json::to_string_pretty(&log).unwrap();
            text = text.replace(env!("CARGO_PKG_VERSION"), "0.0.0");
        }
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("../golden/reports");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        let name = if file == BAD {
            form.to_owned()
        } else {
            format!("{form}_of_input")
        };
        settings.bind(|| insta::assert_snapshot!(name, text));
    }
}

#[test]
fn every_form_finds_the_same() {
    let report = |form| check(&["--format", form, BAD], "").stdout;
    let json: Value = serde_json::from_str(&report("json")).unwrap();
    let findings = json["findings"].as_array().unwrap();
    assert!(findings.len() >= 3, "{json}");
    let log = sarif(&report("sarif"));
    let results = log["runs"][0]["results"].as_array().unwrap();
    let annotations = commands(&report("github"));
    assert_eq!(
        (results.len(), annotations.len()),
        (findings.len(), findings.len())
    );
    for ((finding, result), (_, properties, data)) in findings.iter().zip(results).zip(&annotations)
    {
        let region = &result["locations"][0]["physicalLocation"]["region"];
        assert_eq!(finding["rule"], result["ruleId"]);
        assert_eq!(finding["line"], region["startLine"]);
        assert_eq!(finding["column"], region["startColumn"]);
        let line = properties.iter().find(|(key, _)| key == "line").unwrap();
        assert_eq!(finding["line"].to_string(), line.1);
        let message = finding["message"].as_str().unwrap();
        // A log shows control characters by their code points.
        assert!(message.contains(char::is_control) || data.starts_with(message));
        if let Some(index) = result["ruleIndex"].as_u64() {
            let rules = &log["runs"][0]["tool"]["driver"]["rules"];
            assert_eq!(
                rules[usize::try_from(index).unwrap()]["id"],
                result["ruleId"]
            );
        }
    }
    let text = report("text");
    for finding in findings {
        let place = format!(
            "{}:{}:{}\n",
            finding["file"].as_str().unwrap(),
            finding["line"],
            finding["column"]
        );
        assert!(text.contains(&place), "{place}{text}");
    }
}

#[test]
fn the_reader_of_sarif_knows_what_is_none() {
    let log = sarif(&check(&["--format", "sarif", BAD], "").stdout);
    let region = "/runs/0/results/0/locations/0/physicalLocation/region";
    for (place, wrong) in [
        ("/version", json!("2.0.0")),
        ("/runs/0/columnKind", json!("bytes")),
        ("/runs/0/tool/driver/name", json!(1)),
        ("/runs/0/tool/driver/rules/0/id", Value::Null),
        ("/runs/0/results/0/level", json!("info")),
        ("/runs/0/results/0/ruleIndex", json!(-2)),
        ("/runs/0/results/0/message", json!("text")),
        (region, json!({"startLine": 0})),
        (
            "/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri",
            json!("a b\\c"),
        ),
    ] {
        let mut log = log.clone();
        *log.pointer_mut(place).unwrap() = wrong;
        assert_ne!(sarif_violations(&log), [""; 0], "{place}");
    }
}

#[test]
fn the_order_of_a_report_is_the_same_in_every_run() {
    for form in FORMS {
        let report = || check(&["--format", form, SET, BAD], "").stdout;
        assert_eq!(report(), report());
    }
}

#[test]
fn nothing_found_is_a_report_too() {
    let clean = CONFIG_MAP.replace("default", "mcp");
    let report = |form| {
        let ended = check(&["--format", form, "-"], &clean);
        assert_eq!(
            (ended.status, ended.stderr.as_str()),
            (Some(0), ""),
            "{}",
            ended.stdout
        );
        ended.stdout
    };
    let json: Value = serde_json::from_str(&report("json")).unwrap();
    assert_eq!(json["findings"], json!([]));
    assert_eq!(sarif(&report("sarif"))["runs"][0]["results"], json!([]));
    assert_eq!(report("github"), "");
    let junit = report("junit");
    let document = roxmltree::Document::parse(&junit).unwrap();
    let cases: Vec<_> = document
        .descendants()
        .filter(|node| node.has_tag_name("testcase"))
        .collect();
    assert_eq!(cases.len(), 1);
    assert!(cases[0].children().all(|child| child.is_text()));
}

#[test]
fn a_denied_warning_is_an_error_in_every_form() {
    for (form, warning, error) in [
        ("text", "warning[", "error["),
        (
            "json",
            "\"severity\": \"warning\"",
            "\"severity\": \"error\"",
        ),
        (
            "sarif",
            "\n          \"level\": \"warning\"",
            "\n          \"level\": \"error\"",
        ),
        ("junit", "<system-out>", "<failure "),
        ("github", "::warning ", "::error "),
    ] {
        let allowed = check(&["--format", form, "-"], CONFIG_MAP);
        let denied = check(&["--format", form, "--deny", "warnings", "-"], CONFIG_MAP);
        assert_eq!(
            (allowed.status, denied.status),
            (Some(0), Some(1)),
            "{form}"
        );
        let has = |ended: &Ended| [warning, error].map(|word| ended.stdout.contains(word));
        assert_eq!(has(&allowed), [true, false], "{}", allowed.stdout);
        assert_eq!(has(&denied), [false, true], "{}", denied.stdout);
    }
}

#[test]
fn what_is_allowed_is_told_with_its_reason() {
    let mut sources = Sources::default();
    sources
        .add("a.yaml", "a: b\n".into(), Origin::Person)
        .unwrap();
    let mut problem = Problem::error(Code::Rule(CATALOGUE[0].id), Place::default(), "broken");
    problem.severity = Severity::Note;
    problem.exception = Some("the vendor's <image> & tag".into());
    let (json, log, junit) = read(&[problem.clone()], &sources);
    assert_eq!(
        json["findings"][0]["exception"],
        "the vendor's <image> & tag"
    );
    let suppression = &log["runs"][0]["results"][0]["suppressions"][0];
    assert_eq!(suppression["kind"], "external");
    assert_eq!(suppression["justification"], "the vendor's <image> & tag");
    let document = roxmltree::Document::parse(&junit).unwrap();
    let skipped = document
        .descendants()
        .find(|node| node.has_tag_name("skipped"))
        .unwrap();
    assert_eq!(
        skipped.attribute("message"),
        Some("the vendor's <image> & tag")
    );
    let annotations = commands(&report::github(&[problem], &sources));
    assert_eq!(annotations[0].0, "notice");
    assert!(
        annotations[0]
            .2
            .ends_with("\nallowed: the vendor's <image> & tag")
    );
}

#[test]
fn a_credential_is_in_no_report() {
    const TOKEN: &str = "ghp_0123456789abcdefghijABCDEFGHIJ012345";
    let manifest = |name: &str, image: &str, container: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, namespace: {name}}}\nspec:\n  containers:\n  - {{name: {container}, image: {image}}}\n"
        )
    };
    let set = fs::read_to_string(support::root().join(SET)).unwrap();
    for text in [
        manifest(TOKEN, "a:latest", "a"),
        manifest("a", TOKEN, "a"),
        manifest("a", "a:latest", TOKEN),
        set.replace("github,", &format!("github, description: {TOKEN},")),
    ] {
        for form in FORMS {
            let ended = check(&["--format", form, "-"], &text);
            assert_eq!(ended.status, Some(1), "{text}");
            let said = format!("{}{}", ended.stdout, ended.stderr);
            assert!(!said.contains("0123456789"), "{form}: {said}");
        }
    }
}

#[test]
fn a_place_that_is_secret_shows_no_line() {
    let mut sources = Sources::default();
    sources
        .add("a.yaml", "password: hunter2\n".into(), Origin::Person)
        .unwrap();
    let place = Place {
        source: 0,
        start: 10,
        end: 17,
    };
    let problems = [Problem::error(Code::InvalidValue, place, "a bad word").secret()];
    let (json, log, junit) = read(&problems, &sources);
    assert_eq!(json["findings"][0]["column"], 11);
    let github = report::github(&problems, &sources);
    for text in [json.to_string(), log.to_string(), junit, github] {
        assert!(!text.contains("hunter2"), "{text}");
    }
}

#[test]
fn lines_that_end_with_crlf_are_counted_alike() {
    let text = fs::read_to_string(support::root().join(BAD)).unwrap();
    let places = |text: &str| {
        let (problems, sources) = found(text);
        let report: Value = serde_json::from_str(&report::json(&problems, &sources)).unwrap();
        let findings = report["findings"].as_array().unwrap().clone();
        let place = |f: &Value| json!([f["rule"], f["line"], f["column"], f["end"]]);
        findings.iter().map(place).collect::<Vec<_>>()
    };
    assert_eq!(places(&text), places(&text.replace('\n', "\r\n")));
}

#[test]
fn a_file_that_is_no_yaml_is_reported_in_every_form() {
    for input in ["a: [", "kind: {}", "a: 1"] {
        let report = |form| check(&["--format", form, "-"], input);
        assert_eq!(report("json").status, Some(1));
        let json: Value = serde_json::from_str(&report("json").stdout).unwrap();
        assert_ne!(json["findings"], json!([]), "{input}");
        sarif(&report("sarif").stdout);
        let junit = report("junit").stdout;
        roxmltree::Document::parse(&junit).unwrap();
        assert!(junit.contains("<error "), "{junit}");
        assert_ne!(commands(&report("github").stdout), []);
    }
}

/// Text that ends quotes, elements, lines, commands and placeholders.
fn hostile() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        prop::sample::select(vec![
            "\"",
            "'",
            "<",
            ">",
            "&",
            "]]>",
            "&amp;",
            "\n",
            "\r\n",
            "\t",
            "%",
            "%0A",
            "::",
            "::error::",
            ",",
            "{0}",
            "{{",
            "}",
            "[a](1)",
            "\\",
            "\u{1b}[31m",
            "\0",
            "\u{2028}",
            "\u{202e}",
            "\u{ffff}",
            "🦀",
            "e\u{301}",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,6}",
    ];
    prop::collection::vec(part, 0..6).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(support::cases(64))]

    #[test]
    fn no_text_breaks_a_report(
        words in prop::collection::vec(hostile(), 8),
        severity in prop::sample::select(vec![Severity::Error, Severity::Warning, Severity::Note]),
        is_rule: bool,
        is_allowed: bool,
        has_place: bool,
    ) {
        let mut sources = Sources::default();
        let source = sources.add(&words[0], words[1].clone(), Origin::Person).unwrap();
        let end = u32::try_from(words[1].len()).unwrap();
        let place = Place { source, start: 0, end };
        let code = if is_rule { Code::Rule(CATALOGUE[0].id) } else { Code::Syntax };
        let message = format!("a{}", words[2]);
        let mut problem = Problem::error(code, has_place.then_some(place), &message)
            .help(&words[3])
            .related(place, format!("b{}", words[4]));
        problem.severity = severity;
        problem.exception = is_allowed.then(|| words[5].clone());
        problem.object = Some(Box::new(ObjectRef {
            api_version: "v1".into(),
            kind: words[6].clone(),
            namespace: String::new(),
            name: words[7].clone(),
        }));
        let problems = [problem];
        let (json, log, _) = read(&problems, &sources);
        prop_assert_eq!(&json["findings"][0]["message"], &json!(message));
        prop_assert_eq!(&json["findings"][0]["object"]["name"], &json!(words[7]));
        prop_assert_eq!(log["runs"][0]["results"].as_array().unwrap().len(), 1);
        prop_assert_eq!(commands(&report::github(&problems, &sources)).len(), 1);
    }

    #[test]
    fn columns_count_code_points(before in "[^\"\\\\\\p{C}\\p{Z}]{0,12}") {
        let line = format!("  - {{name: \"{before}\", image: \"b:latest\"}}");
        let text = format!("apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec:\n  containers:\n{line}\n");
        let (problems, sources) = found(&text);
        let report: Value = serde_json::from_str(&report::json(&problems, &sources)).unwrap();
        let finding = report["findings"].as_array().unwrap().iter().find(|f| f["rule"] == "MCP002").unwrap();
        let column = line.chars().count() - "\"b:latest\"}".len() + 1;
        prop_assert_eq!(&finding["line"], &json!(6));
        prop_assert_eq!(&finding["column"], &json!(column));
        prop_assert_eq!(&finding["end"]["column"], &json!(column + "\"b:latest\"".len()));
    }
}
